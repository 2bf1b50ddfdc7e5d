/** What is known of a trial on a split after an epoch, as a list of numbers: what tables, JSON and CSV are made of. */
import {
  balancedAccuracy,
  cohenKappa,
  macroSpecificity,
  mcc,
  type PrecisionRecallF1,
  perClass,
  specificity,
  support,
} from "../metrics/index.ts";
import type { EpochDiagnosis, Fault } from "../run/diagnosis.ts";
import type { ProbabilityMeasures, SplitName } from "../run/observations.ts";
import type { SplitMeasures, TrialResult } from "../run/records.ts";

/** A split after an epoch. */
export interface Measured {
  measures: SplitMeasures;
  /** Null where they were not measured. */
  probabilities: ProbabilityMeasures | null;
}

export interface Measure {
  /** In JSON and CSV. */
  key: string;
  /** In tables. */
  title: string;
  /** Fractions are shown in percent; a lower value is better where `lower`. */
  unit: "percent" | "plain";
  lower?: true;
  /** Undefined where it was not measured. */
  read(of: Measured): number | undefined;
}

const ofConfusion =
  (f: (confusion: number[][]) => number) =>
  ({ measures: { confusion } }: Measured): number | undefined =>
    confusion.length > 0 ? f(confusion) : undefined;

const average = (kind: "macro" | "weighted", part: keyof PrecisionRecallF1, title: string): Measure => ({
  key: `${kind}_${part}`,
  title: `${kind} ${title}`,
  unit: "percent",
  read: ({ measures }) => measures[kind][part],
});

/** Of decisions, in the order of tables. */
export const DECISIONS: readonly Measure[] = [
  { key: "accuracy", title: "accuracy", unit: "percent", read: ({ measures }) => measures.accuracy },
  { key: "balanced_accuracy", title: "balanced acc.", unit: "percent", read: ofConfusion(balancedAccuracy) },
  average("macro", "precision", "precision"),
  average("macro", "recall", "recall"),
  average("macro", "f1", "F1"),
  average("weighted", "precision", "precision"),
  average("weighted", "recall", "recall"),
  average("weighted", "f1", "F1"),
  { key: "specificity", title: "specificity", unit: "percent", read: ofConfusion(macroSpecificity) },
  { key: "mcc", title: "MCC", unit: "plain", read: ofConfusion(mcc) },
  { key: "kappa", title: "κ", unit: "plain", read: ofConfusion(cohenKappa) },
];

/** Of probabilities, those of top-k without. */
export const OF_PROBABILITIES: readonly Measure[] = [
  {
    key: "log_loss",
    title: "log loss",
    unit: "plain",
    lower: true,
    read: ({ probabilities }) => probabilities?.logLoss,
  },
  { key: "brier", title: "Brier", unit: "plain", lower: true, read: ({ probabilities }) => probabilities?.brier },
  { key: "roc_auc", title: "ROC-AUC", unit: "plain", read: ({ probabilities }) => probabilities?.rocAuc },
  { key: "ece", title: "ECE", unit: "percent", lower: true, read: ({ probabilities }) => probabilities?.ece },
  { key: "mce", title: "MCE", unit: "percent", lower: true, read: ({ probabilities }) => probabilities?.mce },
];

/** Top-k accuracy for each k that some trial has. */
export const topKs = (trials: readonly TrialResult[]): Measure[] => {
  const ks = trials.flatMap(({ observations }) =>
    observations.flatMap((o) => ("topK" in o.answer ? Object.keys(o.answer.topK).map(Number) : [])),
  );
  return [...new Set(ks)]
    .sort((a, b) => a - b)
    .map((k) => ({ key: `top_${k}`, title: `top-${k}`, unit: "percent", read: (m) => m.probabilities?.topK[k] }));
};

/** The measures of probabilities on a split after an epoch; null where there are none. */
export function probabilitiesOf(
  { observations }: TrialResult,
  split: SplitName,
  epoch: number,
): ProbabilityMeasures | null {
  for (const o of observations)
    if (o.question.kind === "probabilities" && o.question.split === split && o.epoch === epoch)
      return o.answer as ProbabilityMeasures;
  return null;
}

/** A trial on a split after an epoch of its history; null without such a split. */
export function measuredAt(result: TrialResult, split: SplitName, epoch: number): Measured | null {
  const measures = result.history[epoch - 1]?.[split];
  return measures ? { measures, probabilities: probabilitiesOf(result, split, epoch) } : null;
}

/** What was seen within the network in an epoch; null where nobody looked. */
export function diagnosisOf({ observations }: TrialResult, epoch: number): EpochDiagnosis | null {
  for (const o of observations)
    if (o.question.kind === "diagnosis" && o.epoch === epoch) return o.answer as EpochDiagnosis;
  return null;
}

/** Where the loss of a diverged trial came from; null where it is not known. */
export function faultOf({ observations }: TrialResult): Fault | null {
  for (const o of observations) if (o.question.kind === "fault") return o.answer as Fault;
  return null;
}

/** What the confusion matrix says of each class; empty without one. */
export const classesOf = ({
  confusion,
}: SplitMeasures): (PrecisionRecallF1 & { specificity: number; support: number })[] => {
  if (confusion.length === 0) return [];
  const [specificities, examples] = [specificity(confusion), support(confusion)];
  return perClass(confusion).map((c, k) => ({ ...c, specificity: specificities[k], support: examples[k] }));
};
