import { UserError } from "../util/errors.ts";
import { argmax, checkScores, type Scores } from "./scores.ts";

/** The examples whose confidence, the largest probability, lies in (low, high]. */
export interface ReliabilityBin {
  low: number;
  high: number;
  count: number;
  /** Share of its examples that are recognized; 0 of none. */
  accuracy: number;
  /** Their mean confidence; 0 of none. */
  confidence: number;
}

/**
 * Bins of equal width over the confidence: what a reliability diagram shows. Guo et al., 2017, arXiv:1706.04599, § 2.
 * @param probabilities [N][C]
 */
export function reliabilityBins(probabilities: Scores, targets: readonly number[], bins = 15): ReliabilityBin[] {
  if (!Number.isInteger(bins) || bins < 1) throw new UserError(`bins must be a whole number >= 1, got ${bins}`);
  checkScores(probabilities, targets);
  const sums = Array.from({ length: bins }, () => ({ count: 0, hits: 0, confidence: 0 }));
  for (const [i, target] of targets.entries()) {
    const predicted = argmax(probabilities[i]);
    const confidence = probabilities[i][predicted];
    if (!(confidence >= 0 && confidence <= 1 + 1e-6))
      throw new UserError(`probabilities[${i}] has the largest value ${confidence}; expected probabilities, 0 to 1`);
    const bin = sums[Math.min(bins, Math.max(1, Math.ceil(confidence * bins))) - 1];
    bin.count++;
    if (predicted === target) bin.hits++;
    bin.confidence += confidence;
  }
  return sums.map(({ count, hits, confidence }, b) => ({
    low: b / bins,
    high: (b + 1) / bins,
    count,
    accuracy: count > 0 ? hits / count : 0,
    confidence: count > 0 ? confidence / count : 0,
  }));
}

const gap = ({ accuracy, confidence }: ReliabilityBin): number => Math.abs(accuracy - confidence);

/**
 * Expected calibration error: how far confidence and accuracy lie apart on average.   ECE = Σ_b (n_b / n) |acc_b - conf_b|
 * NaN of no examples. Naeini et al., 2015; Guo et al., 2017, arXiv:1706.04599, eq. 3.
 */
export function expectedCalibrationError(probabilities: Scores, targets: readonly number[], bins = 15): number {
  const all = reliabilityBins(probabilities, targets, bins);
  return all.reduce((sum, bin) => sum + bin.count * gap(bin), 0) / targets.length;
}

/**
 * Maximum calibration error: how far they lie apart in the worst bin that has examples.   MCE = max_b |acc_b - conf_b|
 * Naeini et al., 2015; Guo et al., 2017, arXiv:1706.04599, eq. 5.
 */
export const maximumCalibrationError = (probabilities: Scores, targets: readonly number[], bins = 15): number =>
  Math.max(0, ...reliabilityBins(probabilities, targets, bins).map(gap));
