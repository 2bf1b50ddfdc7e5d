import {
  brier,
  expectedCalibrationError,
  logLossOfLogits,
  maximumCalibrationError,
  reliabilityBins,
  rocAucPerClass,
  type Scores,
  softmax,
  topK,
} from "../metrics/index.ts";
import type { ProbabilityMeasures, ProbabilityQuestion } from "./observations.ts";

/**
 * Measures of the softmax of logits, in float64.
 * @param logits [n · C]
 * @param labels [n]
 */
export function probabilityMeasures(
  logits: Float32Array,
  labels: ArrayLike<number>,
  { topK: ks, bins }: Pick<ProbabilityQuestion, "topK" | "bins">,
): ProbabilityMeasures {
  const targets = Array.from(labels);
  const classes = logits.length / targets.length;
  const rows: Scores = targets.map((_, i) => logits.subarray(i * classes, (i + 1) * classes));
  const probabilities = softmax(rows);
  const areas = rocAucPerClass(probabilities, targets);
  return {
    logLoss: logLossOfLogits(rows, targets),
    brier: brier(probabilities, targets),
    rocAuc: areas.reduce((a, b) => a + b, 0) / areas.length,
    rocAucPerClass: areas,
    ece: expectedCalibrationError(probabilities, targets, bins),
    mce: maximumCalibrationError(probabilities, targets, bins),
    // The top k of no more classes is always right: it is no measure of such data.
    topK: Object.fromEntries(ks.filter((k) => k < classes).map((k) => [k, topK(rows, targets, k)])),
    reliability: reliabilityBins(probabilities, targets, bins),
  };
}
