import type { Interval } from "./interval.ts";
import { pairedT } from "./paired-t.ts";
import { tInterval } from "./t-interval.ts";

export interface Equivalence {
  /** Of the hypothesis that the mean difference is at least the margin, in either direction. */
  p: number;
  /** The interval that lies within the margins exactly when p is below the level. */
  interval: Interval;
}

/**
 * Two one-sided t tests: whether the mean of the differences lies between -margin and margin. The larger p of the two counts.
 * Schuirmann, 1987; Lakens, 2017.
 * @param differences at least two
 * @param margin the smallest difference that matters, in the unit of the differences
 */
export function equivalence(differences: readonly number[], margin: number, level = 0.05): Equivalence {
  if (!(margin > 0)) throw new RangeError(`the margin must be > 0, got ${margin}`);
  const above = pairedT(differences, "greater", -margin);
  const below = pairedT(differences, "less", margin);
  return { p: Math.max(above.p, below.p), interval: tInterval(differences, 1 - 2 * level) };
}
