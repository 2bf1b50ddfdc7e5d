import { criticalDifference } from "./nemenyi.ts";

export interface CriticalDifference {
  /** Mean ranks that lie closer than this cannot be told apart. */
  difference: number;
  /** Treatments by their mean ranks, smallest first. */
  order: number[];
  /** Groups of at least two that cannot be told apart, each as large as can be, as first and last places in `order`. */
  groups: [first: number, last: number][];
}

/** What a critical-difference diagram shows. Demšar, 2006, section 3.2.2. */
export function criticalDifferences(meanRanks: readonly number[], n: number, level = 0.05): CriticalDifference {
  const difference = criticalDifference(meanRanks.length, n, level);
  const order = [...meanRanks.keys()].sort((a, b) => meanRanks[a] - meanRanks[b]);
  const groups: [number, number][] = [];
  let reached = 0;
  for (let first = 0; first < order.length; first++) {
    const last = order.findLastIndex((i) => meanRanks[i] - meanRanks[order[first]] <= difference);
    if (last > first && last > reached) groups.push([first, last]);
    reached = Math.max(reached, last);
  }
  return { difference, order, groups };
}
