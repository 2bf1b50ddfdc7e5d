import type { EpochRecord, RunResults, Trial, TrialResult } from "../run/records.ts";
import { type Summary, summary } from "../stats/summary.ts";
import { canonicalJson, contentHash } from "../util/hash.ts";
import { groupBy } from "./group-by.ts";
import { configurationLabels, type Parts } from "./labels.ts";
import { DASHES, SERIES_COLORS, type SeriesStyle, SHAPES } from "./palette.ts";
import type { Who } from "./text.ts";

/** Measures over the seeds of the finished trials, each null when no trial has it. Final epoch unless it says otherwise. */
export interface Summaries {
  testAccuracy: Summary | null;
  testLoss: Summary | null;
  trainAccuracy: Summary | null;
  trainLoss: Summary | null;
  validationAccuracy: Summary | null;
  /** Test accuracy at the epoch whose validation accuracy was best; null without a validation split. */
  testAccuracyAtBestValidation: Summary | null;
}

/** What is compared: all trials that differ in their seed alone. */
export interface Configuration extends Parts {
  /** The same for the same configuration in any study. */
  key: string;
  /** Names only what varies in the study; unlike that of any other configuration. */
  label: string;
  style: SeriesStyle;
  /** All of its trials, ordered by seed, however they ended. */
  trials: TrialResult[];
  /** Those that trained to the end: what the summaries are made of. */
  done: TrialResult[];
  diverged: TrialResult[];
  summaries: Summaries;
}

/** A configuration as sentences name it. */
export const who = ({ label, key }: Configuration): Who => ({ label, key });

export const lastEpoch = (result: TrialResult): EpochRecord | undefined => result.history.at(-1);

/** The first epoch with the best validation accuracy; undefined without a validation split. */
export function bestValidationEpoch({ history }: TrialResult): EpochRecord | undefined {
  let best: EpochRecord | undefined;
  for (const record of history) {
    if (record.validation && record.validation.accuracy > (best?.validation?.accuracy ?? -1)) best = record;
  }
  return best;
}

/** Summary of the finite values that the trials have; null when there is none. */
export function over(
  trials: readonly TrialResult[],
  measure: (result: TrialResult) => number | undefined,
): Summary | null {
  const values = trials.map(measure).filter((v): v is number => v !== undefined && Number.isFinite(v));
  return values.length > 0 ? summary(values) : null;
}

function summarize(done: readonly TrialResult[]): Summaries {
  return {
    testAccuracy: over(done, (t) => lastEpoch(t)?.test.accuracy),
    testLoss: over(done, (t) => lastEpoch(t)?.test.loss),
    trainAccuracy: over(done, (t) => lastEpoch(t)?.train.accuracy),
    trainLoss: over(done, (t) => lastEpoch(t)?.train.loss),
    validationAccuracy: over(done, (t) => lastEpoch(t)?.validation?.accuracy),
    testAccuracyAtBestValidation: over(done, (t) => bestValidationEpoch(t)?.test.accuracy),
  };
}

/** The same for configurations that were trained on the same data under the same conditions. */
export const dataKey = ({ data }: Pick<Parts, "data">): string => canonicalJson(data);

/** The trial without what tells seeds apart. */
export function partsOf({ id: _id, seed: _seed, ...parts }: Trial): Parts {
  return parts;
}

/**
 * One colour for each loss while losses differ, else for each configuration, in the study's order; configurations of one colour
 * differ in dash and marker.
 */
export function styles(parts: readonly Parts[]): SeriesStyle[] {
  const losses = parts.map((p) => canonicalJson(p.loss));
  const several = new Set(losses).size > 1;
  const colors = new Map<string, number>();
  const variants = new Map<number, number>();
  return losses.map((loss, i) => {
    const key = several ? loss : String(i);
    if (!colors.has(key)) colors.set(key, colors.size);
    const color = colors.get(key)! % SERIES_COLORS.length;
    const variant = variants.get(color) ?? 0;
    variants.set(color, variant + 1);
    return {
      color: SERIES_COLORS[color],
      dash: DASHES[variant % DASHES.length],
      shape: SHAPES[variant % SHAPES.length],
    };
  });
}

/** The configurations of a run in the study's order. */
export function configurations(results: RunResults): Configuration[] {
  const place = new Map(results.run.trials.map((id, i) => [id, i]));
  const placeOf = (t: TrialResult) => place.get(t.trial.id) ?? Number.MAX_SAFE_INTEGER;
  const trials = [...results.trials].sort((a, b) => placeOf(a) - placeOf(b));
  // Texts are compared before they are hashed, which takes longer: seeds of a configuration have one.
  const groups = [...groupBy(trials, (t) => canonicalJson(partsOf(t.trial))).values()];
  const parts = groups.map(([first]) => partsOf(first.trial));
  const labels = configurationLabels(parts);
  const look = styles(parts);
  return groups.map((group, i) => {
    group.sort((a, b) => a.trial.seed - b.trial.seed);
    const done = group.filter((t) => t.status === "done" && t.history.length > 0);
    return {
      ...parts[i],
      key: contentHash(parts[i]),
      label: labels[i],
      style: look[i],
      trials: group,
      done,
      diverged: group.filter((t) => t.status === "diverged"),
      summaries: summarize(done),
    };
  });
}
