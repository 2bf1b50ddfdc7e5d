import { logSumExp, meanOf, type Scores } from "./scores.ts";

/**
 * The mean negative log-probability of the targets, in nats.   L = -(1/n) Σ_i log p_i,yi
 * Probabilities are cut to [ε, 1 - ε], ε = 2⁻⁵², as in scikit-learn: a sure mistake costs 36.04 rather than ∞. Good, 1952.
 * @param probabilities [N][C]
 */
export const logLoss = (probabilities: Scores, targets: readonly number[]): number =>
  meanOf(probabilities, targets, (p, y) => -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p[y]))));

/** The same from logits, by log Σ_k exp z_k - z_y: nothing is cut, and a sure mistake costs what it costs. */
export const logLossOfLogits = (logits: Scores, targets: readonly number[]): number =>
  meanOf(logits, targets, (z, y) => logSumExp(z) - z[y]);
