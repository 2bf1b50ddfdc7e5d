import { type Confusion, marginals } from "./confusion.ts";
import { total } from "./sums.ts";

/**
 * Cohen's kappa: agreement of predictions and targets beyond that of chance, at most 1.
 *
 *     κ = (p_o - p_e) / (1 - p_e),   p_o = Σ_k n_kk / n,   p_e = Σ_k t_k p_k / n²
 *
 * NaN where chance agrees always (one class among targets and predictions), as in scikit-learn. Cohen, 1960, eq. 1.
 */
export function cohenKappa(confusion: Confusion): number {
  const { hits, support, predicted, n } = marginals(confusion);
  // In counts, so that the case of one class is an exact 0 / 0.
  const byChance = total(support.map((t, k) => t * predicted[k]));
  return (total(hits) * n - byChance) / (n * n - byChance);
}
