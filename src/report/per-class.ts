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

export interface ClassMeasures {
  precision: number;
  recall: number;
  f1: number;
  /** Samples of the class. */
  support: number;
  /** Samples taken for the class. */
  predicted: number;
}

/** Precision, recall and F1 of each class; what has no samples counts as 0. */
export function classMeasures(confusion: readonly (readonly number[])[]): ClassMeasures[] {
  return confusion.map((row, k) => {
    const support = row.reduce((a, b) => a + b, 0);
    const predicted = confusion.reduce((sum, r) => sum + r[k], 0);
    const precision = predicted > 0 ? row[k] / predicted : 0;
    const recall = support > 0 ? row[k] / support : 0;
    const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
    return { precision, recall, f1, support, predicted };
  });
}
