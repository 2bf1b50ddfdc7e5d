import { z } from "zod";
import { type Expr, exp, logSoftmax, mul, neg, pow, softplus } from "../../tensor/index.ts";
import { choice, number } from "../entry.ts";
import { inverseFrequencies, listFor } from "./classWeights.ts";
import { atTarget, classRow, inverseBatchCounts, type LossContext, logOdds, loss, smoothed } from "./loss.ts";
import { log1mexp, logOneMinusSoftmax } from "./probabilities.ts";

const alpha = z
  .union(
    [z.enum(["none", "inverse-batch", "inverse-frequency"]), z.number().min(0), z.array(z.number().min(0)).min(1)],
    {
      error: "must be none, a number >= 0, a list of one number for each class, inverse-batch or inverse-frequency",
    },
  )
  .default("none")
  .describe(
    "weight of the target's class: none, one number, a list, the reciprocal counts of the mini-batch (in training only) or of the training split",
  );

/** α of each class as a row [1, C], one number for all, or undefined for none. */
function alphaOf(value: z.output<typeof alpha>, targets: Expr, context: LossContext): Expr | number | undefined {
  if (value === "none" || typeof value === "number") return value === "none" ? undefined : value;
  if (value === "inverse-batch") return context.training ? inverseBatchCounts(targets) : undefined;
  if (value === "inverse-frequency") return classRow(inverseFrequencies(context));
  return classRow(listFor("alpha", value, context));
}

/**
 * Focal loss: cross-entropy with easy examples weighted down.   L = -α_y (1 - p_y)^γ log p_y,   p = softmax(z)
 * Lin et al., 2017, arXiv:1708.02002, eq. 5. With `alphaPosition: inside` the weight enters the cross-entropy before p_y is taken
 * from it: c = -α_y log p_y, L = (1 - e^-c)^γ c, as a much copied code does it. Label smoothing enters in the same two places: in c, or
 * as the weights of the classes in L = -Σ_k t'_k α_k (1 - p_k)^γ log p_k.
 *
 * The naive form's gradient is 0·∞ for γ < 1 once p_y rounds to 1; here everything is a function of the log-odds.
 */
export const focal = loss({
  name: "focal",
  title: "focal",
  summary: "Cross-entropy with easy examples weighted down by (1 - p)^γ, with class weights α.",
  formula: "-\\alpha_y (1-p_y)^\\gamma \\log p_y",
  reference: "Lin et al., 2017, arXiv:1708.02002, eq. 5",
  primary: "gamma",
  params: {
    gamma: number("γ: how strongly easy examples are weighted down", { default: 2, min: 0 }),
    alpha,
    alphaPosition: choice("α multiplies the focal loss, or enters the cross-entropy that p_y is taken from", [
      "after",
      "inside",
    ]),
    labelSmoothing: number("ε: the part of the target shared by all classes", { default: 0, min: 0, max: 1 }),
    smoothingPosition: choice(
      "ε smooths the cross-entropy that p_y is taken from, or weights the classes' focal losses",
      ["inside", "after"],
    ),
  },
  perExample(logits, targets, { gamma, alpha, alphaPosition, labelSmoothing, smoothingPosition }, context) {
    const weight = alphaOf(alpha, targets, context);
    const weighted = (x: Expr): Expr =>
      weight === undefined ? x : typeof weight === "number" ? mul(x, weight) : mul(x, atTarget(weight, targets));
    const focus = (logOneMinusP: Expr): Expr =>
      Number.isInteger(gamma) && gamma <= 4 ? pow(exp(logOneMinusP), gamma) : exp(mul(logOneMinusP, gamma));

    if (labelSmoothing > 0) {
      const wanted = smoothed(targets, labelSmoothing, context);
      if (smoothingPosition === "after") {
        const each = mul(focus(logOneMinusSoftmax(logits)), neg(logSoftmax(logits)));
        return atTarget(weight === undefined ? each : mul(each, weight), wanted);
      }
      const crossEntropy = weighted(neg(atTarget(logSoftmax(logits), wanted)));
      return mul(focus(log1mexp(crossEntropy)), crossEntropy);
    }
    const odds = logOdds(logits, targets);
    const crossEntropy = softplus(odds);
    if (alphaPosition === "inside" && weight !== undefined) {
      const inner = weighted(crossEntropy);
      return mul(focus(log1mexp(inner)), inner);
    }
    return weighted(gamma === 0 ? crossEntropy : mul(focus(neg(softplus(neg(odds)))), crossEntropy));
  },
  laws: {
    nonNegative: true,
    shiftInvariant: true,
    vanishesWhenSure: true,
    equals: [{ at: { gamma: 0 }, loss: { ce: {} } }],
  },
});
