import { accuracy, macro, weighted } from "../metrics/index.ts";
import type { SplitMeasures } from "./records.ts";

/** All measures of a split that are recorded, from its mean loss and its confusion matrix. */
export const measures = (loss: number, confusion: number[][]): SplitMeasures => ({
  loss,
  accuracy: accuracy(confusion),
  macro: macro(confusion),
  weighted: weighted(confusion),
  confusion,
});
