/** What evidence decides, when all claims that are looked at together may be wrong in 5 % of studies at most. */
import { holm } from "../stats/adjust.ts";
import { equivalencePower, pairedPower, pairsNeeded } from "../stats/power.ts";
import { meanP, type Sampling } from "../stats/sampling.ts";
import type { Evidence, Finding } from "./evidence.ts";

export type Verdict = "supported" | "contradicted" | "undecided";

export interface JudgedClaim extends Evidence {
  verdict: Verdict;
  /** Two-sided, of the whole claim; null where nothing was tested: equality to rounding, one seed, no test. */
  p: number | null;
  /** Corrected for all claims by Holm's method. */
  adjustedP: number | null;
  /** The fewest that a comparison has. */
  seeds: number;
  /** About how many would decide an undecided claim with a power of 80 %, if differences stay as they are; null when that cannot be said. */
  seedsNeeded: number | null;
}

const LEVEL = 0.05;
const MOST_SEEDS = 1000;

/** p of a finding being as claimed and of its being the other way; null where there is no test. */
interface Sides {
  as: number;
  other: number;
}

/** A number of epochs is whole: the deviation of equal ones is at least that of their rounding. */
export const leastSd = ({ unit, right }: Finding): number =>
  unit === "epochs" ? 1 / Math.sqrt(right.trials > 0 ? 6 : 12) : 0;

function sidesOf(finding: Finding, sampling: Sampling | undefined): Sides | null {
  const { operator, margin, direction, differences } = finding;
  // Equal to rounding or not: seen, not tested.
  if (operator === "=") return direction === "undecided" ? null : direction === "as claimed" ? { as: 0, other: 1 } : { as: 1, other: 0 }; // biome-ignore format: one line
  if (finding.difference.n < 2) return null;
  const options = { sampling, leastSd: leastSd(finding) };
  const above = (limit: number): number => meanP(differences, limit, "greater", options)!;
  const below = (limit: number): number => meanP(differences, limit, "less", options)!;
  if (operator === "≈") {
    const inside = Math.max(above(-margin), below(margin));
    return { as: inside, other: Math.min(above(margin), below(-margin)) };
  }
  return operator === ">" || operator === ">="
    ? { as: above(margin), other: below(margin) }
    : { as: below(-margin), other: above(-margin) };
}

/** All findings must be as claimed; one the other way is enough against it. */
function together(findings: readonly Finding[], sampling: Sampling | undefined): Sides | null {
  const sides = findings.map((finding) => sidesOf(finding, sampling));
  if (sides.length === 0 || sides.some((s) => s === null)) return null;
  const known = sides as Sides[];
  return {
    as: Math.max(...known.map((s) => s.as)),
    other: Math.min(1, known.length * Math.min(...known.map((s) => s.other))),
  };
}

const twoSided = ({ as, other }: Sides): number => Math.min(1, 2 * Math.min(as, other));

/** Pairs that a finding needs to be decided at this level. */
function needed(finding: Finding, level: number): number | null {
  const { operator, margin, difference } = finding;
  const sd = Math.max(difference.sd ?? 0, leastSd(finding));
  if (operator === "=" || difference.n < 3 || !(sd > 0)) return null;
  const { mean } = difference;
  const within = operator === "≈" && Math.abs(mean) < margin;
  const limit = operator === "≈" ? Math.sign(mean) * margin : operator.startsWith(">") ? margin : -margin;
  const power = (n: number): number =>
    within ? equivalencePower(mean, sd, margin, n, level / 2) : pairedPower((mean - limit) / sd, n, level);
  return pairsNeeded(power, 0.8, MOST_SEEDS);
}

/**
 * Judges all claims that are looked at together. Holm, 1979; a claim of several comparisons: Berger, 1982.
 * @param sampling the looks in which seeds were added, if they were: the evidence is that of the last, and p values hold over all of them
 */
export function judgeClaims(all: readonly Evidence[], sampling?: Sampling): JudgedClaim[] {
  const sides = all.map(({ findings }) => together(findings, sampling));
  const tested = all.map(({ findings }, i) => sides[i] !== null && findings.some((f) => f.operator !== "="));
  const family = [...all.keys()].filter((i) => tested[i]);
  const adjusted = new Map<number, number>();
  for (const [k, p] of holm(family.map((i) => twoSided(sides[i]!))).entries()) adjusted.set(family[k], p);
  const verdicts = all.map((_, i): Verdict => {
    const side = sides[i];
    if (side === null || (adjusted.get(i) ?? 0) > LEVEL) return "undecided";
    return side.as < side.other ? "supported" : "contradicted";
  });
  const open = family.filter((i) => verdicts[i] === "undecided").length;
  return all.map((evidence, i) => {
    const { findings } = evidence;
    const unsettled = findings.filter((f) => f.direction !== "as claimed");
    const wanted = (unsettled.length > 0 ? unsettled : findings).map((f) => needed(f, LEVEL / Math.max(1, open)));
    return {
      ...evidence,
      verdict: verdicts[i],
      p: tested[i] ? twoSided(sides[i]!) : null,
      adjustedP: adjusted.get(i) ?? null,
      seeds: findings.length > 0 ? Math.min(...findings.map((f) => f.difference.n)) : 0,
      seedsNeeded:
        verdicts[i] === "undecided" && wanted.length > 0 && !wanted.includes(null)
          ? Math.max(...(wanted as number[]))
          : null,
    };
  });
}
