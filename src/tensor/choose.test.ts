import { describe, expect, it } from "vitest";
import { emit } from "../onnx/emit.ts";
import {
  choose,
  type Expr,
  evaluate,
  exp,
  grad,
  groupsOf,
  input,
  mul,
  neg,
  perTrial,
  relu,
  shared,
  tanh,
  trialsFirst,
  vmap,
} from "./index.ts";

const TRIALS = 5;
const branches = [(x: Expr) => exp(x), (x: Expr) => tanh(x), (x: Expr) => mul(x, x)];
const assignment = [2, 0, 1, 0, 2];
const numbers = Array.from({ length: TRIALS * 3 }, (_, i) => Math.sin(i));
const values = (of: Expr): number[] => Array.from(evaluate([of], { x: numbers, same: [0.5, -1, 2] })[0]);

const alone = (t: number, f: (x: Expr) => Expr): number[] =>
  Array.from(evaluate([f(input("x", [3]))], { x: numbers.slice(3 * t, 3 * t + 3) })[0]);

describe("choose", () => {
  it.each([0, 1])("gives each trial its own branch, with the trials along axis %i", (axis) => {
    const x = input("x", [TRIALS, 3]);
    const placed = axis === 0 ? x : input("flipped", [3, TRIALS]);
    const flipped = Array.from({ length: 15 }, (_, i) => numbers[(i % TRIALS) * 3 + Math.floor(i / TRIALS)]);
    const { y } = vmap(TRIALS, { x: perTrial(placed, axis) }, (own) => ({ y: choose([own.x], branches, assignment) }));
    const [got] = evaluate([trialsFirst(y, TRIALS)], { x: numbers, flipped });
    expect(Array.from(got)).toEqual(assignment.flatMap((branch, t) => alone(t, branches[branch])));
  });

  it("has the gradient of each trial's own branch", () => {
    const x = input("x", [TRIALS, 3]);
    const { y } = vmap(TRIALS, { x: perTrial(x) }, (own) => ({ y: choose([own.x], branches, assignment) }));
    const [g] = grad(y.expr, [x]);
    expect(values(g)).toEqual(
      assignment.flatMap((branch, t) => alone(t, (own) => grad(branches[branch](own), [own])[0])),
    );
  });

  it("takes shared inputs, and results that all trials of a branch share", () => {
    const x = input("x", [TRIALS, 3]);
    const same = input("same", [3]);
    const { y } = vmap(TRIALS, { x: perTrial(x), same: shared(same) }, (own) => ({
      y: choose([own.x, own.same], [(a) => relu(a), (_, b) => neg(b)], [1, 0, 1, 0, 0]),
    }));
    const wanted = [1, 0, 1, 0, 0].flatMap((branch, t) =>
      branch === 1 ? [-0.5, 1, -2] : numbers.slice(3 * t, 3 * t + 3).map((v) => Math.max(0, v)),
    );
    expect(values(trialsFirst(y, TRIALS))).toEqual(wanted);
  });

  it("is the one branch itself when there is no choice", () => {
    const x = input("x", [3]);
    expect(choose([x], [relu], [0, 0]).op.name).toBe("relu");
  });

  it("cannot stand alone: the branch depends on the trial", () => {
    const y = choose([input("x", [3])], branches, assignment);
    expect(() => evaluate([y], { x: [1, 2, 3] })).toThrow("batch the expression first");
    expect(() => emit({ y })).toThrow("batch the expression first");
  });
});

describe("groupsOf", () => {
  it("lists the trials of each branch", () => {
    expect(groupsOf([1, 0, 1])).toEqual([[1], [0, 2]]);
  });
});
