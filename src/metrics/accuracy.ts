import { type Confusion, marginals } from "./confusion.ts";
import { ratio, total } from "./sums.ts";

/** The share of the examples that are recognized.   A = Σ_k n_kk / n;   0 of no examples. */
export function accuracy(confusion: Confusion): number {
  const { hits, n } = marginals(confusion);
  return ratio(total(hits), n);
}

/**
 * The mean recall of the classes that have examples: the accuracy on classes of equal weight.   B = mean_{k: n_k > 0} n_kk / n_k
 * Classes without examples are left out, as in scikit-learn; NaN of no examples. Brodersen et al., 2010.
 */
export function balancedAccuracy(confusion: Confusion): number {
  const { hits, support } = marginals(confusion);
  const recalls = hits.flatMap((n, k) => (support[k] > 0 ? n / support[k] : []));
  return total(recalls) / recalls.length;
}
