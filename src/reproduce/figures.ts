/** Our figures beside those of a report. */

import type { Selector, Value } from "../claims/grammar.ts";
import { selects } from "../claims/select.ts";
import type { SplitMeasures, Trial, TrialResult } from "../run/records.ts";
import { predictionInterval } from "../stats/prediction-interval.ts";
import { type Summary, summary } from "../stats/summary.ts";
import { UserError } from "../util/errors.ts";
import { isRecord } from "../util/record.ts";
import type { Figure, ReportedRow } from "./report-file.ts";

export interface ComparedFigure {
  split: "train" | "test";
  measure: "loss" | "accuracy";
  reported: Figure;
  /** Of the finished trials; null when there is none. */
  ours: Summary | null;
  /** Ours minus the reported value; 0 within a reported range; null without ours. */
  difference: number | null;
  /**
   * Whether the reported figure, which is of one run, lies where one more run of ours is expected (95 %). Of a reported range: whether
   * our mean lies in it. Null with fewer than two seeds.
   */
  inside: boolean | null;
}

export interface ComparedRow {
  row: ReportedRow;
  /** Finished trials, by which our figures are made. */
  seeds: number;
  diverged: number;
  figures: ComparedFigure[];
}

/** `{ loss: { hinge: { delta: 5 } }, batchSize: 10 }` as selectors. */
const selectorsOf = (where: ReportedRow["where"]): Selector[] =>
  Object.entries(where).map(([field, said]): Selector => {
    if (typeof said === "number") return { kind: "field", field, value: said, args: [] };
    if (typeof said === "string") return { kind: "member", name: said, args: [] };
    const [[name, given]] = Object.entries(said);
    const args = isRecord(given)
      ? Object.entries(given).map(([key, value]) => ({ key, value: value as Value }))
      : [{ key: null, value: given as Value }];
    return { kind: "member", name, args };
  });

/** The trials of a row: one configuration, all its seeds. */
function trialsOf<T extends { trial: Trial }>({ where }: ReportedRow, trials: readonly T[]): T[] {
  const selectors = selectorsOf(where);
  return trials.filter(({ trial }) => selectors.every((selector) => selects(selector, trial)));
}

/**
 * @param trials all that the row's study plans
 * @throws UserError when the row's words are true of none of its configurations, or of several
 */
export function checkRow(row: ReportedRow, trials: readonly { trial: Trial }[]): void {
  const found = trialsOf(row, trials).map(({ trial: { id: _, seed: __, ...parts } }) => JSON.stringify(parts));
  const configurations = new Set(found).size;
  if (configurations === 1) return;
  throw new UserError(
    `${configurations} configurations of ${row.study} are meant by ${JSON.stringify(row.where)}`,
    row.row,
  );
}

function compared(reported: Figure, values: readonly number[]): Omit<ComparedFigure, "split" | "measure"> {
  if (values.length === 0) return { reported, ours: null, difference: null, inside: null };
  const ours = summary(values);
  if (typeof reported !== "number") {
    const [low, high] = reported;
    const difference = ours.mean < low ? ours.mean - low : ours.mean > high ? ours.mean - high : 0;
    return { reported, ours, difference, inside: values.length < 2 ? null : difference === 0 };
  }
  const interval = predictionInterval(values);
  const inside = interval && interval.low <= reported && reported <= interval.high;
  return { reported, ours, difference: ours.mean - reported, inside };
}

/** Our figures for a reported row, from the trials of its study. */
export function compareRow(row: ReportedRow, trials: readonly TrialResult[]): ComparedRow {
  const own = trialsOf(row, trials);
  const usable = own.filter(({ status, history }) =>
    row.epoch === undefined ? status === "done" && history.length > 0 : history.length >= row.epoch,
  );
  const measured = (split: "train" | "test"): SplitMeasures[] =>
    usable.map(({ history }) => history[(row.epoch ?? history.length) - 1][split]);
  const figures = (["train", "test"] as const).flatMap((split) =>
    (["loss", "accuracy"] as const).flatMap((measure): ComparedFigure[] => {
      const reported = row[split]?.[measure];
      if (reported === undefined) return [];
      return [
        {
          split,
          measure,
          ...compared(
            reported,
            measured(split).map((m) => m[measure]),
          ),
        },
      ];
    }),
  );
  return { row, seeds: usable.length, diverged: own.filter((t) => t.status === "diverged").length, figures };
}
