import { add, type Expr, expm1, filled, logSoftmax, mul, neg } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { atTarget, loss } from "./loss.ts";

/**
 * The first terms of the series of cross-entropy in 1 - p.   L = Σ_{n=1..N} (1 - p_y)^n / n,   p = softmax(z)
 * Mean absolute error at N = 1 (but for a factor), cross-entropy as N → ∞. Feng et al., 2020, IJCAI, eq. 6.
 */
export const taylorCe = loss({
  name: "taylorCe",
  title: "Taylor CE",
  summary: "The first terms of the series of cross-entropy in 1 - p.",
  formula: "\\sum_{n=1}^{N} (1 - p_y)^n / n",
  reference: "Feng et al., 2020, Can cross entropy loss be robust to label noise?, IJCAI, eq. 6",
  primary: "order",
  params: { order: number("N: how many terms", { default: 2, min: 1, max: 100, integer: true }) },
  perExample(logits, targets, { order }) {
    const lacking = neg(expm1(logSoftmax(logits))); // 1 - p
    let series: Expr = filled([], 1 / order);
    for (let n = order - 1; n >= 1; n--) series = add(mul(series, lacking), 1 / n); // Horner's rule
    return atTarget(mul(series, lacking), targets);
  },
  laws: {
    nonNegative: true,
    shiftInvariant: true,
    vanishesWhenSure: true,
    distributions: true,
    equals: [{ at: { order: 1 }, loss: { generalizedCe: 1 } }],
  },
});
