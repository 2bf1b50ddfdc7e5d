/** How configurations of the same data stand to the first of them. */
import { bestP } from "../stats/best.ts";
import type { Judged } from "../stats/family.ts";
import { type Comparisons, LEVEL } from "./comparisons.ts";
import type { Configuration } from "./configurations.ts";

/**
 * `behind`: surely not the best, as another is ahead of it. `equivalent`: the difference to the first is surely smaller than the smallest
 * that matters. `equal`: the same number in every seed. Else `undecided`.
 */
export type Standing = "first" | "equal" | "equivalent" | "undecided" | "behind" | "unfinished";

export interface Stands {
  standing: Standing;
  /** With the first; null for the first itself. */
  comparison: Judged | null;
  /** Of its being the best: multiple comparisons with the best. Null where nothing could be tested. */
  bestP: number | null;
  /** Of a difference to the first of at least the margin. */
  equivalenceP: number | null;
  /** The others it is held against: what its p are corrected for. */
  rivals: number;
}

/**
 * Whoever reads a ranking compares each configuration with the best: its rivals are the family, not all pairs, of which most say nothing
 * about the best. What is decided among all pairs is decided here as well.
 * @param ranked all with a finished trial on the same data, best first
 */
export function standings(ranked: readonly Configuration[], comparisons: Comparisons): Stands[] {
  const rivals = ranked.length - 1;
  const best = bestP(ranked.length, (i, j) => {
    const found = comparisons.between(ranked[i], ranked[j]);
    if (!found) return null;
    const { difference, p, adjustedP } = found.judged;
    return { difference: found.turned ? -difference.mean : difference.mean, p, adjustedP };
  });
  return ranked.map((configuration, i) => {
    const comparison = comparisons.of(configuration, ranked[0]);
    const tested = ranked.some((other) => comparisons.between(configuration, other)?.judged.p != null);
    const { equivalenceP: p = null, adjustedEquivalenceP: holm = null } = comparison ?? {};
    const equivalenceP = p === null ? null : Math.min(1, rivals * p, holm ?? 1);
    const standing =
      comparison === null
        ? "first"
        : comparison.verdict === "equal"
          ? "equal"
          : tested && best[i] <= LEVEL
            ? "behind"
            : equivalenceP !== null && equivalenceP <= LEVEL
              ? "equivalent"
              : "undecided";
    return { standing, comparison, bestP: tested ? best[i] : null, equivalenceP, rivals };
  });
}
