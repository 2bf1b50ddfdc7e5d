/** What a claim can speak of: numbers of one trial, from its records. */
import {
  areaUnderCurve,
  cohenKappa,
  convergedEpoch,
  fluctuation,
  generalizationLoss,
  mcc,
  secondsPerEpoch,
  smoothness,
} from "../metrics/index.ts";
import type { Observation, ProbabilityMeasures, Robustness, RobustnessQuestion } from "../run/observations.ts";
import type { EpochRecord, SplitMeasures } from "../run/records.ts";
import type { Split } from "./grammar.ts";

/** How values and differences are told: accuracies in percent and points. */
export type Unit = "points" | "loss" | "epochs" | "seconds" | "percent" | "number";

export interface ClaimMeasure {
  title: string;
  unit: Unit;
  /** Undefined where the trial has no such number. The history ends at the epoch in question and is not empty. */
  read: (history: readonly EpochRecord[], split: Split, observations: readonly Observation[]) => number | undefined;
}

const on = (record: EpochRecord, split: Split): SplitMeasures | null | undefined =>
  split === "noisy" ? record.noisyTest : record[split];

/** A measure of a split after an epoch. */
const after = (title: string, unit: Unit, read: (measures: SplitMeasures) => number | undefined): ClaimMeasure => ({
  title,
  unit,
  read: (history, split) => {
    const measures = on(history[history.length - 1], split);
    return measures ? read(measures) : undefined;
  },
});

/** A number made of a measure's values over the epochs. */
const over = (
  title: string,
  unit: Unit,
  read: (measures: SplitMeasures) => number,
  make: (values: number[]) => number | null,
): ClaimMeasure => ({
  title,
  unit,
  read: (history, split) => {
    const values = history.flatMap((record) => on(record, split) ?? []).map(read);
    return values.length === history.length ? (make(values) ?? undefined) : undefined;
  },
});

/** The last test value under noise minus that without. */
const underNoise = (title: string, unit: Unit, read: (measures: SplitMeasures) => number): ClaimMeasure => ({
  title,
  unit,
  read: (history) => {
    const { test, noisyTest } = history[history.length - 1];
    return noisyTest && read(noisyTest) - read(test);
  },
});

/** A measure of decisions, from the confusion matrix: of the last epoch where the store was not asked for all. */
const ofConfusion = (title: string, unit: Unit, measure: (confusion: number[][]) => number): ClaimMeasure =>
  after(title, unit, ({ confusion }) => (confusion.length > 0 ? measure(confusion) : undefined));

/** A measure of probabilities, for the epochs and splits that the study's `measure` asks for. */
const ofProbabilities = (title: string, unit: Unit, read: (answer: ProbabilityMeasures) => number): ClaimMeasure => ({
  title,
  unit,
  read(history, split, observations) {
    const { epoch } = history[history.length - 1];
    for (const o of observations)
      if (o.epoch === epoch && o.question.kind === "probabilities" && o.question.split === split)
        return read(o.answer as ProbabilityMeasures);
    return undefined;
  },
});

/** The mean accuracy over all that the study's `robustness` asks of one kind. */
const disturbed = (title: string, kind: RobustnessQuestion["kind"]): ClaimMeasure => ({
  title,
  unit: "points",
  read(history, _split, observations) {
    const { epoch } = history[history.length - 1];
    const found = observations.filter((o) => o.epoch === epoch && o.question.kind === kind);
    return found.length > 0
      ? found.reduce((sum, o) => sum + (o.answer as Robustness).accuracy, 0) / found.length
      : undefined;
  },
});

const loss = (m: SplitMeasures): number => m.loss;
const accuracy = (m: SplitMeasures): number => m.accuracy;

export const measures = {
  accuracy: after("accuracy", "points", accuracy),
  loss: after("loss", "loss", loss),
  precision: after("precision", "points", (m) => m.weighted.precision),
  recall: after("recall", "points", (m) => m.weighted.recall),
  f1: after("F1", "points", (m) => m.weighted.f1),
  macroPrecision: after("macro precision", "points", (m) => m.macro.precision),
  macroRecall: after("macro recall", "points", (m) => m.macro.recall),
  macroF1: after("macro F1", "points", (m) => m.macro.f1),
  mcc: ofConfusion("MCC", "number", mcc),
  kappa: ofConfusion("Cohen's κ", "number", cohenKappa),
  logLoss: ofProbabilities("log loss", "loss", (a) => a.logLoss),
  brier: ofProbabilities("Brier score", "number", (a) => a.brier),
  rocAuc: ofProbabilities("ROC-AUC", "number", (a) => a.rocAuc),
  ece: ofProbabilities("expected calibration error", "points", (a) => a.ece),
  /** Whatever the split says, the epoch is that with the best validation accuracy. */
  accuracyAtBest: {
    title: "accuracy at the epoch with the best validation accuracy",
    unit: "points",
    read(history, split) {
      let best: EpochRecord | undefined;
      for (const record of history)
        if (record.validation && record.validation.accuracy > (best?.validation?.accuracy ?? -1)) best = record;
      return best && on(best, split)?.accuracy;
    },
  },
  corruptedAccuracy: disturbed("mean accuracy over all corruptions", "corruption"),
  attackedAccuracy: disturbed("mean accuracy over all attacks", "attack"),
  /** Settling time of the loss. */
  converged: over("epoch from which the loss has settled", "epochs", loss, convergedEpoch),
  /** After the settling time, from epoch to epoch. */
  fluctuation: over("fluctuation of the accuracy once settled", "points", accuracy, (values) => {
    const from = convergedEpoch(values);
    const result = from === null ? Number.NaN : fluctuation(values, Math.min(from, values.length - 1));
    return Number.isNaN(result) ? null : result;
  }),
  smoothness: over("smoothness of the accuracy", "number", accuracy, smoothness),
  area: over("mean accuracy over the epochs", "points", accuracy, areaUnderCurve),
  /** How far the last loss lies above the lowest. */
  upturn: over(
    "rise of the loss above its lowest value",
    "percent",
    loss,
    (values) => generalizationLoss(values).at(-1)!,
  ),
  lossGap: {
    title: "test loss minus training loss",
    unit: "loss",
    read: (history) => history[history.length - 1].test.loss - history[history.length - 1].train.loss,
  },
  accuracyGap: {
    title: "training accuracy minus test accuracy",
    unit: "points",
    read: (history) => history[history.length - 1].train.accuracy - history[history.length - 1].test.accuracy,
  },
  noiseAccuracy: underNoise("change of accuracy under noise", "points", accuracy),
  noiseLoss: underNoise("change of loss under noise", "loss", loss),
  gradientNorm: {
    title: "norm of the gradient",
    unit: "number",
    read: (history) => history[history.length - 1].gradientNorm,
  },
  seconds: {
    title: "seconds per epoch",
    unit: "seconds",
    read: (history) => secondsPerEpoch(history.map((record) => record.seconds)),
  },
} satisfies Record<string, ClaimMeasure>;

export const measureNames = Object.keys(measures);
export const measureOf = (name: string): ClaimMeasure => (measures as Record<string, ClaimMeasure>)[name];
