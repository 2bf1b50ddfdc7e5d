/** Logarithms of probabilities and of what they lack to 1, where the plain formulas would round to log 0. */
import {
  type Expr,
  equal,
  exp,
  expm1,
  greater,
  log,
  log1p,
  logSoftmax,
  logSumExp,
  maximum,
  minimum,
  mul,
  neg,
  reduceMax,
  sub,
  sum,
  where,
} from "../../tensor/index.ts";

/**
 * log(1 - e^-u) for u ≥ 0, after Mächler, 2012, eq. 7. Each branch sees values that do it no harm where it is not taken, and near
 * u = 0 the logarithm ends at that of the smallest number whose reciprocal is finite.
 */
export function log1mexp(u: Expr): Expr {
  const near = minimum(u, Math.LN2);
  const far = maximum(u, Math.LN2);
  return where(greater(u, Math.LN2), log1p(neg(exp(neg(far)))), log(maximum(neg(expm1(neg(near))), 1e-30)));
}

/** Where 1 - p is as exact as p: p = 0.61, beyond every tie for the largest p. */
const CLEAR = -0.5;

/** log(1 - p_k) of every class, [N, C]: of a clear favourite from the others, as its own p may have rounded to 1. */
export function logOneMinusSoftmax(logits: Expr): Expr {
  const logP = logSoftmax(logits);
  const others = where(equal(logits, reduceMax(logits)), -3e38, logits);
  const rest = sub(logSumExp(others), logSumExp(logits));
  return where(greater(logP, CLEAR), rest, log1p(neg(exp(minimum(logP, CLEAR)))));
}

/** Entropy of the softmax, -Σ_k p_k log p_k, [N]. */
export function entropy(logits: Expr): Expr {
  const logP = logSoftmax(logits);
  return neg(sum(mul(exp(logP), logP), [-1]));
}
