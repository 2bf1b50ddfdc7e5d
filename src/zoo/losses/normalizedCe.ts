import { div, logSoftmax, sum } from "../../tensor/index.ts";
import { atTarget, loss } from "./loss.ts";

/**
 * Normalized cross-entropy: the target's share of the cross-entropies of all classes.   L = log p_y / Σ_k log p_k,   p = softmax(z)
 * Between 0 and 1, with a sum of 1 over all labels: robust to symmetric noise, but slow to fit; so it is summed with a "passive" loss,
 * `{ sum: [normalizedCe, reverseCe] }`. Ma et al., 2020, arXiv:2006.13554, eq. 5.
 */
export const normalizedCe = loss({
  name: "normalizedCe",
  title: "NCE",
  summary: "Normalized cross-entropy: the target's share of the cross-entropies of all classes.",
  formula: "\\log p_y / \\sum_k \\log p_k",
  reference: "Ma et al., 2020, arXiv:2006.13554, eq. 5",
  params: {},
  perExample(logits, targets) {
    const logP = logSoftmax(logits);
    return div(atTarget(logP, targets), sum(logP, [-1]));
  },
  laws: { nonNegative: true, shiftInvariant: true, vanishesWhenSure: true, distributions: true },
});
