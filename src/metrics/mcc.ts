import { type Confusion, marginals } from "./confusion.ts";
import { ratio, total } from "./sums.ts";

/**
 * Matthews's correlation coefficient for any number of classes: the correlation of targets and predictions, -1 … 1.
 *
 *     R = (c·n - Σ_k t_k p_k) / √((n² - Σ_k p_k²) (n² - Σ_k t_k²)),   c = Σ_k n_kk,  t_k examples of class k,  p_k predicted as k
 *
 * 0 where all targets or all predictions are of one class, as in scikit-learn. Gorodkin, 2004; for two classes
 * Matthews, 1975.
 */
export function mcc(confusion: Confusion): number {
  const { hits, support, predicted, n } = marginals(confusion);
  const product = (a: readonly number[], b: readonly number[]): number => total(a.map((x, k) => x * b[k]));
  const covariance = total(hits) * n - product(support, predicted);
  const variances = (n * n - product(predicted, predicted)) * (n * n - product(support, support));
  return ratio(covariance, Math.sqrt(variances));
}
