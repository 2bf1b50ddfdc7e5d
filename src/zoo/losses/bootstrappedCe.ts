import { add, exp, logSoftmax, mul, neg, reduceMax, reshape } from "../../tensor/index.ts";
import { choice, number } from "../entry.ts";
import { atTarget, loss } from "./loss.ts";

/**
 * Bootstrapped cross-entropy: the model's own opinion is a part of the target.   L = -Σ_k (β t_k + (1 - β) q_k) log p_k,   p = softmax(z)
 * soft: q = p, through which the gradient flows too; hard: q is the likeliest class. Reed et al., 2015, arXiv:1412.6596, eq. 6 and 8.
 */
export const bootstrappedCe = loss({
  name: "bootstrappedCe",
  title: "bootstrapped CE",
  summary:
    "Bootstrapped cross-entropy: the model's own probabilities, or its likeliest class, are a part of the target.",
  formula: "-\\sum_k (\\beta t_k + (1-\\beta)\\,q_k) \\log p_k",
  reference: "Reed et al., 2015, arXiv:1412.6596, eq. 6 (soft) and 8 (hard)",
  primary: "beta",
  params: {
    beta: number("β: the part of the given target", { default: 0.95, min: 0, max: 1 }),
    kind: choice("q: the probabilities, or the likeliest class", ["soft", "hard"]),
  },
  perExample(logits, targets, { beta, kind }) {
    const logP = logSoftmax(logits);
    const own = kind === "soft" ? atTarget(logP, exp(logP)) : reshape(reduceMax(logP), [logits.shape[0]]);
    return neg(add(mul(atTarget(logP, targets), beta), mul(own, 1 - beta)));
  },
  laws: {
    nonNegative: true,
    shiftInvariant: true,
    vanishesWhenSure: true,
    distributions: true,
    equals: [{ at: { beta: 1 }, loss: { ce: {} } }],
  },
});
