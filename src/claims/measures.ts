/** What a claim can speak of: numbers of one trial, from its records. */
import {
  areaUnderCurve,
  convergedEpoch,
  fluctuation,
  generalizationLoss,
  secondsPerEpoch,
  smoothness,
} from "../metrics/index.ts";
import type { EpochRecord, SplitMeasures } from "../run/records.ts";
import type { Split } from "./grammar.ts";

/** How values and differences are told: accuracies in percent and points. */
export type Unit = "points" | "loss" | "epochs" | "seconds" | "percent" | "number";

export interface ClaimMeasure {
  title: string;
  unit: Unit;
  /** Undefined where the trial has no such number. The history ends at the epoch in question and is not empty. */
  read: (history: readonly EpochRecord[], split: Split) => number | undefined;
}

const on = (record: EpochRecord, split: Split): SplitMeasures | null | undefined =>
  split === "noisy" ? record.noisyTest : record[split];

/** A measure of a split after an epoch. */
const after = (title: string, unit: Unit, read: (measures: SplitMeasures) => number): ClaimMeasure => ({
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

const loss = (m: SplitMeasures): number => m.loss;
const accuracy = (m: SplitMeasures): number => m.accuracy;

export const measures = {
  accuracy: after("accuracy", "points", accuracy),
  loss: after("loss", "loss", loss),
  precision: after("precision", "points", (m) => m.weighted.precision),
  recall: after("recall", "points", (m) => m.weighted.recall),
  f1: after("F1", "points", (m) => m.weighted.f1),
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
