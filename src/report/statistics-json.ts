import type { RunResults } from "../run/records.ts";
import { judgedClaims } from "./claims.ts";
import { comparisonsOf } from "./comparisons.ts";
import { configurations } from "./configurations.ts";
import { looksJson, sequentialLooks } from "./looks.ts";

/** What the trials come to, for programs: configurations, all pairs of them, claims. Accuracies and differences are fractions. */
export function statisticsJson(results: RunResults): Record<string, unknown> {
  const all = configurations(results);
  const looks = sequentialLooks(results);
  const comparisons = comparisonsOf(results, all);
  return {
    ...(looks && { sequential: looksJson(looks) }),
    configurations: all.map(({ label, trials, done, diverged, summaries }) => ({
      label,
      trials: trials.map((t) => t.trial.id),
      done: done.length,
      diverged: diverged.length,
      testAccuracy: summaries.testAccuracy,
    })),
    comparisons: comparisons.pairs.map(({ first, second, judged }) => ({
      first: first.label,
      second: second.label,
      seeds: judged.differences.length,
      difference: judged.differences.length > 0 ? judged.difference.mean : null,
      halfWidth: judged.difference.halfWidth,
      p: judged.p,
      adjustedP: judged.adjustedP,
      equivalenceP: judged.equivalenceP,
      adjustedEquivalenceP: judged.adjustedEquivalenceP,
      margin: comparisons.margin,
      verdict: judged.verdict,
      seedsNeeded: judged.verdict === "undecided" ? comparisons.seedsToSettle(judged) : null,
    })),
    claims: judgedClaims(results).map(({ claim, verdict, p, adjustedP, seeds, seedsNeeded, findings }) => ({
      ...claim,
      verdict: findings.length > 0 ? verdict : null,
      p,
      adjustedP,
      seeds,
      seedsNeeded,
      findings: findings.map(({ left, operator, right, unit, margin, difference }) => ({
        left: left.text,
        operator,
        right: right.text,
        unit,
        margin,
        seeds: difference.n,
        difference: difference.n > 0 ? difference.mean : null,
        halfWidth: difference.halfWidth,
        trialsWithout: left.without + right.without,
      })),
    })),
  };
}
