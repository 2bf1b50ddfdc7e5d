import { type Confusion, marginals } from "./confusion.ts";
import { ratio, total } from "./sums.ts";

/** Precision, recall and F1 of a class, or a mean of them over classes. */
export interface PrecisionRecallF1 {
  precision: number;
  recall: number;
  f1: number;
}

/**
 * Precision, recall and F1 of every class.   P = TP / (TP + FP),   R = TP / (TP + FN),   F₁ = 2PR / (P + R)
 * What would divide by zero is 0 (scikit-learn's `zero_division=0`): the precision of a class that is never predicted, the recall of
 * a class without examples. Van Rijsbergen, 1979, Information Retrieval, ch. 7.
 */
export function perClass(confusion: Confusion): PrecisionRecallF1[] {
  const { hits, support, predicted } = marginals(confusion);
  return hits.map((n, k) => {
    const precision = ratio(n, predicted[k]);
    const recall = ratio(n, support[k]);
    return { precision, recall, f1: ratio(2 * precision * recall, precision + recall) };
  });
}

function weightedMean(classes: readonly PrecisionRecallF1[], weights: readonly number[]): PrecisionRecallF1 {
  const mean = (key: keyof PrecisionRecallF1): number =>
    ratio(total(classes.map((c, k) => c[key] * weights[k])), total(weights));
  return { precision: mean("precision"), recall: mean("recall"), f1: mean("f1") };
}

/** The plain mean over all C classes; a class that never occurs counts as 0 (scikit-learn with `labels` of all classes). */
export const macro = (confusion: Confusion): PrecisionRecallF1 =>
  weightedMean(
    perClass(confusion),
    confusion.map(() => 1),
  );

/** The plain mean over the classes that occur among the targets or the predictions: scikit-learn's default. */
export function macroPresent(confusion: Confusion): PrecisionRecallF1 {
  const { support, predicted } = marginals(confusion);
  return weightedMean(
    perClass(confusion),
    support.map((n, k) => (n + predicted[k] > 0 ? 1 : 0)),
  );
}

/** The mean weighted by the examples of each class; its recall is the accuracy. */
export const weighted = (confusion: Confusion): PrecisionRecallF1 =>
  weightedMean(perClass(confusion), marginals(confusion).support);
