import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random } from "../util/random.ts";
import { zoo } from "../zoo/index.ts";
import { buildModel } from "../zoo/models/model.ts";
import { type CohortData, cohort, type Member } from "./cohort.ts";
import { filterNormalized } from "./directions.ts";
import { trialState } from "./evaluator.ts";
import { coordinates, landscape, pointsOf, type Slice } from "./landscape.ts";
import { memberOf } from "./members.ts";
import { nodeBackend } from "./node-backend.ts";
import type { Trial } from "./records.ts";
import { type TrainingData, trainCohort } from "./train.ts";

const backend = nodeBackend();
const range = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);

const memberWith = (parts: object): Member =>
  memberOf(
    {
      id: "one",
      activation: { relu: {} },
      loss: { ce: {} },
      optimizer: { sgd: { learningRate: 0.05 } },
      schedule: { constant: {} },
      seed: 3,
      ...parts,
    } as unknown as Trial,
    zoo,
  );

const CLASSES = 3;
const SHAPE = [2, 8, 8];
const SIZE = 128;
const stream = random(1, "images");
const count = 120;
const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES);
const training: TrainingData = {
  images: Uint8Array.from({ length: count * SIZE }, (_, i) =>
    Math.floor((100 + 50 * labels[Math.floor(i / SIZE)]) * stream.uniform(i)),
  ),
  labels,
  train: range(0, 90),
  validation: range(90, 90),
  test: range(90, count),
};
const facts: CohortData = {
  shape: SHAPE,
  pixels: "uint8",
  classes: CLASSES,
  classCounts: [30, 30, 30],
  scale: [1 / 100, 1 / 200],
  offset: [-1, 0.3],
};

/** Trained for three epochs, with the test figures that its record has. */
async function trained(member: Member) {
  const alone = cohort([member], facts);
  const task = { cohort: alone, data: training, batchSize: 30, epochs: 3, seed: 3 };
  let last: { state: Record<string, { shape: readonly number[]; data: Float32Array }>; loss: number; accuracy: number };
  for await (const { records, state } of trainCohort(task, backend)) last = { state, ...records[0].test };
  const { state, loss, accuracy } = last!;
  return { member, state: trialState(state, 0, []), loss, accuracy };
}

const line: Slice = { dimensions: 1, points: 9, radius: 1, seed: 0 };
const near = (a: readonly number[], b: readonly number[]): void => {
  expect(a.length).toBe(b.length);
  for (const [i, v] of a.entries()) expect(Math.abs(v - b[i])).toBeLessThan(1e-5 * Math.max(1, Math.abs(b[i])));
};

describe("directions", () => {
  const built = (model: object) => {
    const { entry, params } = memberWith({ model }).model;
    const network = buildModel(entry, params, SHAPE, CLASSES);
    const names = Object.keys(network.parameters);
    const weights = Object.fromEntries(names.map((name) => [name, network.initial(name, 4, params)]));
    return { network, weights };
  };
  const models = {
    perceptron: { mlp: { hidden: [7] } },
    "convolutions and normalization": { cnn: { channels: [3], dense: [5], batchNorm: true } },
    "layers, with a normalization of images": {
      layers: [{ conv2d: { filters: 2, kernel: 3 } }, "layerNorm", "activation", "flatten", { dense: 3 }],
    },
  };

  it.each(Object.entries(models))("have filters as long as those of the weights: %s", (_, model) => {
    const { network, weights } = built(model);
    const direction = filterNormalized(network, weights, 0, 0);
    const filters = Object.entries(network.parameters).filter(([name]) => name in direction);
    expect(filters.length).toBeGreaterThan(1);
    for (const [name, { shape }] of filters) {
      expect(direction[name].length).toBe(weights[name].length);
      const size = weights[name].length / shape[0];
      for (let f = 0; f < shape[0]; f++) {
        const [d, w] = [direction, weights].map((of) => Math.hypot(...of[name].subarray(f * size, (f + 1) * size)));
        expect(Math.abs(d - w)).toBeLessThan(1e-6 * w);
      }
    }
  });

  it("leave biases and normalizations alone", () => {
    const { network, weights } = built(models["layers, with a normalization of images"]);
    const moved = Object.keys(filterNormalized(network, weights, 0, 0));
    expect(Object.keys(network.parameters).length).toBe(6);
    expect(moved.map((name) => network.parameters[name].shape.length)).toEqual([4, 2]);
  });

  it("depend on seed and axis alone, up to the lengths of the filters", () => {
    const { network, weights } = built(models.perceptron);
    const doubled = Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, w.map((v) => 2 * v)]));
    const once = filterNormalized(network, weights, 5, 0);
    for (const [name, d] of Object.entries(filterNormalized(network, doubled, 5, 0)))
      near(
        Array.from(d),
        Array.from(once[name], (v) => 2 * v),
      );
    expect(filterNormalized(network, weights, 5, 1)).not.toEqual(once);
    expect(filterNormalized(network, weights, 6, 0)).not.toEqual(once);
  });
});

