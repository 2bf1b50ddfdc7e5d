/** The claims of a study, judged by its trials. */
import { readClaims } from "../claims/claim.ts";
import { evidence } from "../claims/evidence.ts";
import { type JudgedClaim, judgeClaims } from "../claims/verdict.ts";
import { differenceText } from "../claims/words.ts";
import type { RunResults } from "../run/records.ts";
import { plural, pValue } from "../util/format.ts";
import { samplingOf } from "./sampling.ts";
import { compared } from "./stages.ts";

/** Those that the run's study names, in its order. A store may hold a study of another version: what it cannot read is left out there too. */
export function judgedClaims(whole: RunResults): JudgedClaim[] {
  const results = compared(whole);
  const sampling = samplingOf(results);
  const { claims } = readClaims(results.run.spec.claims);
  return judgeClaims(
    claims.map((claim) => evidence(claim, results.trials, sampling)),
    sampling,
  );
}

/** `+0.31 ± 0.20 points, p = 0.012, 5 seeds; about 12 would decide` */
export function groundsText({ findings, adjustedP, seeds, seedsNeeded, claim }: JudgedClaim): string {
  if (findings.length === 0) return claim.see ?? "";
  const differences = findings.map(({ difference, unit }) => differenceText(difference, unit)).join("; ");
  const p = adjustedP === null ? [] : [adjustedP < 0.001 ? "p < 0.001" : `p = ${pValue(adjustedP)}`];
  const missing = findings.reduce((n, { left, right }) => n + left.without + right.without, 0);
  const lost = missing > 0 ? [`${plural(missing, "trial")} without it`] : [];
  const more = seedsNeeded === null ? [] : [`about ${plural(seedsNeeded, "seed")} would decide`];
  return [differences, ...p, plural(seeds, "seed"), ...lost, ...more].join(", ");
}

/** `2 of 3 claims are supported, 1 is undecided.`; null without a claim that can be tested. */
export function claimsSentence(claims: readonly JudgedClaim[]): string | null {
  const tested = claims.filter((c) => c.findings.length > 0);
  if (tested.length === 0) return null;
  const counts = (["supported", "contradicted", "undecided"] as const).flatMap((verdict) => {
    const n = tested.filter((c) => c.verdict === verdict).length;
    return n > 0 ? [{ n, verdict }] : [];
  });
  const [{ n, verdict }, ...others] = counts;
  const first = `${n} of ${plural(tested.length, "claim")} ${n === 1 ? "is" : "are"} ${verdict}`;
  return `${[first, ...others.map((o) => `${o.n} ${o.n === 1 ? "is" : "are"} ${o.verdict}`)].join(", ")}.`;
}
