/** What the parts of a formula mean: names, operators and functions over one mini-batch. */
import {
  abs,
  type Expr,
  greater,
  greaterOrEqual,
  logSoftmax,
  maximum,
  minimum,
  neg,
  reduceMax,
  relu,
  reshape,
  softplus,
  sub,
  tanh,
  where,
} from "../../../tensor/index.ts";
import { suggest } from "../../../util/nearest.ts";
import { atTargetColumn, type LossContext, logOdds } from "../loss.ts";
import { logOneMinusSoftmax } from "../probabilities.ts";
import { mistake, type Part } from "./grammar.ts";
import type { Quantity } from "./quantity.ts";
import * as q from "./quantity.ts";

/** Far below every logit and every logarithm; sums of several are finite too. */
const NEVER = -1e30;

/** The names that every formula knows. */
export const names: Record<string, (logits: Expr, targets: Expr, context: LossContext) => Quantity> = {
  /** Probability of the target. */
  p(logits, targets) {
    const odds = reshape(logOdds(logits, targets), [-1, 1]);
    return q.share(neg(softplus(odds)), neg(softplus(neg(odds))));
  },
  /** The target's logit. */
  z: (logits, targets) => q.plain(atTargetColumn(logits, targets)),
  /** The target's logit less the largest other. */
  margin(logits, targets) {
    const others = where(greater(targets, 0), NEVER, logits);
    return q.plain(sub(atTargetColumn(logits, targets), reduceMax(others)));
  },
  probs: (logits) => q.share(logSoftmax(logits), logOneMinusSoftmax(logits)),
  logits: (logits) => q.plain(logits),
  onehot(_, targets) {
    const wanted = greater(targets, 0);
    return q.share(where(wanted, 0, NEVER), where(wanted, NEVER, 0), targets);
  },
  /** Number of classes. */
  C: (_, __, { classes }) => q.numeric(classes),
};

const onNumber = (f: (a: number) => number, otherwise: (a: Quantity) => Quantity) => (a: Quantity) =>
  a.number === undefined ? otherwise(a) : q.numeric(f(a.number));
const ofValue = (f: (x: Expr) => Expr) => (a: Quantity) => q.plain(f(a.value));

/** Functions of one argument, and over the classes. */
const unary: Record<string, (a: Quantity) => Quantity> = {
  log: onNumber(Math.log, q.logarithm),
  exp: onNumber(Math.exp, q.exponential),
  sqrt: (a) => q.power(a, q.numeric(0.5)),
  abs: onNumber(Math.abs, ofValue(abs)),
  tanh: onNumber(Math.tanh, ofValue(tanh)),
  relu: onNumber((a) => Math.max(a, 0), ofValue(relu)),
  sigmoid: q.logistic,
  softplus: ofValue(softplus),
};

const overClasses: Record<string, (a: Quantity, classes: number) => Quantity> = {
  sum: q.total,
  mean: (a, classes) => q.over(q.total(a), q.numeric(classes)),
  max: q.largest,
  min: q.smallest,
};

const binary: Record<string, (a: Quantity, b: Quantity) => Quantity> = {
  max: (a, b) => q.plain(maximum(a.value, b.value)),
  min: (a, b) => q.plain(minimum(a.value, b.value)),
};

const operators: Record<string, (a: Quantity, b: Quantity) => Quantity> = {
  "+": q.plus,
  "-": q.minus,
  "*": q.times,
  "/": q.over,
  "**": q.power,
};

const comparisons: Record<string, (a: Expr, b: Expr) => Expr> = {
  ">": greater,
  ">=": greaterOrEqual,
  "<": (a, b) => greater(b, a),
  "<=": (a, b) => greaterOrEqual(b, a),
};

const functionNames = [...new Set([...Object.keys(unary), ...Object.keys(overClasses)])];

/** @param nameOf what a name stands for, or undefined */
export function meaning(part: Part, nameOf: (name: string) => Quantity | undefined, classes: number): Quantity {
  const of = (inner: Part): Quantity => meaning(inner, nameOf, classes);
  switch (part.type) {
    case "Literal":
      if (typeof part.value === "number") return q.numeric(part.value);
      break;
    case "Identifier": {
      const found = nameOf(part.name);
      if (found) return found;
      const isFunction = functionNames.includes(part.name);
      if (isFunction) throw mistake(`"${part.name}" is a function and needs its argument in brackets`, part);
      const near = suggest(part.name, Object.keys(names));
      const hint = near.startsWith("valid") ? "" : `${near} `;
      throw mistake(
        `there is no name "${part.name}"`,
        part,
        `${hint}A parameter of your own is given beside the formula: ${part.name}: 1`,
      );
    }
    case "UnaryExpression":
      if (part.operator === "-") return q.minusSign(of(part.argument));
      if (part.operator === "+") return of(part.argument);
      break;
    case "BinaryExpression":
      if (Object.hasOwn(operators, part.operator)) return operators[part.operator](of(part.left), of(part.right));
      if (Object.hasOwn(comparisons, part.operator))
        throw mistake("a comparison can only decide between two values, as in p > 0.5 ? a : b", part);
      break;
    case "ConditionalExpression": {
      const { test } = part;
      if (test.type !== "BinaryExpression" || !Object.hasOwn(comparisons, test.operator))
        throw mistake("a decision needs a comparison, as in p > 0.5 ? a : b", test);
      const holds = comparisons[test.operator](of(test.left).value, of(test.right).value);
      return q.either(holds, of(part.consequent), of(part.alternate));
    }
    case "CallExpression":
      return call(part, of, classes);
  }
  throw mistake(
    "there is something that formulas do not have",
    part,
    "they are made of numbers, names, + - * / ^, functions",
  );
}

function call(part: Part & { type: "CallExpression" }, of: (inner: Part) => Quantity, classes: number): Quantity {
  const { callee } = part;
  const name = callee.type === "Identifier" ? callee.name : "";
  if (!functionNames.includes(name))
    throw mistake(
      name ? `there is no function "${name}"` : "only a name can be called",
      callee,
      suggest(name, functionNames),
    );
  const of1 = Object.hasOwn(unary, name) || Object.hasOwn(overClasses, name);
  const given = part.arguments.map(of);
  if (given.length === 2 && Object.hasOwn(binary, name)) return binary[name](given[0], given[1]);
  if (given.length !== 1 || !of1)
    throw mistake(
      `${name}() takes ${Object.hasOwn(binary, name) ? "one value or two" : "one value"}, got ${given.length}`,
      part,
    );
  if (Object.hasOwn(unary, name)) return unary[name](given[0]);
  if (given[0].value.shape.at(-1) !== classes)
    throw mistake(
      `${name}() goes over the classes, and its argument has one number for all of them`,
      part.arguments[0],
    );
  return overClasses[name](given[0], classes);
}
