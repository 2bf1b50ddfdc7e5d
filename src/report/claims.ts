/** The claims of a study, judged by its trials. */
import { readClaims } from "../claims/claim.ts";
import { evidence, type Finding } from "../claims/evidence.ts";
import { type JudgedClaim, judgeClaims, type Verdict } from "../claims/verdict.ts";
import type { RunResults } from "../run/records.ts";
import { samplingOf } from "./sampling.ts";
import { compared } from "./stages.ts";
import { plainText, type Text } from "./text.ts";
import { type Words, wordsIn } from "./words/index.ts";

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

/** A difference as sentences are told it. */
export const differenceOf = ({ difference: { n, mean, halfWidth }, unit }: Finding) => ({ n, mean, halfWidth, unit });

/** `+0.31 ± 0.20 points, p = 0.012, 5 seeds, about 12 would decide`; where there is no test, where to look. */
export function groundsText(judged: JudgedClaim, words: Words = wordsIn("en")): string {
  const { findings, adjustedP: p, seeds, seedsNeeded, claim } = judged;
  if (findings.length === 0) return claim.see ?? "";
  const without = findings.reduce((n, { left, right }) => n + left.without + right.without, 0);
  return plainText(words.claims.grounds({ differences: findings.map(differenceOf), p, seeds, without, seedsNeeded }));
}

/** `2 of 3 claims are supported, 1 is undecided.`; null without a claim that can be tested. */
export function claimsSentence(claims: readonly JudgedClaim[], words: Words): Text | null {
  const tested = claims.filter((c) => c.findings.length > 0);
  const count = (verdict: Verdict): number => tested.filter((c) => c.verdict === verdict).length;
  const counts = {
    supported: count("supported"),
    contradicted: count("contradicted"),
    undecided: count("undecided"),
  };
  return tested.length === 0 ? null : words.claims.summary({ counts });
}
