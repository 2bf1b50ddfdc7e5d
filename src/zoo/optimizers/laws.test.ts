/** Laws that every optimizer keeps, in many settings. A new optimizer needs no test of its own for them. */
import { describe, expect, it } from "vitest";
import { onRuntime, replayOptimizer } from "../../library/plain.ts";
import { nodeBackend } from "../../run/node-backend.ts";
import { constant, type Expr, evaluate, input, mul, perTrial, sub, trialsFirst, vmap } from "../../tensor/index.ts";
import { random } from "../../util/random.ts";
import { choose } from "../entry.ts";
import { settingsOf } from "../fixture.ts";
import { zoo } from "../index.ts";
import { VARYING } from "./optimizer.ts";

const runtime = onRuntime(nodeBackend());
const optimizers = Object.entries(zoo.optimizers);
const settings = optimizers.flatMap(([name, entry]) =>
  settingsOf(entry).map((params) => [`${name} ${JSON.stringify(params)}`, { name, entry, params }] as const),
);

const SIZE = 4;
const STEPS = 6;
const stream = random(9, "numbers");
const numbers = (from: number): number[] =>
  Array.from({ length: SIZE }, (_, i) => Math.fround(2 * stream.normal(from + i)));
const start = numbers(0);
const gradients = Array.from({ length: STEPS }, (_, t) => numbers(100 + SIZE * t));

const each = <T>(path: readonly (readonly number[])[], f: (value: number, i: number) => T): T[][] =>
  path.map((values) => values.map(f));

function expectNear(got: readonly number[][], wanted: readonly number[][], tolerance: number): void {
  const largest = wanted.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  got.flat().forEach((value, i) => {
    expect(Math.abs(value - wanted.flat()[i]), `${value} and ${wanted.flat()[i]}`).toBeLessThanOrEqual(
      tolerance * largest,
    );
  });
}

describe.each(settings)("%s", (_, { name, entry, params }) => {
  const path = (own: Record<string, unknown>, x: number[], g: number[][]) =>
    replayOptimizer({ [name]: { ...params, ...own } }, x, g);
  const still = { weightDecay: 0 };

  it("stays where it is while nothing pulls", () => {
    const zeros = each(gradients, () => 0);
    expect(path(still, start, zeros)).toEqual(zeros.map(() => start));
  });

  it("begins downhill", () => {
    const [first] = path(still, start, gradients);
    first.forEach((after, i) => {
      expect(Math.sign(start[i] - after)).toBe(Math.sign(gradients[0][i]));
    });
  });

  it("treats both directions alike", () => {
    const mirrored = path(
      {},
      start.map((x) => -x),
      each(gradients, (g) => -g),
    );
    expect(each(mirrored, (x) => -x)).toEqual(path({}, start, gradients));
  });

  it("treats each parameter alone", () => {
    const alone = start.map((x, i) =>
      path(
        {},
        [x],
        gradients.map((g) => [g[i]]),
      ).map(([value]) => value),
    );
    const together = path({}, start, gradients);
    expectNear(
      alone[0].map((_, t) => alone.map((own) => own[t])),
      together,
      1e-14,
    );
  });

  it("goes as far as its learning rate says", () => {
    const steps = (learningRate: number): number[][] =>
      each(path({ ...still, learningRate }, start, gradients), (x, i) => x - start[i]);
    expectNear(
      each(steps(0.001), (d) => 4 * d),
      steps(0.004),
      1e-12,
    );
  });

  it("is in float32 what it is in float64", async () => {
    const wanted = path({}, start, gradients);
    const got = await runtime.replayOptimizer({ [name]: params }, start, gradients);
    // Where gradient and decay all but cancel, a rounding grows, just as a rounding of the start would.
    const rounded = [-1e-6, 1e-6].map((by) => each([start], (x) => x * (1 + by))[0]);
    const grown = rounded.map((from) => path({}, from, gradients));
    const largest = Math.max(1, ...wanted.flat().map(Math.abs));
    wanted.forEach((values, t) => {
      values.forEach((value, i) => {
        const growth = Math.max(...grown.map((other) => Math.abs(other[t][i] - value)));
        expect(Math.abs(got[t][i] - value), `step ${t}`).toBeLessThanOrEqual(2e-6 * largest + growth);
      });
    });
  });

  it("is finite for gradients of all sizes in float32", async () => {
    const sizes = [1e-30, -1e-10, 1e10, 1e-20];
    const spec = { [name]: { ...params, learningRate: 0.01, weightDecay: 0 } };
    const after = await runtime.replayOptimizer(
      spec,
      start,
      each(gradients, (_, i) => sizes[i]),
    );
    expect(after.flat().every(Number.isFinite)).toBe(true);
  });

  it("updates trials together as it updates each alone, where they may differ", () => {
    const { params: all } = choose("optimizer", zoo.optimizers, { [name]: params });
    const varying = VARYING.filter((key) => all[key] !== undefined && all[key] !== 0);
    const trials = 3;
    const own = (t: number): Record<string, unknown> => ({
      ...all,
      ...Object.fromEntries(varying.map((key) => [key, (all[key] as number) / (t + 1)])),
    });
    const slots = entry.slots(all);
    const factors = Array.from({ length: trials }, (_, t) => entry.factors(own(t), 0.1 * (t + 1), 3));
    const tensors = Object.fromEntries(
      ["parameter", "gradient", ...slots].map((key, k) => [
        key,
        // What optimizers average is made of squares: positive numbers suit all of them.
        Float64Array.from({ length: trials * SIZE }, (_, i) => stream.uniform(500 + 100 * k + i) + 0.5),
      ]),
    );
    const update = (named: Record<string, Expr>, hyper: Record<string, unknown>): Record<string, Expr> => {
      const { parameter, slots: after } = entry.update(
        { parameter: named.parameter, slots: Object.fromEntries(slots.map((slot) => [slot, named[slot]])) },
        named.gradient,
        hyper,
        Object.fromEntries(Object.keys(factors[0]).map((factor) => [factor, named[`factor.${factor}`]])),
      );
      return { parameter, ...after };
    };
    const scalars = (t: number): Record<string, number> => ({
      ...Object.fromEntries(Object.entries(factors[t]).map(([factor, value]) => [`factor.${factor}`, value])),
      ...Object.fromEntries(varying.map((key) => [key, own(t)[key] as number])),
    });
    const names = Object.keys(scalars(0));
    const args = {
      ...Object.fromEntries(Object.keys(tensors).map((key) => [key, perTrial(input(key, [trials, SIZE]))])),
      ...Object.fromEntries(names.map((key) => [key, perTrial(input(key, [trials]))])),
    };
    const batched = vmap(trials, args, (named) =>
      update(named, { ...all, ...Object.fromEntries(varying.map((key) => [key, named[key]])) }),
    );
    const feeds = {
      ...tensors,
      ...Object.fromEntries(names.map((key) => [key, Array.from({ length: trials }, (_, t) => scalars(t)[key])])),
    };
    const results = Object.keys(batched);
    const together = evaluate(
      results.map((key) => trialsFirst(batched[key], trials)),
      feeds,
    );
    for (let t = 0; t < trials; t++) {
      const ownTensors = Object.entries(tensors).map(([key, v]) => [key, v.subarray(t * SIZE, (t + 1) * SIZE)]);
      const single = update(
        {
          ...Object.fromEntries(Object.keys(tensors).map((key) => [key, input(key, [SIZE])])),
          ...Object.fromEntries(names.map((key) => [key, input(key, [])])),
        },
        own(t),
      );
      const alone = evaluate(
        results.map((key) => single[key]),
        {
          ...Object.fromEntries(ownTensors),
          ...Object.fromEntries(Object.entries(scalars(t)).map(([key, value]) => [key, [value]])),
        },
      );
      results.forEach((_, k) => {
        expectNear([Array.from(together[k].subarray(t * SIZE, (t + 1) * SIZE))], [Array.from(alone[k])], 1e-15);
      });
    }
  });
});

