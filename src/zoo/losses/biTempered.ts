import {
  add,
  div,
  type Expr,
  exp,
  expm1,
  filled,
  greater,
  log,
  log1p,
  logSoftmax,
  mul,
  reduceMax,
  stopGradient,
  sub,
  sum,
  where,
} from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { loss, temperedLog } from "./loss.ts";

/** Newton's steps to the normalization; with t2 ≤ 4 and up to 1000 classes they end at the last bit of float64. */
const STEPS = 8;

/**
 * log p of the tempered softmax, p_k = exp_t(z_k - λ) with Σ p = 1 and exp_t x = (1 + (1 - t) x)^(1/(1-t)), t ≥ 1.
 *
 * With s = t - 1 and λ = max z + μ it is p_k = (1 + s (μ + max z - z_k))^(-1/s). (Σ p)^-s is concave and nearly straight in μ:
 * Newton's method on it rises from μ = 0 to the solution. Its last step is differentiated, the others are taken as given: at a fixed
 * point that is the derivative of the implicit function.
 */
function temperedLogSoftmax(logits: Expr, t: number): Expr {
  if (t === 1) return logSoftmax(logits);
  const s = t - 1;
  const below = sub(stopGradient(reduceMax(logits)), logits);
  const logP = (mu: Expr): Expr => div(log1p(mul(add(below, mu), s)), -s);
  const step = (mu: Expr): Expr => {
    const logs = logP(mu);
    const total = sum(exp(logs), [-1], true);
    const slope = sum(exp(mul(logs, t)), [-1], true);
    return add(mu, mul(div(total, slope), div(expm1(mul(log(total), s)), s)));
  };
  let mu: Expr = filled([], 0);
  for (let i = 1; i < STEPS; i++) mu = stopGradient(step(mu));
  return logP(step(mu));
}

/**
 * Bi-tempered logistic loss: a bounded logarithm of a softmax with a heavy tail.
 *   L = Σ_k t_k (log_t1 t_k - log_t1 p_k) - (t_k^(2-t1) - p_k^(2-t1)) / (2 - t1),   p = exp_t2(z - λ)
 * Cross-entropy at t1 = t2 = 1. Amid et al., 2019, arXiv:1906.03361, eq. 6.
 */
export const biTempered = loss({
  name: "biTempered",
  title: "bi-tempered",
  summary: "Bi-tempered logistic loss: a bounded logarithm (t1 < 1) of a softmax with a heavy tail (t2 > 1).",
  formula:
    "\\sum_k t_k(\\log_{t_1} t_k - \\log_{t_1} p_k) - \\frac{t_k^{2-t_1} - p_k^{2-t_1}}{2-t_1},\\; p = \\exp_{t_2}(z - \\lambda)",
  reference: "Amid et al., 2019, arXiv:1906.03361, eq. 6",
  params: {
    t1: number("t1: below 1, the loss is bounded", { default: 0.8, min: 0, max: 1 }),
    t2: number("t2: above 1, the softmax has a heavy tail", { default: 1.2, min: 1, max: 4 }),
  },
  perExample(logits, targets, { t1, t2 }) {
    const logP = temperedLogSoftmax(logits, t2);
    const wanted = greater(targets, 0);
    const logT = log(where(wanted, targets, 1));
    const power = (logX: Expr): Expr => exp(mul(logX, 2 - t1));
    const distance = mul(targets, sub(temperedLog(logT, t1), temperedLog(logP, t1)));
    const excess = sub(where(wanted, power(logT), 0), power(logP));
    return sum(sub(distance, div(excess, 2 - t1)), [-1]);
  },
  laws: {
    nonNegative: true,
    shiftInvariant: true,
    distributions: true,
    equals: [{ at: { t1: 1, t2: 1 }, loss: { ce: {} } }],
  },
});
