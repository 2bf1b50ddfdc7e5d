/** Measures of classification from a confusion matrix. */
import type { PrecisionRecallF1, SplitMeasures } from "./records.ts";

const ratio = (a: number, b: number): number => (b === 0 ? 0 : a / b);
const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Precision, recall and F1 of every class; 0 where undefined. confusion[target][predicted]. */
export function perClass(confusion: readonly (readonly number[])[]): PrecisionRecallF1[] {
  return confusion.map((row, k) => {
    const hits = row[k];
    const precision = ratio(hits, total(confusion.map((r) => r[k])));
    const recall = ratio(hits, total(row));
    return { precision, recall, f1: ratio(2 * precision * recall, precision + recall) };
  });
}

function weightedMean(classes: readonly PrecisionRecallF1[], weights: readonly number[]): PrecisionRecallF1 {
  const mean = (key: keyof PrecisionRecallF1): number =>
    ratio(total(classes.map((c, k) => c[key] * weights[k])), total(weights));
  return { precision: mean("precision"), recall: mean("recall"), f1: mean("f1") };
}

/** All measures of a split from its mean loss and confusion matrix. */
export function measures(loss: number, confusion: number[][]): SplitMeasures {
  const classes = perClass(confusion);
  const support = confusion.map(total);
  return {
    loss,
    accuracy: ratio(total(confusion.map((row, k) => row[k])), total(support)),
    macro: weightedMean(classes, new Array(classes.length).fill(1)),
    weighted: weightedMean(classes, support),
    confusion,
  };
}