describe.each(optimizers)("%s", (name, entry) => {
  const flags = settingsOf(entry).filter((params) => Object.values(params).every((v) => typeof v === "boolean"));
  const momentums = "momentum" in entry.params ? [0, 0.9] : [undefined];
  const variants = flags.flatMap((params) =>
    momentums.map((momentum) => ({ ...params, ...(momentum && { momentum }) })),
  );

  /** How high the quadratic is after 400 steps from the start, where it is 1. */
  const heightAfter = (given: Record<string, unknown>, learningRate: number): number => {
    const { params } = choose("optimizer", zoo.optimizers, { [name]: { ...given, learningRate, weightDecay: 0 } });
    const curvature = [0.3, 1, 2, 5];
    const minimum = numbers(900);
    const vector = (key: string): Expr => input(key, [SIZE]);
    const x = vector("parameter");
    const gradient = mul(sub(x, constant(minimum)), constant(curvature));
    const slots = entry.slots(params);
    const factors = Object.keys(entry.factors(params, learningRate, 1)).map((factor) => [factor, input(factor, [])]);
    const state = { parameter: x, slots: Object.fromEntries(slots.map((slot) => [slot, vector(slot)])) };
    const after = entry.update(state, gradient, params, Object.fromEntries(factors));
    const next = [after.parameter, ...slots.map((slot) => after.slots[slot])];
    let values: ArrayLike<number>[] = [start, ...slots.map(() => new Array(SIZE).fill(0))];
    for (let t = 1; t <= 400; t++) {
      const now = entry.factors(params, learningRate, t);
      values = evaluate(next, {
        ...Object.fromEntries(["parameter", ...slots].map((key, i) => [key, values[i]])),
        ...Object.fromEntries(Object.entries(now).map(([factor, value]) => [factor, [value]])),
      });
    }
    const height = (at: ArrayLike<number>): number =>
      Array.from(at).reduce((sum, v, i) => sum + (curvature[i] * (v - minimum[i]) ** 2) / 2, 0);
    return height(values[0]) / height(start);
  };

  it.each(variants)("comes to the minimum of a quadratic at a learning rate that suits it: %j", (given) => {
    const heights = [0.05, 0.5, 5].map((learningRate) => heightAfter(given, learningRate));
    expect(heights.some((height) => height < 0.01)).toBe(true);
  });
});
