import { deviation } from "./deviation.ts";
import { tTail } from "./distributions/student-t.ts";
import type { Alternative } from "./interval.ts";
import { mean } from "./mean.ts";

export interface TTest {
  /** Infinite when all differences are the same number other than 0; 0 when all are 0. */
  t: number;
  df: number;
  p: number;
}

/** p of a t statistic. */
export const tP = (t: number, df: number, alternative: Alternative): number =>
  alternative === "two-sided" ? Math.min(1, 2 * tTail(Math.abs(t), df)) : tTail(alternative === "greater" ? t : -t, df);

/**
 * Whether the mean of the differences is `centre`, for normal differences.   t = (mean - centre) / (sd / √n), Student, 1908
 * @param differences at least two
 */
export function pairedT(differences: readonly number[], alternative: Alternative = "two-sided", centre = 0): TTest {
  const df = differences.length - 1;
  if (df < 1) throw new RangeError(`a t test needs at least two pairs, got ${differences.length}`);
  const away = mean(differences) - centre;
  const t = away === 0 ? 0 : away / (deviation(differences) / Math.sqrt(differences.length));
  return { t, df, p: tP(t, df, alternative) };
}
