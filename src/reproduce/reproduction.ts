/** A written report, repeated: our figures beside its own, and each claim with its evidence. Pure. */

import type { ReadClaim } from "../claims/claim.ts";
import { checkClaim, evidence } from "../claims/evidence.ts";
import { type JudgedClaim, judgeClaims } from "../claims/verdict.ts";
import type { Trial, TrialResult } from "../run/records.ts";
import { type ComparedRow, checkRow, compareRow } from "./figures.ts";
import type { WrittenReport } from "./report-file.ts";

export interface Reproduction {
  report: WrittenReport;
  rows: ComparedRow[];
  claims: JudgedClaim[];
}

/** The trials that a claim speaks of: those of the studies that it names, or of all. A trial of several studies counts once. */
function spokenOf<T extends { trial: Trial }>(
  { claim: { in: names } }: ReadClaim,
  { studies }: WrittenReport,
  trials: ReadonlyMap<string, readonly T[]>,
): T[] {
  const all = (names ?? studies).flatMap((study) => trials.get(study) ?? []);
  return [...new Map(all.map((one) => [one.trial.id, one])).values()];
}

/** @param trials those of each of the report's studies */
export function reproduction(report: WrittenReport, trials: ReadonlyMap<string, readonly TrialResult[]>): Reproduction {
  return {
    report,
    rows: report.reported.map((row) => compareRow(row, trials.get(row.study) ?? [])),
    claims: judgeClaims(report.claims.map((claim) => evidence(claim, spokenOf(claim, report, trials)))),
  };
}

/**
 * Finds rows and claims that speak of no trial of their studies.
 * @param trials those that each of the report's studies plans
 */
export function checkReport(report: WrittenReport, trials: ReadonlyMap<string, readonly { trial: Trial }[]>): void {
  for (const row of report.reported) checkRow(row, trials.get(row.study) ?? []);
  for (const claim of report.claims)
    checkClaim(
      claim,
      spokenOf(claim, report, trials).map(({ trial }) => trial),
    );
}
