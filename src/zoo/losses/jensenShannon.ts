import { add, div, exp, greater, log, logSoftmax, mul, sub, sum, where } from "../../tensor/index.ts";
import { flag, number } from "../entry.ts";
import { atTarget, loss, negativeEntropy } from "./loss.ts";

/**
 * Jensen-Shannon divergence of target and softmax.   L = π KL(t‖m) + (1 - π) KL(p‖m),   m = π t + (1 - π) p,   p = softmax(z)
 * Scaled, it is divided by -(1 - π) log(1 - π): then cross-entropy as π → 0, half the mean absolute error as π → 1.
 * Lin, 1991, eq. 4.1; as a loss: Englesson and Azizpour, 2021, arXiv:2105.04522, eq. 4.
 */
export const jensenShannon = loss({
  name: "jensenShannon",
  title: "Jensen-Shannon",
  summary: "Jensen-Shannon divergence of target and softmax, between cross-entropy and mean absolute error.",
  formula: "\\pi\\,\\mathrm{KL}(t\\|m) + (1-\\pi)\\,\\mathrm{KL}(p\\|m),\\; m = \\pi t + (1-\\pi)\\,p",
  reference: "Lin, 1991, eq. 4.1; Englesson and Azizpour, 2021, arXiv:2105.04522, eq. 4",
  params: {
    weight: number("π: weight of the target in the mixture", { default: 0.5, above: 0, below: 1 }),
    scaled: flag("divide by -(1 - π) log(1 - π)"),
  },
  perExample(logits, targets, { weight, scaled }) {
    const logP = logSoftmax(logits);
    const p = exp(logP);
    // Where t is 0, m is a multiple of p and log p - log m a constant, whatever p rounds to.
    const wanted = greater(targets, 0);
    const logM = log(where(wanted, add(mul(targets, weight), mul(p, 1 - weight)), 1));
    const ofTarget = sub(negativeEntropy(targets), atTarget(logM, targets));
    const ofSoftmax = sum(mul(p, where(wanted, sub(logP, logM), -Math.log1p(-weight))), [-1]);
    const divergence = add(mul(ofTarget, weight), mul(ofSoftmax, 1 - weight));
    return scaled ? div(divergence, -(1 - weight) * Math.log1p(-weight)) : divergence;
  },
  laws: { nonNegative: true, shiftInvariant: true, vanishesWhenSure: true, distributions: true },
});
