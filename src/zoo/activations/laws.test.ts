/** Laws that every activation keeps, in many settings. A new activation needs no test of its own for them. */
import { describe, expect, it } from "vitest";
import { evaluateActivation, onRuntime } from "../../library/plain.ts";
import { nodeBackend } from "../../run/node-backend.ts";
import { random } from "../../util/random.ts";
import { choose } from "../entry.ts";
import { settingsOf } from "../fixture.ts";
import { zoo } from "../index.ts";

const runtime = onRuntime(nodeBackend());
const settings = Object.entries(zoo.activations).flatMap(([name, entry]) =>
  settingsOf(entry).map((params) => {
    const spec = { [name]: params };
    const all = choose("activation", zoo.activations, spec).params as Record<string, number>;
    const { monotone = false } = entry;
    return [`${name} ${JSON.stringify(params)}`, { spec, monotone, kinks: entry.kinks?.(all) ?? [] }] as const;
  }),
);

const stream = random(6, "x");
const points = (size: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.fround(size * (2 * stream.uniform(1000 * size + i) - 1)));

function expectNear(got: readonly number[], wanted: readonly number[], tolerance: (wanted: number) => number): void {
  const wrong = wanted.findIndex((value, i) => !(Math.abs(got[i] - value) <= tolerance(value)));
  if (wrong >= 0) expect.fail(`[${wrong}] is ${got[wrong]}, expected ${wanted[wrong]}`);
}

describe.each(settings)("%s", (_, { spec, monotone, kinks }) => {
  it("has the derivative that differences show, away from its kinks", () => {
    const h = 1e-5;
    const x = [...points(8, 40), ...points(0.3, 10)].filter((at) => kinks.every((kink) => Math.abs(at - kink) > 2 * h));
    const { dy } = evaluateActivation(spec, x);
    const [below, above] = [-h, h].map(
      (by) =>
        evaluateActivation(
          spec,
          x.map((at) => at + by),
        ).y,
    );
    const differences = above.map((value, i) => (value - below[i]) / (2 * h));
    // The error of the differences grows with the third derivative: sharp bends of scale 0.01 have much of it.
    expectNear(dy, differences, (slope) => 2e-6 * Math.max(1, Math.abs(slope)));
  });

  it("has no other kinks at round numbers than it says", () => {
    const x = Array.from({ length: 97 }, (_, i) => i / 4 - 12).filter((at) => !kinks.includes(at));
    const [left, right] = [-1e-7, 1e-7].map(
      (by) =>
        evaluateActivation(
          spec,
          x.map((at) => at + by),
        ).dy,
    );
    left.forEach((slope, i) => {
      expect(Math.abs(right[i] - slope), `at ${x[i]}`).toBeLessThan(1e-4);
    });
  });

  it("has a one-sided derivative at its kinks", () => {
    const { dy } = evaluateActivation(spec, kinks);
    const h = 1e-7;
    const [left, right] = [-h, h].map(
      (by) =>
        evaluateActivation(
          spec,
          kinks.map((at) => at + by),
        ).dy,
    );
    dy.forEach((slope, i) => {
      expect(slope).toBeGreaterThanOrEqual(Math.min(left[i], right[i]) - 1e-5);
      expect(slope).toBeLessThanOrEqual(Math.max(left[i], right[i]) + 1e-5);
    });
  });

  const far = [-1e15, -1e4, -100, -1e-30, 0, 1e-30, 100, 1e4, 1e15];

  it("is finite far away, with a finite derivative, in float64 and in float32", async () => {
    for (const { y, dy } of [evaluateActivation(spec, far), await runtime.evaluateActivation(spec, far)]) {
      expect([...y, ...dy].findIndex((value) => !Number.isFinite(value))).toBe(-1);
    }
  });

  it("never falls if it says that it is monotone, and falls somewhere if it does not", () => {
    const { y } = evaluateActivation(
      spec,
      Array.from({ length: 2001 }, (_, i) => (i - 1000) / 50),
    );
    const falls = y.slice(1).some((value, i) => value < y[i] - 1e-15 * Math.abs(value));
    expect(falls).toBe(!monotone);
  });

  it("has monotone tails, which grow no faster than x", () => {
    const distances = Array.from({ length: 30 }, (_, i) => 12 * 1.2 ** i);
    for (const side of [-1, 1]) {
      const { y } = evaluateActivation(
        spec,
        distances.map((d) => side * d),
      );
      const steps = y.slice(1).map((value, i) => value - y[i]);
      const tolerance = 1e-12;
      expect(steps.every((s) => s >= -tolerance) || steps.every((s) => s <= tolerance)).toBe(true);
      steps.forEach((s, i) => {
        expect(Math.abs(s)).toBeLessThan(1.1 * (distances[i + 1] - distances[i]));
      });
    }
  });

  it("is in float32 what it is in float64", async () => {
    const x = [...points(1, 200), ...points(20, 2000), ...points(100, 200)].filter((at) =>
      kinks.every((kink) => Math.abs(at - kink) > 1e-6 * Math.max(1, Math.abs(kink))),
    );
    const wanted = evaluateActivation(spec, x);
    const got = await runtime.evaluateActivation(spec, x);
    expectNear(got.y, wanted.y, (value) => 1e-6 + 1e-5 * Math.abs(value));
    expectNear(got.dy, wanted.dy, (value) => 1e-6 + 1e-5 * Math.abs(value));
  });

  it("sees each number alone", () => {
    const x = points(5, 8);
    const { y, dy } = evaluateActivation(spec, x);
    const alone = x.map((at) => evaluateActivation(spec, [at]));
    expectNear(
      alone.flatMap((one) => one.y),
      y,
      () => 1e-14,
    );
    expectNear(
      alone.flatMap((one) => one.dy),
      dy,
      () => 1e-14,
    );
  });
});
