import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compare } from "./compare.ts";
import golden from "./fixtures/statistics.json" with { type: "json" };
import { mean } from "./mean.ts";
import { median } from "./median.ts";
import { quantile } from "./quantile.ts";
import { summary } from "./summary.ts";

const near = (actual: number, expected: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 + 1e-9 * Math.abs(expected));

const numbers = (minLength = 1) =>
  fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength, maxLength: 40 });

describe("summary", () => {
  it.each(golden.tInterval)("agrees with SciPy on $values.length values", (g) => {
    const s = summary(g.values);
    near(s.mean, g.mean);
    near(s.sd!, g.sd);
    near(s.mean - s.halfWidth!, g.lo);
    near(s.mean + s.halfWidth!, g.hi);
  });

  it.each(golden.tQuantile)("uses the t quantile with $df degrees of freedom", ({ df, p975 }) => {
    const values = Array.from({ length: df + 1 }, (_, i) => i);
    const s = summary(values);
    near((s.halfWidth! * Math.sqrt(df + 1)) / s.sd!, p975);
  });

  it("claims no interval for one value or none", () => {
    expect(summary([0.5])).toEqual({ n: 1, mean: 0.5, sd: null, halfWidth: null });
    expect(summary([])).toEqual({ n: 0, mean: Number.NaN, sd: null, halfWidth: null });
  });

  it("is exact for equal values", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.integer({ min: 2, max: 20 }), (x, n) => {
        expect(summary(Array(n).fill(x))).toEqual({ n, mean: x, sd: 0, halfWidth: 0 });
      }),
    );
  });

  it("shifts and scales with the values", () => {
    fc.assert(
      fc.property(
        numbers(2),
        fc.integer({ min: -100, max: 100 }),
        fc.integer({ min: 1, max: 50 }),
        (xs, shift, scale) => {
          const a = summary(xs);
          const b = summary(xs.map((x) => x * scale + shift));
          const size = Math.max(1, ...xs.map(Math.abs)) * scale;
          expect(Math.abs(b.mean - (a.mean * scale + shift))).toBeLessThan(1e-9 * size + 1e-9);
          expect(Math.abs(b.halfWidth! - a.halfWidth! * scale)).toBeLessThan(1e-7 * size + 1e-9);
        },
      ),
    );
  });
});

describe("quantile", () => {
  it.each(golden.quantile)("agrees with NumPy at p = $p", ({ values, p, value }) => near(quantile(values, p), value));

  it("is monotone, within the sample, and does not depend on the order", () => {
    fc.assert(
      fc.property(
        numbers(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (xs, p, q) => {
          const [low, high] = [quantile(xs, Math.min(p, q)), quantile(xs, Math.max(p, q))];
          expect(low).toBeLessThanOrEqual(high + 1e-9);
          expect(low).toBeGreaterThanOrEqual(Math.min(...xs));
          expect(high).toBeLessThanOrEqual(Math.max(...xs));
          expect(quantile([...xs].reverse(), p)).toBe(quantile(xs, p));
        },
      ),
    );
  });

  it("refuses a p that is no fraction", () => expect(() => quantile([1], 2)).toThrow("p must be from 0 to 1, got 2"));
});

describe("mean and median", () => {
  it("have a half of the values on either side", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
    expect(mean([1, 2, 6])).toBe(3);
  });
});

describe("compare", () => {
  const of = (a: Map<unknown, number>, b: Map<unknown, number>) => compare(a, b, { margin: 1 }).difference;

  it.each(golden.pairedDifference)("agrees with SciPy on $a.length pairs", (g) => {
    const s = of(new Map(g.a.entries()), new Map(g.b.entries()));
    near(s.mean, g.mean);
    near(s.mean - s.halfWidth!, g.lo);
    near(s.mean + s.halfWidth!, g.hi);
  });

  it("pairs by key, not by place, and leaves out what has no partner", () => {
    const s = of(new Map([["a", 1], ["b", 5], ["x", 99]]), new Map([["b", 3], ["a", 0]])); // biome-ignore format: pairs
    expect(s).toMatchObject({ n: 2, mean: 1.5 });
  });
});