describe("the points of a slice", () => {
  it("lie symmetrically around the weights", () => {
    const slices = fc.record({
      points: fc.integer({ min: 1, max: 20 }).map((n) => 2 * n + 1),
      radius: fc.double({ min: 0.01, max: 10, noNaN: true }),
    });
    fc.assert(
      fc.property(slices, ({ points, radius }) => {
        const along = coordinates({ points, radius });
        expect(along[(points - 1) / 2]).toBe(0);
        for (const [i, a] of along.entries()) expect(along[points - 1 - i]).toBe(-a + 0);
        expect(along[points - 1]).toBe(radius);
      }),
    );
    expect(pointsOf({ dimensions: 2, points: 3, radius: 1, seed: 0 }).slice(0, 4)).toEqual([
      [-1, -1],
      [0, -1],
      [1, -1],
      [-1, 0],
    ]);
  });
});

describe("a landscape", () => {
  const cases = {
    "a perceptron by focal loss": { model: { mlp: { hidden: [6] } }, loss: { focal: { gamma: 2 } } },
    "convolutions with normalization by weighted cross-entropy": {
      model: { cnn: { channels: [4], dense: [6], batchNorm: true } },
      activation: { tanh: {} },
      loss: { ce: { weights: [1, 2, 3] } },
    },
  };
  it.each(Object.entries(cases))("has what the training recorded in its middle: %s", async (_, parts) => {
    const { member, state, loss, accuracy } = await trained(memberWith(parts));
    const found = await landscape({ member, state }, { facts, training }, training.test, line, backend);
    expect(found.loss.length).toBe(9);
    expect(Math.abs(found.loss[4] - loss)).toBeLessThan(1e-5 * loss);
    expect(found.accuracy[4]).toBe(accuracy);
    expect(Math.max(...found.loss)).toBeGreaterThan(1.1 * loss);
  });

  it("is the same however many points share a call, and a line of a plane", async () => {
    const { member, state } = await trained(memberWith(cases["a perceptron by focal loss"]));
    const of = (slice: Slice, atOnce: number) =>
      landscape({ member, state }, { facts, training }, training.test, slice, backend, { atOnce });
    const whole = await of(line, 9);
    for (const atOnce of [1, 4, 64]) {
      const found = await of(line, atOnce);
      near(found.loss, whole.loss);
      expect(found.accuracy).toEqual(whole.accuracy);
    }
    const plane = await of({ ...line, dimensions: 2 }, 16);
    near(plane.loss.slice(36, 45), whole.loss);
  });

  it("is a parabola for a linear model by the squared error of its outputs, even where that is 0 in the middle", async () => {
    // Each example is the axis of its class, so that the identity has no error.
    const own = { ...facts, shape: [CLASSES], pixels: "float32" as const, scale: [1, 1, 1], offset: [0, 0, 0] };
    const axes = {
      images: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
      labels: Uint8Array.of(0, 1, 2),
      train: range(0, 3),
      validation: range(0, 0),
      test: range(0, 3),
    };
    const member = memberWith({ model: { linear: {} }, loss: { mse: { on: "logits" } } });
    const [weight, bias] = Object.keys(
      buildModel(member.model.entry, member.model.params, [CLASSES], CLASSES).parameters,
    );
    const of = (values: number[]) =>
      landscape(
        { member, state: { [weight]: Float32Array.from(values), [bias]: new Float32Array(3) } },
        { facts: own, training: axes },
        axes.train,
        line,
        backend,
      );
    const { loss } = await of([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    near(loss, [...loss].reverse());
    near(
      loss,
      coordinates(line).map((a) => a * a * loss[8]),
    );
    expect(loss[8]).toBeGreaterThan(0.1);
    const elsewhere = (await of([0.2, 1, -1, 0.5, 0.1, 0, 2, 0, 1])).loss;
    const third = elsewhere.slice(3).map((v, i) => v - 3 * elsewhere[i + 2] + 3 * elsewhere[i + 1] - elsewhere[i]);
    near(
      third,
      third.map(() => 0),
    );
    expect(Math.abs(elsewhere[8] - elsewhere[0])).toBeGreaterThan(1e-3);
  });
});
