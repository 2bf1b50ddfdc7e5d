import { add, logSoftmax, neg } from "../../tensor/index.ts";
import { seenCounts } from "./classCounts.ts";
import { atTarget, classRow, loss } from "./loss.ts";

/**
 * Cross-entropy of a softmax in which each class counts as often as it occurs in training.   L = -log(n_y e^z_y / Σ_k n_k e^z_k)
 * Logit adjustment at τ = 1. Ren et al., 2020, arXiv:2007.10740, eq. 4.
 */
export const balancedSoftmax = loss({
  name: "balancedSoftmax",
  title: "balanced softmax",
  summary: "Cross-entropy of a softmax in which each class counts as often as it occurs in training.",
  formula: "-\\log \\frac{n_y e^{z_y}}{\\sum_k n_k e^{z_k}}",
  reference: "Ren et al., 2020, arXiv:2007.10740, eq. 4",
  params: {},
  perExample(logits, targets, _, context) {
    const shift = classRow(seenCounts(context).map(Math.log));
    return neg(atTarget(logSoftmax(add(logits, shift)), targets));
  },
  laws: {
    nonNegative: true,
    shiftInvariant: true,
    vanishesWhenSure: true,
    distributions: true,
    equals: [{ at: {}, loss: { logitAdjusted: { tau: 1 } } }],
  },
});
