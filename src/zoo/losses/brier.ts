import { softmax, square, sub, sum } from "../../tensor/index.ts";
import { loss } from "./loss.ts";

/** Squared distance of the probabilities to the target.   L = Σ_k (p_k - t_k)²,   p = softmax(z). Brier, 1950, eq. 2. */
export const brier = loss({
  name: "brier",
  title: "Brier",
  summary: "Squared distance of the probabilities to the target.",
  formula: "\\sum_k (p_k - t_k)^2",
  reference: "Brier, 1950, eq. 2",
  params: {},
  perExample: (logits, targets) => sum(square(sub(softmax(logits), targets)), [-1]),
  laws: { nonNegative: true, shiftInvariant: true, vanishesWhenSure: true, distributions: true },
});
