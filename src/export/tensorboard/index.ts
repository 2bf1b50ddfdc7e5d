/** The epochs of each trial as TensorBoard's event files. */
import { specLabel } from "../../report/labels.ts";
import { DECISIONS, measuredAt, OF_PROBABILITIES, topKs } from "../../report/measures.ts";
import { trialLabels } from "../../report/trial-labels.ts";
import type { RunResults, TrialResult, TrialStatus } from "../../run/records.ts";
import { fileVersion, type Hyperparameters, scalars, sessionEnd, sessionStart } from "./events.ts";
import { recordFile } from "./record.ts";

const SPLITS = ["train", "validation", "test"] as const;

/** How trials end in TensorBoard's words. */
const ENDS: Partial<Record<TrialStatus, "success" | "failure">> = {
  done: "success",
  diverged: "failure",
  failed: "failure",
};

/** A label as the name of a folder on any system. */
const folderName = (label: string): string => label.replace(/[\\/:*?"<>|]/g, "-");

const hyperparameters = ({ trial }: TrialResult): Hyperparameters => ({
  model: specLabel(trial.model),
  activation: specLabel(trial.activation),
  loss: specLabel(trial.loss),
  optimizer: specLabel(trial.optimizer),
  schedule: specLabel(trial.schedule),
  batch_size: trial.batchSize,
  seed: trial.seed,
});

function eventsOf(result: TrialResult, label: string, begin: number, measures: typeof DECISIONS): Uint8Array[] {
  let now = begin;
  const epochs = result.history.map(({ epoch, seconds, learningRate, gradientNorm }) => {
    now += seconds;
    const ofSplits = SPLITS.flatMap((split): [string, number][] => {
      const found = measuredAt(result, split, epoch);
      if (!found) return [];
      const values = measures.flatMap(({ key, read }): [string, number][] => {
        const value = read(found);
        return value === undefined ? [] : [[`${key}/${split}`, value]];
      });
      return [[`loss/${split}`, found.measures.loss], ...values];
    });
    const own = { learning_rate: learningRate, gradient_norm: gradientNorm, seconds };
    return scalars(now, epoch, { ...Object.fromEntries(ofSplits), ...own });
  });
  return [
    fileVersion(begin),
    sessionStart(begin, label, hyperparameters(result)),
    ...epochs,
    sessionEnd(now, ENDS[result.status] ?? "running"),
  ];
}

/**
 * A file for each trial that has epochs: `<configuration>/seed <n>/events.out.tfevents.<begin>.losslab`, with each measure by epoch
 * under `<measure>/<split>`. Times are the run's begin and the trial's own seconds after it.
 */
export function tensorboard({ run, trials }: RunResults): Record<string, Uint8Array> {
  const labels = trialLabels(trials.map(({ trial }) => trial));
  const begin = Date.parse(run.startedAt) / 1000;
  const measures = [...DECISIONS, ...OF_PROBABILITIES, ...topKs(trials)];
  const files: Record<string, Uint8Array> = {};
  for (const result of trials) {
    const { id, seed } = result.trial;
    if (result.history.length === 0) continue;
    const label = labels.get(id)!;
    const file = `seed ${seed}/events.out.tfevents.${Math.floor(begin)}.losslab`;
    const path = `${folderName(label)}/${file}`;
    // Labels that differ in signs alone which folders cannot have.
    files[path in files ? `${folderName(label)} ${id}/${file}` : path] = recordFile(
      eventsOf(result, label, begin, measures),
    );
  }
  return files;
}
