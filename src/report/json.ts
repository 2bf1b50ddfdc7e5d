/** Results for programs: the stable form of `losslab results --json`. */
import type { EpochRecord, RunResults, Spec, SplitMeasures, TrialResult } from "../run/records.ts";
import { bestValidationEpoch } from "./configurations.ts";
import { specLabel } from "./labels.ts";

/** NaN and infinities as texts, for JSON has none. */
export const jsonNumber = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

const split = (m: SplitMeasures | null): object | null =>
  m && {
    loss: jsonNumber(m.loss),
    accuracy: m.accuracy,
    ...m.weighted,
    macro: m.macro,
    confusion: m.confusion,
  };

const splits = ({ train, validation, test, noisyTest }: EpochRecord): object => ({
  train: split(train),
  validation: split(validation),
  test: split(test),
  ...(noisyTest && { noisyTest: split(noisyTest) }),
});

const labelled = (spec: Spec): object => ({ ...spec, label: specLabel(spec) });

function trialJson(result: TrialResult, withHistory: boolean): object {
  const { trial, status, reason, history } = result;
  const last = history.at(-1);
  const best = bestValidationEpoch(result);
  const { id, seed, data, model, activation, loss, optimizer, clip, schedule, epochs, batchSize, measure, device } =
    trial;
  return {
    id,
    label: [activation, loss, optimizer].map((s) => specLabel(s)).join(" · "),
    loss: labelled(loss),
    activation: labelled(activation),
    optimizer: labelled(optimizer),
    ...(clip && { clip: labelled(clip) }),
    schedule: labelled(schedule),
    model: labelled(model),
    data,
    epochs,
    batchSize,
    ...(measure && { measure }),
    ...(device && { device }),
    seed,
    status,
    reason,
    final: last ? { epoch: last.epoch, ...splits(last) } : null,
    best: best ? { epoch: best.epoch, ...splits(best) } : null,
    ...(withHistory && {
      history: history.map((record) => ({
        epoch: record.epoch,
        ...splits(record),
        gradientNorm: jsonNumber(record.gradientNorm),
        learningRate: record.learningRate,
        seconds: record.seconds,
      })),
    }),
  };
}

/** Precision, recall and F1 are the class-weighted averages; `macro` holds the unweighted ones. */
export const toJson = ({ run, trials }: RunResults, { history }: { history: boolean }): Record<string, unknown> => ({
  run: { id: run.id, study: run.study, state: run.state, startedAt: run.startedAt, finishedAt: run.finishedAt },
  environment: run.environment,
  spec: run.spec,
  trials: trials.map((t) => trialJson(t, history)),
});
