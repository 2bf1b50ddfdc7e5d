/** One trial, with all that is known of it. */
import * as sources from "../data/datasets/index.ts";
import { bestValidationEpoch, lastEpoch } from "../report/configurations.ts";
import { dataLabel, plain, specLabel } from "../report/labels.ts";
import { classesOf, DECISIONS, diagnosisOf, faultOf, probabilitiesOf } from "../report/measures.ts";
import { disturbance } from "../report/results-csv.ts";
import { trialLabels } from "../report/trial-labels.ts";
import { isRobustness } from "../run/observations.ts";
import type { EpochRecord, Spec, SplitMeasures, Trial, TrialResult } from "../run/records.ts";
import type { Store } from "../store/store.ts";
import { UserError } from "../util/errors.ts";
import type { ConfusionView, SplitKey, SplitView, TrialView } from "./api.ts";
import { SPLITS } from "./metrics.ts";
import { finite, numeric } from "./numbers.ts";

const splitOf = (record: EpochRecord | undefined, split: SplitKey): SplitMeasures | null =>
  (split === "noisy_test" ? record?.noisyTest : record?.[split]) ?? null;

function splitView(measures: SplitMeasures): SplitView {
  return {
    loss: numeric(measures.loss),
    measures: DECISIONS.map(({ key, title, unit, read }) => ({
      key,
      title,
      unit,
      value: numeric(read({ measures, probabilities: null })),
    })),
    perClass: classesOf(measures),
    confusion: measures.confusion,
  };
}

/** The classes by name, of data that losslab knows: those of one's own are not in the store. */
const classNamesOf = ({ data }: Trial): readonly string[] | undefined =>
  Object.values(sources).find(({ name }) => name === data.set)?.classes;

/** Its fields in words, those that say something. */
function partsOf({ id: _, seed, data, epochs, batchSize, observe: __, ...fields }: Trial): TrialView["parts"] {
  const text = (value: unknown): string | null =>
    value === undefined || value === null
      ? null
      : typeof value === "object"
        ? Object.keys(value).length === 1
          ? specLabel(value as Spec)
          : JSON.stringify(value)
        : String(value);
  const others = Object.entries(fields).flatMap(([name, value]) => {
    const said = text(value);
    return said === null || said === "" ? [] : [{ name: plain(name), text: said }];
  });
  return [
    { name: "data", text: dataLabel(data) },
    ...others,
    { name: "epochs", text: String(epochs) },
    { name: "batch size", text: String(batchSize) },
    { name: "seed", text: String(seed) },
  ];
}

/** What all splits have after each epoch. */
function over(history: readonly EpochRecord[], read: (m: SplitMeasures) => number) {
  const has = SPLITS.filter((split) => history.some((r) => splitOf(r, split)));
  const values = (split: SplitKey) => history.map((r) => numeric(splitOf(r, split) && read(splitOf(r, split)!)));
  return Object.fromEntries(has.map((split) => [split, values(split)]));
}

async function found(store: Store, id: string): Promise<{ result: TrialResult; runs: string[] }> {
  const trial = await store.trialResult(id);
  if (!trial) throw new UserError(`there is no trial ${id} in this store`, "trial");
  return trial;
}

/** @throws UserError when there is none of this id */
export const trialOf = async (store: Store, id: string): Promise<TrialResult> => (await found(store, id)).result;

export async function trialView(store: Store, id: string): Promise<TrialView> {
  const { result, runs } = await found(store, id);
  const { trial, status, reason, history, observations, cohort } = result;
  const last = lastEpoch(result);
  const siblings = (await store.results(runs.at(-1), { history: false })).trials.map((t) => t.trial);
  const state = cohort === null ? null : await store.cohort(cohort);
  const final = SPLITS.flatMap((split) => {
    const measures = splitOf(last, split);
    return measures ? [[split, splitView(measures)]] : [];
  });
  const splits = ["train", "validation", "test"] as const;
  const probabilities = splits.flatMap((split) => {
    const answer = last && probabilitiesOf(result, split, last.epoch);
    return answer ? [[split, finite(answer)]] : [];
  });
  const fault = faultOf(result);
  return {
    id,
    runs,
    label: trialLabels(siblings).get(id) ?? id,
    seed: trial.seed,
    status,
    reason,
    parts: partsOf(trial),
    spec: trial,
    classes: (last?.test.confusion ?? []).map((_, k) => classNamesOf(trial)?.[k] ?? String(k)),
    epochs: trial.epochs,
    history: {
      epoch: history.map((r) => r.epoch),
      seconds: history.map((r) => r.seconds),
      learningRate: history.map((r) => numeric(r.learningRate)),
      gradientNorm: history.map((r) => numeric(r.gradientNorm)),
      loss: over(history, (m) => m.loss),
      accuracy: over(history, (m) => m.accuracy),
    },
    bestEpoch: bestValidationEpoch(result)?.epoch ?? null,
    final: Object.fromEntries(final),
    probabilities: Object.fromEntries(probabilities),
    robustness: observations.flatMap(({ question, answer }) => {
      if (!isRobustness(question) || !("accuracy" in answer)) return [];
      const { what, strength } = disturbance(question);
      const { accuracy, loss, examples } = answer as { accuracy: number; loss: number; examples: number };
      return [{ kind: question.kind, what, strength, loss: numeric(loss), accuracy, examples }];
    }),
    diagnoses: history.flatMap(({ epoch }) => {
      const diagnosis = diagnosisOf(result, epoch);
      return diagnosis ? [{ epoch, diagnosis: finite(diagnosis) }] : [];
    }),
    fault: fault && finite(fault),
    noWeights:
      status !== "done"
        ? `the trial is ${status}; only a trained one has weights`
        : state?.checkpoint
          ? null
          : "no checkpoint of the training was kept",
  };
}

export async function confusionView(store: Store, id: string, epoch: number, split: string): Promise<ConfusionView> {
  const { result } = await found(store, id);
  const key = SPLITS.find((s) => s === split);
  const measures = key && splitOf(result.history.find((r) => r.epoch === epoch), key); // biome-ignore format: one line
  if (!measures) throw new UserError(`trial ${id} has no confusion matrix of ${split} after epoch ${epoch}`, "epoch");
  return { confusion: measures.confusion };
}
