import { chiSquaredTail } from "./distributions/chi-squared.ts";
import { fTail } from "./distributions/f.ts";
import { mean } from "./mean.ts";
import { ranks, tieSizes } from "./ranks.ts";

export interface Friedman {
  /** Corrected for ties. */
  chiSquared: number;
  uncorrected: number;
  df: number;
  p: number;
  /** The less conservative F statistic of Iman and Davenport, 1980, and its p. */
  f: number;
  fP: number;
  /** Of each treatment over the blocks; the smallest value has rank 1. */
  meanRanks: number[];
}

/**
 * Whether treatments differ, by their ranks within each block. Friedman, 1937; ties: Conover, 1999.
 * @param blocks [blocks][treatments], for example a data set's or a seed's accuracies; at least two of each
 */
export function friedman(blocks: readonly (readonly number[])[]): Friedman {
  const n = blocks.length;
  const k = blocks[0]?.length ?? 0;
  if (n < 2 || k < 2) throw new RangeError(`needs at least two blocks of two treatments, got ${n} of ${k}`);
  const ranked = blocks.map(ranks);
  const meanRanks = Array.from({ length: k }, (_, j) => mean(ranked.map((row) => row[j])));
  const spread = meanRanks.reduce((sum, r) => sum + (r - (k + 1) / 2) ** 2, 0);
  const uncorrected = (12 * n * spread) / (k * (k + 1));
  const ties = ranked.flatMap(tieSizes).reduce((sum, t) => sum + t * (t * t - 1), 0);
  const correction = 1 - ties / (n * k * (k * k - 1));
  const chiSquared = spread === 0 ? 0 : uncorrected / correction;
  // All blocks in one order leave no error: F is infinite.
  const f = ((n - 1) * chiSquared) / Math.max(0, n * (k - 1) - chiSquared);
  return {
    chiSquared,
    uncorrected,
    df: k - 1,
    p: chiSquaredTail(chiSquared, k - 1),
    f: chiSquared === 0 ? 0 : f,
    fP: chiSquared === 0 ? 1 : fTail(f, k - 1, (k - 1) * (n - 1)),
    meanRanks,
  };
}
