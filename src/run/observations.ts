/** What can be asked of a trained trial beyond the records of its epochs, and the answers. None of it changes a training. */
import type { ReliabilityBin } from "../metrics/index.ts";
import { canonicalJson } from "../util/hash.ts";
import type { ConfidentJoint } from "./confident-joint.ts";
import type { EpochDiagnosis, Fault } from "./diagnosis.ts";

export type SplitName = "train" | "validation" | "test";

/** Measures of the probabilities on a split. */
export interface ProbabilityQuestion {
  kind: "probabilities";
  split: SplitName;
  /** The k of top-k accuracies. */
  topK: number[];
  /** Bins of the reliability diagram and of the calibration errors. */
  bins: number;
}

/** Which test examples are disturbed, and with which random numbers: the same for all trials. */
export interface Disturbed {
  /** At most so many test examples, equally from all classes; null for all. */
  examples: number | null;
  seed: number;
}

/** The loss and the accuracy on test examples after something was done to them. */
export type RobustnessQuestion = Disturbed &
  (
    | { kind: "clean" }
    | { kind: "corruption"; name: string; severity: number }
    /** Gaussian noise on what the network is given. */
    | { kind: "noise"; sigma: number }
    | { kind: "attack"; attack: Record<string, Record<string, unknown>>; objective: Objective }
  );

/** The loss that an attack drives up: cross-entropy for every trial, or the one that it was trained with. */
export type Objective = "ce" | "own";

/** Which class the trial gives each example of a split. */
export interface PredictionQuestion {
  kind: "predictions";
  split: SplitName;
}

/** How many labels of a split the trial is confident are wrong. */
export interface ConfidenceQuestion {
  kind: "confidentJoint";
  split: SplitName;
}

/** Answers to a `PredictionQuestion`, example by example in the order of the data: base64 of one byte each. */
export interface Predictions {
  predicted: string;
  labels: string;
}

/** What can be found out about trained weights. */
export type Question = ProbabilityQuestion | PredictionQuestion | ConfidenceQuestion | RobustnessQuestion;

/** What can be seen only while a trial trains: within its network, and where a loss that is no number came from. */
export type Watched = { kind: "diagnosis" } | { kind: "fault" };

const ROBUSTNESS: readonly string[] = ["clean", "corruption", "noise", "attack"] satisfies RobustnessQuestion["kind"][];
export const isRobustness = (question: Question | Watched): question is RobustnessQuestion =>
  ROBUSTNESS.includes(question.kind);

/** Answers to a `ProbabilityQuestion`. */
export interface ProbabilityMeasures {
  /** In nats. */
  logLoss: number;
  /** 0 … 2. */
  brier: number;
  /** One against the rest, mean over the classes; NaN where a class has no examples. */
  rocAuc: number;
  /** The same of each class. */
  rocAucPerClass: number[];
  /** Expected and maximum calibration error. */
  ece: number;
  mce: number;
  /** Accuracies by k. */
  topK: Record<string, number>;
  reliability: ReliabilityBin[];
}

/** Answers to a `RobustnessQuestion`. */
export interface Robustness {
  /** Mean of the trial's own loss. */
  loss: number;
  /** 0 … 1. */
  accuracy: number;
  /** Examples that were measured. */
  examples: number;
}

export type Answer<Q extends Question = Question> = Q extends ProbabilityQuestion
  ? ProbabilityMeasures
  : Q extends PredictionQuestion
    ? Predictions
    : Q extends ConfidenceQuestion
      ? ConfidentJoint
      : Robustness;

/** What was found out about a trial after an epoch. */
export type Observation =
  | { epoch: number; question: ProbabilityQuestion; answer: ProbabilityMeasures }
  | { epoch: number; question: PredictionQuestion; answer: Predictions }
  | { epoch: number; question: ConfidenceQuestion; answer: ConfidentJoint }
  | { epoch: number; question: RobustnessQuestion; answer: Robustness }
  | { epoch: number; question: { kind: "diagnosis" }; answer: EpochDiagnosis }
  | { epoch: number; question: { kind: "fault" }; answer: Fault };

/** An observation and the trial that it is of. */
export type TrialObservation = Observation & { trial: string };

/** Equal for equal questions. */
export const questionKey = (question: Question | Watched): string => canonicalJson(question);

/** What is observed after every epoch. */
export interface EveryEpoch {
  questions?: Question[];
  /** Also what goes on within the network. */
  diagnose?: true;
}
