import { describe, expect, it } from "vitest";
import { defineLoss } from "../library/define-loss.ts";
import { div, exp, log, mul, neg, sum } from "../tensor/index.ts";
import { random } from "../util/random.ts";
import { zoo } from "../zoo/index.ts";
import { type CohortData, cohort, stateOf } from "./cohort.ts";
import { concern } from "./diagnosis.ts";
import { memberOf } from "./members.ts";
import { nodeBackend } from "./node-backend.ts";
import type { Trial } from "./records.ts";
import { type EpochResult, type TrainingOptions, type TrainingTask, trainCohort } from "./train.ts";

const CLASSES = 3;
const SIDE = 6;
const backend = nodeBackend();
const stream = random(1, "images");
const count = 100;
const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES);
const images = Uint8Array.from({ length: count * SIDE * SIDE }, (_, i) => 255 * stream.uniform(i));
const range = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);

/** Cross-entropy as one writes it down at first. */
const plainCe = defineLoss({
  name: "plainCe",
  perExample: (z, t) => neg(sum(mul(t, log(div(exp(z), sum(exp(z), [-1], true)))), [-1])),
});
const own = { ...zoo, losses: { ...zoo.losses, plainCe } } as typeof zoo;

interface Said {
  loss?: object;
  activation?: string;
  learningRate?: number;
  optimizer?: object;
}
const mlp = { mlp: { hidden: [8, 5] } };
const cnn = { cnn: { channels: [3, 4], dense: [6], batchNorm: true, dropout: 0.3 } };

function task(model: object, said: readonly Said[], scale = 1 / 128): TrainingTask {
  const members = said.map(({ loss = { ce: {} }, activation = "relu", learningRate = 0.1, optimizer }, i) =>
    memberOf(
      {
        id: `trial ${i}`,
        model,
        loss,
        activation: { [activation]: {} },
        optimizer: optimizer ?? { sgd: { learningRate } },
        schedule: { constant: {} },
        seed: 1,
      } as unknown as Trial,
      own,
    ),
  );
  const data: CohortData = {
    shape: [1, SIDE, SIDE],
    pixels: "uint8",
    classes: CLASSES,
    classCounts: [30, 30, 30],
    scale: [scale],
    offset: [0],
  };
  return {
    cohort: cohort(members, data),
    data: { images, labels, train: range(0, 80), validation: range(80, 80), test: range(80, 100) },
    batchSize: 7,
    epochs: 2,
    seed: 3,
    diagnose: true,
  };
}

async function train(given: TrainingTask, options: TrainingOptions = {}): Promise<EpochResult[]> {
  const all: EpochResult[] = [];
  for await (const result of trainCohort(given, backend, options))
    all.push({
      ...result,
      records: result.records.map((r) => ({ ...r, seconds: 0 })),
      stepLosses: result.stepLosses.slice(),
      state: Object.fromEntries(
        Object.entries(result.state).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
      ),
    });
  return all;
}

