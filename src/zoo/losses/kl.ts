import { add, logSoftmax, mul, sub } from "../../tensor/index.ts";
import { choice, number } from "../entry.ts";
import { atTarget, loss, negativeEntropy } from "./loss.ts";

/**
 * Kullback-Leibler divergence from the softmax to the target.   L = Σ_k t'_k (log t'_k - log p_k),   p = softmax(z)
 * With one-hot targets it is the cross-entropy; with smoothed ones the cross-entropy minus the target's entropy.
 * Kullback and Leibler, 1951, eq. 2.4.
 */
export const kl = loss({
  name: "kl",
  title: "KL",
  summary: "Kullback-Leibler divergence from the softmax to the target.",
  formula: "\\sum_k \\tilde t_k (\\log \\tilde t_k - \\log p_k)",
  reference: "Kullback and Leibler, 1951, eq. 2.4",
  params: {
    labelSmoothing: number("ε: the part of the target that other classes get", { default: 0, min: 0, below: 1 }),
    smoothing: choice("who shares ε: all classes, or all but the target", ["uniform", "others"]),
    classes: choice("how the terms of the C classes are combined", ["sum", "mean"]),
  },
  perExample(logits, targets, { labelSmoothing, smoothing, classes }, context) {
    const n = context.classes;
    const shared = smoothing === "uniform" ? labelSmoothing / n : labelSmoothing / (n - 1);
    const kept = smoothing === "uniform" ? 1 - labelSmoothing : 1 - labelSmoothing - shared;
    const wanted = labelSmoothing === 0 ? targets : add(mul(targets, kept), shared);
    const divergence = sub(negativeEntropy(wanted), atTarget(logSoftmax(logits), wanted));
    return classes === "mean" ? mul(divergence, 1 / n) : divergence;
  },
  laws: {
    nonNegative: true,
    shiftInvariant: true,
    vanishesWhenSure: true,
    distributions: true,
    equals: [{ at: { labelSmoothing: 0 }, loss: { ce: {} } }],
  },
});
