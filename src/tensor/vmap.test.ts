import { describe, expect, it } from "vitest";
import {
  add,
  type Expr,
  evaluate,
  grad,
  input,
  matmul,
  mul,
  perTrial,
  relu,
  shared,
  sum,
  topological,
  trialsFirst,
  uniform,
  vmap,
} from "./index.ts";

const TRIALS = 3;
const values = (of: Expr, feeds: Record<string, number[]>): number[] => Array.from(evaluate([of], feeds)[0]);

describe("vmap", () => {
  const x = input("x", [2, 4]);
  const w = input("w", [TRIALS, 4, 5]);

  it("gives a function of one trial the results of all", () => {
    const { y } = vmap(TRIALS, { w: perTrial(w), x: shared(x) }, (own) => {
      expect(own.w.shape).toEqual([4, 5]);
      return { y: relu(matmul(own.x, own.w)) };
    });
    expect(trialsFirst(y, TRIALS).shape).toEqual([TRIALS, 2, 5]);
  });

  it("computes what all trials share once", () => {
    const both = mul(add(x, 1), 2);
    const { once, y } = vmap(TRIALS, { w: perTrial(w), x: shared(x) }, (own) => {
      const once = mul(add(own.x, 1), 2);
      return { once, y: matmul(once, own.w) };
    });
    expect(once.axis).toBeNull();
    expect(once.expr.shape).toEqual(both.shape);
    expect(topological([y.expr]).filter(({ op }) => op.name === "add")).toHaveLength(1);
  });

  it("multiplies a shared batch with the weights of all trials in one product", () => {
    const { y } = vmap(TRIALS, { w: perTrial(w), x: shared(x) }, (own) => ({ y: matmul(own.x, own.w) }));
    const products = topological([y.expr]).filter(({ op }) => op.name === "matmul");
    expect(products.map(({ shape }) => shape)).toEqual([[2, TRIALS * 5]]);
  });

  it("repeats a shared result where each trial's is wanted", () => {
    const a = input("a", [2]);
    const { y } = vmap(TRIALS, { a: shared(a) }, (own) => ({ y: mul(own.a, 2) }));
    expect(values(trialsFirst(y, TRIALS), { a: [1, 2] })).toEqual([2, 4, 2, 4, 2, 4]);
  });

  it("nests", () => {
    const a = input("a", [2, TRIALS, 2]);
    const { y } = vmap(2, { a: perTrial(a) }, (outer) => ({
      y: trialsFirst(vmap(TRIALS, { own: perTrial(outer.a) }, ({ own }) => ({ y: sum(own) })).y, TRIALS),
    }));
    const numbers = Array.from({ length: 12 }, (_, i) => i);
    expect(values(trialsFirst(y, 2), { a: numbers })).toEqual([1, 5, 9, 13, 17, 21]);
  });

  it("may be differentiated from outside: the gradient of all trials at once", () => {
    const a = input("a", [TRIALS, 2]);
    const { y } = vmap(TRIALS, { a: perTrial(a) }, (own) => ({ y: sum(mul(own.a, own.a)) }));
    expect(values(grad(y.expr, [a])[0], { a: [1, 2, 3, 4, 5, 6] })).toEqual([2, 4, 6, 8, 10, 12]);
  });

  it("draws one set of random numbers for trials of one seed, and others for others", () => {
    const draw = (seeds: number[]): number[][] => {
      const seed = input("seed", [seeds.length], "int64");
      const { y } = vmap(seeds.length, { seed: perTrial(seed) }, (own) => ({ y: uniform(own.seed, [4]) }));
      const all = values(trialsFirst(y, seeds.length), { seed: seeds });
      return seeds.map((_, t) => all.slice(4 * t, 4 * t + 4));
    };
    const [a, b, c] = draw([5, 6, 5]);
    expect(a).toEqual(c);
    expect(a).not.toEqual(b);
    expect([a]).toEqual(draw([5]));
  });
});

describe("uniform", () => {
  it("is uniform, whatever the seed, and neighbours are unrelated", () => {
    for (const seed of [0, 1, 2, 12345, 2 ** 31 - 1]) {
      const drawn = values(uniform(input("seed", [], "int64"), [20_000]), { seed: [seed] });
      const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length;
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.01); // 5 standard deviations
      const tenths = new Array(10).fill(0);
      for (const u of drawn) tenths[Math.floor(10 * u)]++;
      const chi2 = tenths.reduce((sum, n) => sum + (n - 2000) ** 2 / 2000, 0);
      expect(chi2).toBeLessThan(40); // of 9 degrees of freedom
      const product = drawn.slice(1).reduce((sum, u, i) => sum + (u - 0.5) * (drawn[i] - 0.5), 0) / drawn.length;
      expect(Math.abs(12 * product)).toBeLessThan(0.036);
    }
  });
});
