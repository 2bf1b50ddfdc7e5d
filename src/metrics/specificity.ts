import { type Confusion, marginals } from "./confusion.ts";
import { total } from "./sums.ts";

/**
 * Of the examples of other classes, the share not taken for this class, for every class.   S_k = TN_k / (TN_k + FP_k)
 * NaN for a class that all examples belong to: there is no other to be taken for it. Yerushalmy, 1947.
 */
export function specificity(confusion: Confusion): number[] {
  const { hits, support, predicted, n } = marginals(confusion);
  return hits.map((hit, k) => (n - support[k] - predicted[k] + hit) / (n - support[k]));
}

/** The plain mean of the specificities that are defined. */
export function macroSpecificity(confusion: Confusion): number {
  const defined = specificity(confusion).filter((s) => !Number.isNaN(s));
  return total(defined) / defined.length;
}
