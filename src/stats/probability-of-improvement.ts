import { normalQuantile } from "./distributions/normal.ts";
import type { Interval } from "./interval.ts";

export interface ProbabilityOfImprovement extends Interval {
  estimate: number;
}

/**
 * How likely one is better than the other in a new pair, such as with a new seed: the share of positive differences, zeros half.
 * Agarwal et al., 2021, of pairs. The interval is that of a share, which does not shrink to a point when all differences have one sign:
 * Wilson, 1927.
 */
export function probabilityOfImprovement(differences: readonly number[], confidence = 0.95): ProbabilityOfImprovement {
  const n = differences.length;
  const estimate = differences.reduce((sum, d) => sum + (d > 0 ? 1 : d === 0 ? 0.5 : 0), 0) / n;
  const z = normalQuantile((1 + confidence) / 2);
  const centre = (estimate + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((estimate * (1 - estimate)) / n + (z * z) / (4 * n * n));
  return { estimate, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
