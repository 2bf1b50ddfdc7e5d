/** How likely more seeds are to decide a claim. */
import { conditionalPower } from "../stats/conditional-power.ts";
import type { Finding } from "./evidence.ts";
import { leastSd } from "./verdict.ts";

/**
 * The conditional power of a claim, in either direction, at the largest number of seeds.
 * @param critical normal statistic of one side at the last look
 * @returns null where it cannot be said: equality to rounding, fewer than two seeds
 */
export function claimProspect(findings: readonly Finding[], most: number, critical: number): number | null {
  const sides = findings.map((finding) => {
    const { operator, margin, difference } = finding;
    if (operator === "=" || difference.n < 2) return null;
    const state = { n: difference.n, mean: difference.mean, sd: Math.max(difference.sd ?? 0, leastSd(finding)) };
    const above = (limit: number) => conditionalPower(state, limit, "greater", most, critical);
    const below = (limit: number) => conditionalPower(state, limit, "less", most, critical);
    if (operator === "≈")
      return { as: Math.min(above(-margin), below(margin)), other: Math.max(above(margin), below(-margin)) };
    return operator.startsWith(">")
      ? { as: above(margin), other: below(margin) }
      : { as: below(-margin), other: above(-margin) };
  });
  if (sides.length === 0 || sides.some((s) => s === null)) return null;
  const known = sides as { as: number; other: number }[];
  return Math.max(Math.min(...known.map((s) => s.as)), Math.max(...known.map((s) => s.other)));
}
