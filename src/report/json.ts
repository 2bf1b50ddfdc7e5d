/** Results for programs: the stable form of `losslab results --json`. */
import { balancedAccuracy, cohenKappa, macroSpecificity, mcc } from "../metrics/index.ts";
import { isRobustness, type ProbabilityMeasures } from "../run/observations.ts";
import type { EpochRecord, RunResults, Spec, SplitMeasures, TrialResult } from "../run/records.ts";
import { jsonNumber } from "../util/format.ts";
import { bestValidationEpoch } from "./configurations.ts";
import { specLabel } from "./labels.ts";
import { classesOf, diagnosisOf, faultOf, probabilitiesOf } from "./measures.ts";
import { compared } from "./stages.ts";
import { statisticsJson } from "./statistics-json.ts";
import { tuningResults } from "./tuning.ts";

/** Numbers that are not finite as texts, in all of it. */
export const finite = (value: unknown): unknown =>
  typeof value === "number"
    ? jsonNumber(value)
    : Array.isArray(value)
      ? value.map(finite)
      : value && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, finite(v)]))
        : value;

/** What follows from a confusion matrix alone. */
const ofConfusion = (m: SplitMeasures): object => {
  if (m.confusion.length === 0) return {};
  const { confusion } = m;
  return {
    balancedAccuracy: finite(balancedAccuracy(confusion)),
    specificity: finite(macroSpecificity(confusion)),
    mcc: finite(mcc(confusion)),
    kappa: finite(cohenKappa(confusion)),
    perClass: finite(classesOf(m)),
  };
};

const split = (m: SplitMeasures | null, probabilities: ProbabilityMeasures | null): object | null =>
  m && {
    loss: jsonNumber(m.loss),
    accuracy: m.accuracy,
    ...m.weighted,
    macro: m.macro,
    ...ofConfusion(m),
    ...(probabilities && { probabilities: finite(probabilities) }),
    confusion: m.confusion,
  };

const splits = (result: TrialResult, { epoch, train, validation, test, noisyTest }: EpochRecord): object => ({
  train: split(train, probabilitiesOf(result, "train", epoch)),
  validation: split(validation, probabilitiesOf(result, "validation", epoch)),
  test: split(test, probabilitiesOf(result, "test", epoch)),
  ...(noisyTest && { noisyTest: split(noisyTest, null) }),
});

/** What was done to the test examples after the last epoch, and what came of it. */
const robustness = ({ observations }: TrialResult): object[] =>
  observations.flatMap(({ question, answer }) =>
    !isRobustness(question) ? [] : [{ ...question, ...(finite(answer) as object) }],
  );

const labelled = (spec: Spec): object => ({ ...spec, label: specLabel(spec) });

function trialJson(result: TrialResult, withHistory: boolean): object {
  const { trial, status, reason, history, roles } = result;
  const last = history.at(-1);
  const best = bestValidationEpoch(result);
  const { id, seed, data, model, activation, loss, optimizer, clip, augment, schedule, warmStart } = trial;
  const { epochs, batchSize, ema, fuse, measure, device } = trial;
  return {
    id,
    label: [activation, loss, optimizer].map((s) => specLabel(s)).join(" · "),
    loss: labelled(loss),
    activation: labelled(activation),
    optimizer: labelled(optimizer),
    ...(clip && { clip: labelled(clip) }),
    ...(augment && { augment: labelled(augment) }),
    schedule: labelled(schedule),
    ...(warmStart && { warmStart: labelled(warmStart) }),
    model: labelled(model),
    data,
    epochs,
    batchSize,
    ...(ema !== undefined && { ema }),
    ...(fuse !== undefined && { fuse }),
    ...(measure && { measure }),
    ...(device && { device }),
    seed,
    ...(roles && { roles }),
    status,
    reason,
    final: last ? { epoch: last.epoch, ...splits(result, last) } : null,
    best: best ? { epoch: best.epoch, ...splits(result, best) } : null,
    robustness: robustness(result),
    ...(faultOf(result) && { fault: finite(faultOf(result)) }),
    ...(withHistory && {
      history: history.map((record) => ({
        epoch: record.epoch,
        ...splits(result, record),
        gradientNorm: jsonNumber(record.gradientNorm),
        learningRate: record.learningRate,
        seconds: record.seconds,
        ...(diagnosisOf(result, record.epoch) && { diagnosis: finite(diagnosisOf(result, record.epoch)) }),
      })),
    }),
  };
}

/** What was chosen for each configuration, where the study tunes. */
function tuningJson(results: RunResults): object {
  const tuning = tuningResults(results);
  if (!tuning) return {};
  const { cells, space, ...settings } = tuning;
  return {
    tuning: {
      ...settings,
      space: space.map(({ key, range }) => ({ parameter: key, range: range?.text ?? null })),
      configurations: cells.map(({ style: _, ...cell }) => cell),
    },
  };
}

/** Precision, recall and F1 are the class-weighted averages; `macro` holds the unweighted ones. */
export function toJson(results: RunResults, { history }: { history: boolean }): Record<string, unknown> {
  const { run, trials } = results;
  return {
    run: { id: run.id, study: run.study, state: run.state, startedAt: run.startedAt, finishedAt: run.finishedAt },
    environment: run.environment,
    spec: run.spec,
    ...statisticsJson(compared(results)),
    ...tuningJson(results),
    trials: trials.map((t) => trialJson(t, history)),
  };
}
