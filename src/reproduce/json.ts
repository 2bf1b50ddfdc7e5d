/** A reproduction for programs. */

import type { Summary } from "../stats/summary.ts";
import { jsonNumber } from "../util/format.ts";
import type { Reproduction } from "./reproduction.ts";

const summaryJson = (summary: Summary | null): object | null =>
  summary && {
    n: summary.n,
    mean: jsonNumber(summary.mean),
    sd: summary.sd,
    halfWidth: summary.halfWidth,
  };

export const reproductionJson = ({ report, rows, claims }: Reproduction): object => ({
  report: report.report,
  title: report.title,
  studies: report.studies,
  figures: rows.flatMap(({ row, seeds, diverged, figures }) =>
    figures.map(({ ours, ...figure }) => ({
      row: row.row,
      study: row.study,
      source: row.source,
      ...(row.epoch !== undefined && { epoch: row.epoch }),
      seeds,
      diverged,
      ...figure,
      ours: summaryJson(ours),
    })),
  ),
  claims: claims.map(({ claim, direction, verdict, p, adjustedP, seeds, seedsNeeded, findings }) => ({
    ...claim,
    direction: claim.test === undefined ? null : direction,
    verdict: claim.test === undefined ? null : verdict,
    p,
    adjustedP,
    seeds,
    seedsNeeded,
    findings: findings.map(({ differences, difference, left, right, ...finding }) => ({
      ...finding,
      left: { ...left, value: jsonNumber(left.value) },
      right: { ...right, value: jsonNumber(right.value) },
      difference: summaryJson(difference),
      differences: Object.fromEntries(differences),
    })),
  })),
});