describe("looking into networks", () => {
  const different: Said[] = [
    { activation: "tanh" },
    { loss: { mae: {} }, optimizer: { adam: { learningRate: 0.01 } } },
    { loss: { focal: {} }, activation: "sigmoid" },
  ];

  it.each([
    ["mlp", mlp],
    ["cnn", cnn],
  ])("changes no bit of the training of a %s, and nobody looks unless asked", async (_, model) => {
    const given = task(model, different);
    const [watched, alone] = [await train(given), await train({ ...given, diagnose: false }, { stepsPerCall: 3 })];
    watched.forEach((result, i) => {
      expect(result.diagnosis).not.toBeNull();
      expect(alone[i].diagnosis).toBeNull();
      expect({ ...result, diagnosis: null }).toEqual(alone[i]);
    });
  });

  it("gives the norms of what the step did", async () => {
    // One step an epoch: its norms are those of the epoch.
    const one = task(cnn, different);
    const given = { ...one, batchSize: 80 };
    const before = Object.fromEntries(stateOf(given.cohort).map((t) => [t.name, t.initial()]));
    const [first] = await train(given);
    const trials = given.cohort.members.length;
    const norm = (values: Float32Array, t: number): number =>
      Math.hypot(...values.subarray((t * values.length) / trials, ((t + 1) * values.length) / trials));
    first.diagnosis!.forEach(({ layers }, t) => {
      const total = Math.hypot(...layers.map((l) => l.gradientNorm));
      expect(total / first.records[t].gradientNorm).toBeCloseTo(1, 5);
      for (const { layer, weightNorm, updateRatio } of layers) {
        const names = Object.keys(before).filter(
          (n) => n.startsWith(`${layer}.`) && n in given.cohort.model.parameters,
        );
        expect(weightNorm).toBeCloseTo(Math.hypot(...names.map((n) => norm(before[n], t))), 4);
        const change = names.map((n) =>
          norm(
            first.state[n].data.map((v, i) => v - before[n][i]),
            t,
          ),
        );
        expect(updateRatio * weightNorm).toBeCloseTo(Math.hypot(...change), 5);
      }
    });
    const layers = first.diagnosis![0].layers.map((l) => l.layer);
    const names = Object.keys(given.cohort.model.parameters).map((n) => n.split(".")[0]);
    expect(layers).toEqual([...new Set(names)]);
  });

  it("finds units that learn nothing", async () => {
    const shares = async (activation: string, scale: number) => {
      const [{ diagnosis }] = await train({ ...task(mlp, [{ activation, learningRate: 1e-9 }], scale), batchSize: 80 });
      return diagnosis![0].activations;
    };
    for (const { saturated, dead } of await shares("identity", 1)) expect([saturated, dead]).toEqual([0, 0]);
    const [gentle] = await shares("tanh", 1e-3);
    const [driven] = await shares("tanh", 1e3);
    expect(gentle.saturated).toBe(0);
    expect(driven.saturated).toBeGreaterThan(0.95);
    const [half] = await shares("relu", 1);
    expect(half.saturated).toBeGreaterThan(0);
    expect(half.dead).toBeLessThanOrEqual(half.saturated);
    // All images are much alike, so that a unit is off for all of them or for none: dead is as much as saturated.
    const [hard] = await shares("hardtanh", 1e9);
    expect(hard.saturated).toBe(1);
    expect(hard.dead).toBe(1);
  });

  it("names what is wrong with a layer", () => {
    const layer = { layer: "dense1", gradientNorm: 1, weightNorm: 2, updateRatio: 1e-3 };
    expect(concern(layer)).toBeNull();
    expect(concern({ ...layer, gradientNorm: 0 })).toBe("vanishing");
    expect(concern({ ...layer, updateRatio: 1e-9 })).toBe("vanishing");
    expect(concern({ ...layer, updateRatio: 3 })).toBe("exploding");
    expect(concern({ ...layer, gradientNorm: Number.NaN })).toBe("not finite");
  });
});

describe("a loss that is no number", () => {
  it.each([1, 4])("is traced to the operation that overflowed (%i steps in a call)", async (stepsPerCall) => {
    const given = task(mlp, [{}, { loss: { plainCe: {} }, learningRate: 30 }, { loss: { plainCe: {} } }], 1 / 16);
    const results = await train(given, { stepsPerCall });
    const [[id, reason]] = results.flatMap(({ diverged }) => [...diverged]);
    const faults = results.flatMap((r) => [...r.faults]);
    expect(faults.map(([trial]) => trial)).toEqual([id]);
    const [[, fault]] = faults;
    expect(reason).toContain(`at step ${fault.step} `);
    expect(fault).toMatchObject({ part: "loss", layer: null });
    // Either exp overflows, or a probability is 0 and its logarithm is not finite.
    expect(["exp", "log"]).toContain(fault.operation);
    const [{ low, high }] = fault.inputs;
    expect(fault.operation === "exp" ? high : -low).toBeGreaterThan(fault.operation === "exp" ? 88 : -1e-37);
  });

  it("is traced to the update that made weights infinite", async () => {
    const given = task(mlp, [{ loss: { mse: { on: "logits" } }, activation: "identity", learningRate: 1e30 }]);
    const [{ diverged, faults }] = await train(given);
    const fault = faults.get("trial 0")!;
    expect(diverged.get("trial 0")).toBeDefined();
    expect(["update", "forward", "loss"]).toContain(fault.part);
    if (fault.part === "update") expect(fault).toMatchObject({ operation: null, inputs: [] });
    expect(["dense1", "dense2", "dense3", null]).toContain(fault.layer);
  });
});
