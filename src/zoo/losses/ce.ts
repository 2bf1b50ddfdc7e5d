import { logSoftmax, mul, neg, sum } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { classWeights, weightsRow } from "./classWeights.ts";
import { atTarget, loss, smoothed } from "./loss.ts";

/**
 * Cross-entropy of the softmax.   L = -Σ_k w_k t'_k log p_k,   t' = (1 - ε) t + ε / C,   p = softmax(z)
 * With class weights the mean divides by the sum of the targets' weights. Label smoothing: Szegedy et al., 2016, arXiv:1512.00567, § 7.
 */
export const ce = loss({
  name: "ce",
  title: "CE",
  summary: "Cross-entropy of the softmax, with label smoothing and class weights.",
  formula: "-\\sum_k w_k \\tilde t_k \\log p_k,\\; \\tilde t = (1-\\varepsilon)\\,t + \\varepsilon/C",
  reference: "Bridle, 1990; label smoothing: Szegedy et al., 2016, arXiv:1512.00567, § 7",
  params: {
    labelSmoothing: number("ε: the part of the target shared by all classes", { default: 0, min: 0, max: 1 }),
    weights: classWeights,
  },
  perExample(logits, targets, { labelSmoothing, weights }, context) {
    const wanted = smoothed(targets, labelSmoothing, context);
    const row = weightsRow(weights, context);
    const terms = mul(wanted, neg(logSoftmax(logits)));
    return row
      ? { perExample: sum(mul(terms, row), [-1]), weights: atTarget(row, targets) }
      : { perExample: sum(terms, [-1]) };
  },
  laws: { nonNegative: true, shiftInvariant: true, vanishesWhenSure: true, distributions: true },
});
