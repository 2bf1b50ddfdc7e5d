import { expect, it } from "vitest";
import { evaluate } from "./evaluate.ts";
import { constant, input, topological } from "./expr.ts";
import { fold } from "./fold.ts";
import { add, div, mul, sqrt } from "./ops/elementwise.ts";

const [x, weight, variance] = ["x", "weight", "variance"].map((name) => input(name, [2]));
const known = { weight: Float32Array.of(3, 5), variance: Float32Array.of(4, 16) };
const feeds = { x: [1, -1], ...known };
const nodes = (y: typeof x): string[] => topological([y]).map(({ op }) => op.name);

it("computes what depends on known values alone, once and for all", () => {
  const scale = div(weight, sqrt(variance));
  const y = add(mul(x, scale), div(1, scale));
  const folded = fold({ y, x }, known);
  expect(nodes(folded.y)).toEqual(["input", "constant", "mul", "constant", "add"]);
  expect(folded.x).toBe(x);
  expect(evaluate([folded.y], { x: feeds.x })).toEqual(evaluate([y], feeds));
});

it("leaves inputs and constants that are used as they are", () => {
  const y = add(mul(x, weight), constant([1, 2]));
  expect(fold({ y }, known).y).toBe(y);
});
