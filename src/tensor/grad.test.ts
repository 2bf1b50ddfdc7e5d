import { describe, expect, it } from "vitest";
import {
  add,
  constant,
  type Expr,
  evaluate,
  exp,
  grad,
  input,
  mul,
  pad,
  slice,
  stopGradient,
  sum,
  topological,
} from "./index.ts";

const x = input("x", [3]);
const y = input("y", [3]);
const feeds = { x: [1, 2, 3], y: [4, 5, 6] };
const values = (...of: Expr[]): number[][] => evaluate(of, feeds).map((v) => Array.from(v));

describe("grad", () => {
  it("is the gradient of the sum of the elements", () => {
    expect(values(...grad(mul(x, y), [x, y]))).toEqual([
      [4, 5, 6],
      [1, 2, 3],
    ]);
  });

  it("adds what reaches an expression on several ways", () => {
    expect(values(...grad(add(mul(x, x), mul(x, y)), [x]))).toEqual([[2 + 4, 4 + 5, 6 + 6]]);
  });

  it("is zero for what the result does not depend on, and one for the result itself", () => {
    expect(values(...grad(mul(x, 2), [y]))).toEqual([[0, 0, 0]]);
    expect(values(...grad(x, [x]))).toEqual([[1, 1, 1]]);
  });

  it("is asked for expressions inside a graph as for inputs", () => {
    const inner = mul(x, 3);
    expect(values(...grad(mul(inner, inner), [inner, x]))).toEqual([
      [6, 12, 18],
      [18, 36, 54],
    ]);
  });

  it("stops where it is told to", () => {
    expect(values(...grad(mul(stopGradient(x), x), [x]))).toEqual([[1, 2, 3]]);
  });

  it("has gradients of its own", () => {
    const [first] = grad(mul(mul(x, x), x), [x]);
    const [second] = grad(first, [x]);
    expect(values(second)).toEqual([[6, 12, 18]]);
  });

  it("joins slices that tile an axis instead of padding and adding them", () => {
    const parts = [slice(x, 0, 0, 1), mul(slice(x, 0, 2, 3), 10)]; // a gap in the middle
    const [g] = grad(add(sum(parts[0]), sum(parts[1])), [x]);
    expect(values(g)).toEqual([[1, 0, 10]]);
    expect(topological([g]).map(({ op }) => op.name)).not.toContain("pad");
  });

  it("adds slices that overlap, and those with steps", () => {
    const [overlap] = grad(add(sum(slice(x, 0, 0, 2)), sum(slice(x, 0, 1, 3))), [x]);
    const [stepped] = grad(add(sum(slice(x, 0, 0, 3, 2)), sum(slice(x, 0, 0, 1))), [x]);
    expect(values(overlap, stepped)).toEqual([
      [1, 2, 1],
      [2, 0, 1],
    ]);
  });

  it("goes through graphs that are too deep for recursion", () => {
    let deep: Expr = x;
    for (let i = 0; i < 20_000; i++) deep = add(deep, y);
    expect(values(...grad(deep, [x]))).toEqual([[1, 1, 1]]);
  });

  it("builds nothing for what is not asked for", () => {
    const [g] = grad(mul(exp(y), x), [x]);
    expect(topological([g]).map(({ op }) => op.name)).toEqual(["input", "exp"]); // neither a product by 1 nor x
  });
});

describe("expressions", () => {
  it("say which operation does not fit which shapes", () => {
    expect(() => add(input("a", [2, 3]), input("b", [4]))).toThrow(
      "add(float32[2,3], float32[4]): the shapes do not broadcast",
    );
    expect(() => slice(x, 0, 2, 5)).toThrow("slice(float32[3]): axis 0 has no part 2:5:1");
    expect(() => pad(x, 0, 2, 4)).toThrow("pad(float32[3]): does not fit in 4");
    expect(() => constant([1, 2, 3], [2, 2])).toThrow("constant: 3 values do not fill the shape [2,2]");
  });

  it("are evaluated only on inputs that are given, in their shapes", () => {
    expect(() => evaluate([add(x, y)], { x: [1, 2, 3] })).toThrow('no value was given for the input "y"');
    expect(() => evaluate([x], { x: [1] })).toThrow('input "x" has 1 values, its shape [3] needs 3');
  });
});
