import { mul, sub } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { bracketed, lawsOf, loss, lossWithin, termsWithin } from "./loss.ts";
import { entropy } from "./probabilities.ts";

/**
 * A loss with a bonus for undecided probabilities.   L - β H(p),   H(p) = -Σ_k p_k log p_k,   p = softmax(z)
 * Pereyra et al., 2017, arXiv:1701.06548, § 3.
 */
export const confidencePenalty = loss({
  name: "confidencePenalty",
  title: "confidence penalty",
  summary:
    "A loss from which a part of the probabilities' entropy is subtracted: { confidencePenalty: { beta: 0.1, loss: ce } }.",
  formula: "L - \\beta H(p)",
  reference: "Pereyra et al., 2017, arXiv:1701.06548, § 3",
  primary: "beta",
  params: {
    beta: number("β: weight of the entropy", { default: 0.1, min: 0 }),
    loss: lossWithin("the loss that is penalized"),
  },
  perExample(logits, targets, { beta, loss }, context) {
    const { perExample, weights } = termsWithin(loss, logits, targets, context);
    const bonus = mul(entropy(logits), beta);
    // Under a mean with weights, the penalty is averaged with the same weights.
    return weights
      ? { perExample: sub(perExample, mul(bonus, weights)), weights }
      : { perExample: sub(perExample, bonus) };
  },
  laws({ loss }) {
    const { shiftInvariant, distributions, vanishesWhenSure } = lawsOf(loss);
    return {
      shiftInvariant,
      distributions,
      vanishesWhenSure,
      mayRise: "a sure decision has no entropy left to subtract",
      equals: [{ at: { beta: 0, loss: "ce" }, loss: { ce: {} } }],
    };
  },
  label: ({ beta, loss }, labelOf) => `${bracketed(labelOf(loss))} with confidence penalty β=${beta}`,
});
