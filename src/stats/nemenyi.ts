import { rangeQuantile, rangeTail } from "./distributions/studentized-range.ts";

/** The critical value for k treatments: the studentized range's quantile over √2. Demšar, 2006, table 5. */
export const nemenyiQ = (k: number, level = 0.05): number => rangeQuantile(1 - level, k) / Math.SQRT2;

/** The difference of two mean ranks over n blocks that is significant.   q √(k (k+1) / 6n), Nemenyi, 1963 */
export const criticalDifference = (k: number, n: number, level = 0.05): number =>
  nemenyiQ(k, level) * Math.sqrt((k * (k + 1)) / (6 * n));

/** p of all pairs of treatments by their mean ranks over n blocks, corrected for all of them. */
export function nemenyi(meanRanks: readonly number[], n: number): number[][] {
  const k = meanRanks.length;
  const scale = Math.sqrt((k * (k + 1)) / (12 * n));
  const p: number[][] = meanRanks.map(() => Array(k).fill(1));
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < i; j++) p[i][j] = p[j][i] = rangeTail(Math.abs(meanRanks[i] - meanRanks[j]) / scale, k);
  }
  return p;
}
