import { holm } from "./adjust.ts";
import type { Comparison } from "./compare.ts";
import { normalQuantile } from "./distributions/normal.ts";
import { equivalencePower, pairedPower, pairsNeeded } from "./power.ts";

/**
 * `equal`: the same in every pair. `different`: of one sign beyond chance. `equivalent`: surely smaller than the margin. `undecided`:
 * neither can be said.
 */
export type Verdict = "equal" | "different" | "equivalent" | "undecided";

export interface Judged extends Comparison {
  /** Corrected for all comparisons of the family. */
  adjustedP: number | null;
  adjustedEquivalenceP: number | null;
  verdict: Verdict;
  /** Of a difference: whether it is surely smaller than the margin. */
  negligible: boolean;
}

function verdictOf(comparison: Comparison, different: boolean, equivalent: boolean): Verdict {
  if (comparison.p === null) return "undecided";
  if (comparison.differences.every((d) => d === 0)) return "equal";
  return different ? "different" : equivalent ? "equivalent" : "undecided";
}

/**
 * Judges all comparisons that are looked at together: each kind of error, to see a difference where there is none and to miss one that
 * matters, keeps to the level over the whole family (Holm, 1979). A comparison without a test counts as one with p = 1.
 */
export function judge<C extends Comparison>(family: readonly C[], level = 0.05): (C & Judged)[] {
  const adjusted = holm(family.map((c) => c.p ?? 1));
  const adjustedEquivalence = holm(family.map((c) => c.equivalenceP ?? 1));
  return family.map((c, i) => {
    const [different, equivalent] = [adjusted[i] <= level, adjustedEquivalence[i] <= level];
    return {
      ...c,
      adjustedP: c.p === null ? null : adjusted[i],
      adjustedEquivalenceP: c.equivalenceP === null ? null : adjustedEquivalence[i],
      verdict: verdictOf(c, different, equivalent),
      negligible: different && equivalent,
    };
  });
}

const POWER = 0.8;
const MOST = 1000;

/** About how many pairs a one-sided test of an effect needs.   ((z(1 - α) + z(power)) / d)² + z(1 - α)² / 2,   Guenther, 1981 */
function roughly(effect: number, level: number, power: number): number {
  const z = -normalQuantile(level);
  return ((z + normalQuantile(power)) / effect) ** 2 + z ** 2 / 2;
}

/**
 * About how many pairs would decide, with a power of 80 %, if the true difference and deviation were those observed: by finding a
 * difference or equivalence, whichever takes fewer. Null of fewer than three pairs, which say too little, or of more than 1000.
 * @param level of this comparison within its family, such as 5 % over the number of those undecided
 */
export function pairsToSettle({ difference, sd }: Comparison, margin: number, level: number): number | null {
  if (sd === null || sd === 0 || difference.n < 3) return null;
  const away = Math.abs(difference.mean);
  const needed = [
    away > 0
      ? pairsNeeded((n) => pairedPower(away / sd, n, level), POWER, MOST, roughly(away / sd, level / 2, POWER))
      : null,
    away < margin
      ? pairsNeeded((n) => equivalencePower(away, sd, margin, n, level), POWER, MOST, roughly((margin - away) / sd, level, POWER)) // biome-ignore format: one line
      : null,
  ].filter((n) => n !== null);
  return needed.length > 0 ? Math.max(difference.n + 1, Math.min(...needed)) : null;
}
