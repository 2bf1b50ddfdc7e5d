/**
 * Arithmetic for formulas, as exact as their authors mean it. A quantity carries its logarithm where that is known better than the value
 * tells it, and so log(p) is a log-softmax, log(1 - p) a sum over the other classes, and (1 - p)^0.5 has a slope where p rounds to 1.
 */
import {
  add,
  constant,
  div,
  type Expr,
  exp,
  expm1,
  log,
  logSumExp,
  mul,
  neg,
  pow,
  reduceMax,
  softplus,
  sub,
  sum,
  where,
} from "../../../tensor/index.ts";
import { log1mexp } from "../probabilities.ts";

export interface Quantity {
  /** [] for a number, [N, 1] for one of each example, [N, C] for one of each class. */
  value: Expr;
  /** The number, where it is one: what is made of numbers alone is computed at once. */
  number?: number;
  /** log of the value. */
  log?: Expr;
  /** log(1 - value), of what lies between 0 and 1. */
  logComplement?: Expr;
}

export const plain = (value: Expr): Quantity => ({ value });

export function numeric(number: number): Quantity {
  const value = constant(number);
  return number > 0 ? { value, number, log: constant(Math.log(number)) } : { value, number };
}

/** A positive quantity by its logarithm. */
const byLog = (log: Expr, value: Expr = exp(log)): Quantity => ({ value, log });

/** A quantity between 0 and 1 by its logarithm and that of what it lacks to 1. */
export const share = (log: Expr, logComplement: Expr = log1mexp(neg(log)), value: Expr = exp(log)): Quantity => ({
  value,
  log,
  logComplement,
});

const isOne = (a: Quantity): boolean => a.number === 1;

/** log(e^a + e^b). */
const logAddExp = (a: Expr, b: Expr): Expr => add(b, softplus(sub(a, b)));

type Binary = (a: Quantity, b: Quantity) => Quantity;

/** An operation that is done at once on numbers. */
const folding =
  (onNumbers: (a: number, b: number) => number, otherwise: Binary): Binary =>
  (a, b) =>
    a.number !== undefined && b.number !== undefined ? numeric(onNumbers(a.number, b.number)) : otherwise(a, b);

export const plus = folding(
  (a, b) => a + b,
  (a, b) => {
    const value = add(a.value, b.value);
    return a.log && b.log ? byLog(logAddExp(a.log, b.log), value) : plain(value);
  },
);

export const minus = folding(
  (a, b) => a - b,
  (a, b) => {
    if (isOne(a) && b.log) return b.logComplement ? share(b.logComplement, b.log) : plain(neg(expm1(b.log)));
    return plain(sub(a.value, b.value));
  },
);

export const times = folding(
  (a, b) => a * b,
  (a, b) => {
    const value = mul(a.value, b.value);
    if (!a.log || !b.log) return plain(value);
    const log = add(a.log, b.log);
    if (!a.logComplement || !b.logComplement) return byLog(log, value);
    // 1 - ab = (1 - a) + a (1 - b), without a difference of nearly equal numbers.
    return share(log, logAddExp(a.logComplement, add(a.log, b.logComplement)), value);
  },
);

export const over = folding(
  (a, b) => a / b,
  (a, b) => {
    if (!a.log || !b.log) return plain(div(a.value, b.value));
    const log = sub(a.log, b.log);
    return b.number === undefined ? byLog(log) : byLog(log, div(a.value, b.value));
  },
);

export const power = folding(
  (a, b) => a ** b,
  (a, b) => {
    if (b.number === undefined) return byLog(mul(a.log ?? log(a.value), b.value));
    if (!a.log) return plain(pow(a.value, b.number));
    const logarithm = mul(a.log, b.number);
    const small = Number.isInteger(b.number) && b.number >= 0 && b.number <= 4;
    const value = small ? pow(a.value, b.number) : exp(logarithm);
    return a.logComplement && b.number > 0 ? share(logarithm, undefined, value) : byLog(logarithm, value);
  },
);

export const minusSign = (a: Quantity): Quantity => (a.number === undefined ? plain(neg(a.value)) : numeric(-a.number));

/** a where the condition holds, else b. */
export function either(condition: Expr, a: Quantity, b: Quantity): Quantity {
  return {
    value: where(condition, a.value, b.value),
    ...(a.log && b.log && { log: where(condition, a.log, b.log) }),
    ...(a.logComplement && b.logComplement && { logComplement: where(condition, a.logComplement, b.logComplement) }),
  };
}

export const exponential = (a: Quantity): Quantity => byLog(a.value);

export const logarithm = (a: Quantity): Quantity => plain(a.log ?? log(a.value));

/** 1 / (1 + exp(-a)). */
export const logistic = ({ value }: Quantity): Quantity => share(neg(softplus(neg(value))), neg(softplus(value)));

/** Over the classes, [N, C] to [N, 1]. */
export const total = ({ value, log }: Quantity): Quantity => {
  const all = sum(value, [-1], true);
  return log ? byLog(logSumExp(log), all) : plain(all);
};

export const largest = ({ value, log, logComplement }: Quantity): Quantity => {
  const top = reduceMax(value);
  if (!log) return plain(top);
  const of = reduceMax(log);
  return logComplement ? share(of, neg(reduceMax(neg(logComplement))), top) : byLog(of, top);
};

export const smallest = ({ value }: Quantity): Quantity => plain(neg(reduceMax(neg(value))));
