import { mul } from "../../tensor/index.ts";
import { choice, number } from "../entry.ts";
import { effectiveWeights } from "./classCounts.ts";
import { atTarget, bracketed, classRow, lawsOf, loss, lossWithin, termsWithin } from "./loss.ts";

/**
 * A loss weighted by the effective numbers of the classes' training examples.   w_y L,   w_k ∝ (1 - β) / (1 - β^n_k),   Σ_k w_k = C
 * No weights at β = 0, inverse frequencies as β → 1. Cui et al., 2019, arXiv:1901.05555, eq. 3 and 4.
 */
export const classBalanced = loss({
  name: "classBalanced",
  title: "class-balanced",
  summary: "A loss weighted by the classes' effective numbers: { classBalanced: { beta: 0.999, loss: ce } }.",
  formula: "w_y L,\\; w_k \\propto (1-\\beta)/(1-\\beta^{n_k})",
  reference: "Cui et al., 2019, arXiv:1901.05555, eq. 3 and 4",
  primary: "beta",
  params: {
    beta: number("β: how soon further examples of a class count for nothing", { default: 0.999, min: 0, below: 1 }),
    loss: lossWithin("the loss that is weighted"),
    divideBy: choice("the sum of the weighted losses is divided by the sum of the weights, or the number of examples", [
      "weights",
      "examples",
    ]),
  },
  perExample(logits, targets, { beta, loss, divideBy }, context) {
    const own = atTarget(classRow(effectiveWeights(context, beta)), targets);
    const { perExample, weights } = termsWithin(loss, logits, targets, context);
    const weighted = mul(perExample, own);
    if (divideBy === "examples") return weights ? { perExample: weighted, weights } : { perExample: weighted };
    return { perExample: weighted, weights: weights ? mul(weights, own) : own };
  },
  laws: ({ loss }) => ({ ...lawsOf(loss), equals: [{ at: { beta: 0, loss: "ce" }, loss: { ce: {} } }] }),
  label: ({ beta, loss, divideBy }, labelOf) =>
    `class-balanced ${bracketed(labelOf(loss))} β=${beta}${divideBy === "examples" ? ", over examples" : ""}`,
});
