import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { halton, MOST_DIMENSIONS } from "./halton.ts";

const PRIMES = [2, 3, 5, 7, 11, 13];
const points = (seed: number, dimensions: number, n: number) =>
  Array.from({ length: n }, (_, i) => halton(seed, dimensions)(i));

describe("the scrambled Halton sequence", () => {
  it("has one of its first b^m points in each of b^m equal intervals, in every dimension", () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.integer({ min: 0, max: MOST_DIMENSIONS - 1 }),
        fc.integer({ min: 1, max: 2 }),
        (seed, d, m) => {
          const n = PRIMES[d] ** m;
          const cells = points(seed, d + 1, n).map((p) => Math.floor(p[d] * n));
          expect(cells.sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("gives a point whatever was asked before, another for another seed, and none outside the cube", () => {
    const at = halton(3, 4);
    const [late, early] = [at(100), at(0)];
    expect([early, late]).toEqual([halton(3, 4)(0), halton(3, 4)(100)]);
    expect(halton(4, 4)(0)).not.toEqual(early);
    for (const p of points(9, 6, 200)) for (const x of p) expect(x >= 0 && x < 1).toBe(true);
  });

  it("is uniform: means over seeds of one point are a half, and points of one dimension say nothing of another", () => {
    const n = 2000;
    const all = Array.from({ length: n }, (_, seed) => halton(seed, 2)(5));
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / n;
    const [x, y] = [mean(all.map((p) => p[0])), mean(all.map((p) => p[1]))];
    const bound = 4 / Math.sqrt(12 * n); // four standard errors
    expect(Math.abs(x - 0.5)).toBeLessThan(bound);
    expect(Math.abs(y - 0.5)).toBeLessThan(bound);
    const covariance = mean(all.map((p) => (p[0] - x) * (p[1] - y)));
    expect(Math.abs(covariance * 12)).toBeLessThan(4 / Math.sqrt(n));
  });

  it("says how many dimensions it has", () => {
    expect(() => halton(0, MOST_DIMENSIONS + 1)).toThrow("at most 6 dimensions, got 7");
  });
});
