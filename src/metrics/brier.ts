import { UserError } from "../util/errors.ts";
import { meanOf, type Scores } from "./scores.ts";

/**
 * The mean squared distance of the probabilities to the target, 0 … 2.   B = (1/n) Σ_i Σ_k (p_ik - [k = y_i])²
 * Brier, 1950, eq. 2; scikit-learn's `scale_by_half` halves it.
 * @param probabilities [N][C]
 */
export const brier = (probabilities: Scores, targets: readonly number[]): number =>
  meanOf(probabilities, targets, (p, y) => {
    let sum = 0;
    for (let k = 0; k < p.length; k++) sum += (p[k] - (k === y ? 1 : 0)) ** 2;
    return sum;
  });

/**
 * The same of one event, 0 … 1.   B = (1/n) Σ_i (p_i - y_i)²: half of what both classes give. scikit-learn's `brier_score_loss`.
 * @param probabilities [N] of the event
 * @param happened [N]
 */
export function binaryBrier(probabilities: ArrayLike<number>, happened: readonly boolean[]): number {
  if (probabilities.length !== happened.length)
    throw new UserError(`${probabilities.length} probabilities for ${happened.length} outcomes`);
  return happened.reduce((sum, y, i) => sum + (probabilities[i] - (y ? 1 : 0)) ** 2, 0) / happened.length;
}
