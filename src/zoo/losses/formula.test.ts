import { expect, it } from "vitest";
import { evaluateLoss, type LossInput } from "../../library/plain.ts";
import { UserError } from "../../util/errors.ts";

const input: LossInput = { logits: [[2, -1, 0.5]], targets: [0] };
const value = (expression: string, parameters: object = {}): number =>
  evaluateLoss({ formula: expression, ...parameters }, input).mean;

it.each<[string, number, object?]>([
  ["-z^2", -4],
  ["2^3^2 * z / z", 512],
  ["2^-1 * z", 1],
  ["z - -z", 4],
  ["z --z", 4],
  ["(z + 1)^2 / 3 - 1", 2],
  ["margin", 1.5],
  ["C * z", 6],
  ["sum(onehot * logits)", 2],
  ["mean(logits)", 0.5],
  ["max(logits) - min(logits)", 3],
  ["max(z, 5) + min(z, 1)", 6],
  ["z > 1 ? 7 * z : z", 14],
  ["z <= 1 ? 7 : z", 2],
  ["sqrt(2 * z) + abs(-z) + relu(-z)", 4],
  ["log(exp(z)) + 1e1", 12],
  ["a * z + b", 5, { a: 1, b: 3 }],
])("%s is %d", (expression, expected, parameters = {}) => {
  expect(value(expression, parameters)).toBeCloseTo(expected, 12);
});

it("keeps logarithms and their slopes where probabilities round to 0 and 1", () => {
  const far: LossInput = { logits: [[-1e4, 0, 0]], targets: [0] };
  const sure: LossInput = { logits: [[1e3, 0, 0]], targets: [0] };
  for (const expression of ["-log(p)", "-log(sum(onehot * probs))", "-log(p^2 * p) / 3", "-log(1 - (1 - p))"])
    expect(evaluateLoss({ formula: expression }, far).gradLogits[0][0]).toBeCloseTo(-1, 12);
  expect(evaluateLoss({ formula: "log(1 - p)" }, sure).mean).toBeCloseTo(Math.LN2 - 1e3, 9);
  expect(evaluateLoss({ formula: "sqrt(1 - p)" }, sure).gradLogits.flat().every(Number.isFinite)).toBe(true);
});

it.each([
  ["-log(pp)", {}, 'there is no name "pp", at column 6 of the formula', 'did you mean "p"?'],
  ["-lg(p)", {}, 'there is no function "lg", at column 2 of the formula', 'did you mean "log"?'],
  ["-(1 - p", {}, "ends too early, at column 8 of the formula", undefined],
  ["1 - * p", {}, 'cannot be read from "*" on, at column 5 of the formula', undefined],
  ["p; z", {}, "is more than one expression, at column 4 of the formula", undefined],
  ["let a", {}, "is no expression, at column 1 of the formula", undefined],
  ["p.constructor", {}, "there is something that formulas do not have, at column 1 of the formula", /made of numbers/],
  ["p + 'a'", {}, "there is something that formulas do not have, at column 5 of the formula", /made of numbers/],
  ["p > 0.5", {}, "a comparison can only decide between two values", undefined],
  ["p ? 1 : 2", {}, "a decision needs a comparison", undefined],
  ["log(p, 2)", {}, "log() takes one value, got 2, at column 1 of the formula", undefined],
  ["sum(p)", {}, "sum() goes over the classes", undefined],
  ["1 - probs", {}, "the formula gives one number for each class", /sum\(\)/],
  ["1 - C", {}, "the formula is the same number for all examples", /uses none of p, z/],
  ["-gamma * p", { gama: 2 }, 'there is no name "gamma", at column 2 of the formula', /gamma: 1/],
  ["-g * p", { g: 1, q: 2 }, 'the formula does not use "q"', /"g"/],
  ["-log(p)", { p: 1 }, '"p" already means something in formulas', undefined],
])("refuses %s with %j", (expression, parameters, message, hint) => {
  const error = (() => {
    try {
      value(expression, parameters);
    } catch (e) {
      return e as UserError;
    }
  })();
  expect(error).toBeInstanceOf(UserError);
  expect(error?.message).toContain(message);
  if (hint === undefined) expect(error?.hint).toBeUndefined();
  else expect(error?.hint).toMatch(hint);
});

it("refuses parameters that are no numbers", () => {
  expect(() => value("-g * log(p)", { g: "two" })).toThrow('loss.formula.g: must be a number, got "two"');
});
