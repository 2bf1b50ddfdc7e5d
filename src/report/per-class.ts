import { marginals } from "../metrics/confusion.ts";
import { type PrecisionRecallF1, perClass, specificity } from "../metrics/index.ts";
import type { Configuration } from "./configurations.ts";
import { lastEpoch } from "./configurations.ts";

/** The final epoch's test confusion matrices of the finished seeds, added up; null when none was stored. */
export function totalConfusion({ done }: Configuration): number[][] | null {
  let total: number[][] | null = null;
  for (const trial of done) {
    const { confusion } = lastEpoch(trial)!.test;
    if (confusion.length === 0) continue;
    total = total ? total.map((row, i) => row.map((n, j) => n + confusion[i][j])) : confusion.map((row) => [...row]);
  }
  return total;
}

export interface ClassMeasures extends PrecisionRecallF1 {
  specificity: number;
  /** Samples of the class. */
  support: number;
  /** Samples taken for the class. */
  predicted: number;
}

/** Precision, recall and F1 of each class; what has no samples counts as 0. */
export function classMeasures(confusion: readonly (readonly number[])[]): ClassMeasures[] {
  const { support, predicted } = marginals(confusion);
  const specificities = specificity(confusion);
  return perClass(confusion).map((c, k) => ({
    ...c,
    specificity: specificities[k],
    support: support[k],
    predicted: predicted[k],
  }));
}
