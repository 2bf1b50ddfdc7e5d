import { UserError } from "../util/errors.ts";
import { meanOf, type Scores } from "./scores.ts";

/**
 * The share of the examples whose class is among the k with the highest scores; 1 when k >= C.
 * Of equal scores the class with the higher number comes first, as in scikit-learn: with ties, top-1 can differ from the accuracy,
 * which takes the first. A score that is NaN is never among the highest. Russakovsky et al., 2015.
 * @param scores [N][C] probabilities or logits
 */
export function topK(scores: Scores, targets: readonly number[], k: number): number {
  if (!Number.isInteger(k) || k < 1) throw new UserError(`k must be a whole number >= 1, got ${k}`);
  return meanOf(scores, targets, (row, y) => {
    let before = 0;
    for (let j = 0; j < row.length; j++) {
      if (j !== y && !(row[j] < row[y]) && !(row[j] === row[y] && j < y)) before++;
    }
    return before < k ? 1 : 0;
  });
}
