import { add, exp, greater, logSoftmax, mul, neg, where } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { atTarget, loss } from "./loss.ts";

/**
 * Partially Huberised cross-entropy: straight where p_y ≤ 1/τ, so that its slope in p_y is never above τ.
 *   L = -log p_y for p_y > 1/τ, else 1 + log τ - τ p_y,   p = softmax(z).   Menon et al., 2020, ICLR, eq. 10.
 */
export const phuberCe = loss({
  name: "phuberCe",
  title: "PHuber CE",
  summary: "Partially Huberised cross-entropy: linear in p where p is below 1/τ, which clips its gradient.",
  formula: "-\\log p_y \\text{ for } p_y > 1/\\tau,\\text{ else } 1 + \\log\\tau - \\tau p_y",
  reference: "Menon et al., 2020, Can gradient clipping mitigate label noise?, ICLR, eq. 10",
  primary: "tau",
  params: { tau: number("τ: the largest slope in p", { default: 10, above: 1 }) },
  perExample(logits, targets, { tau }) {
    const logP = logSoftmax(logits);
    const line = add(mul(exp(logP), -tau), 1 + Math.log(tau));
    return atTarget(where(greater(logP, -Math.log(tau)), neg(logP), line), targets);
  },
  laws: { nonNegative: true, shiftInvariant: true, vanishesWhenSure: true, distributions: true },
});
