/** What a run leaves behind: the records that flow from training to the store, the report and the command line. */

import type { PrecisionRecallF1 } from "../metrics/index.ts";
import type { Device } from "./devices.ts";
import type { EveryEpoch, Observation } from "./observations.ts";

export type { PrecisionRecallF1 };

/** Measures of one trial on one split after one epoch (for training: gathered while training). */
export interface SplitMeasures {
  /** Mean loss over the samples, in the loss's own unit; not finite when the trial diverged. */
  loss: number;
  /** Fraction of samples classified correctly, 0 … 1. */
  accuracy: number;
  /** Unweighted mean over the classes. */
  macro: PrecisionRecallF1;
  /** Mean over the classes weighted by their number of samples; its recall equals the accuracy. */
  weighted: PrecisionRecallF1;
  /** confusion[target][predicted] = number of samples. */
  confusion: number[][];
}

/** Everything measured of one trial in one epoch. */
export interface EpochRecord {
  trial: string;
  /** Counted from 1. */
  epoch: number;
  /** Running measures over the epoch's mini-batches, or over its last ones (`trainLast`), while the weights change. */
  train: SplitMeasures;
  /** After the epoch; null when the study keeps no validation split. */
  validation: SplitMeasures | null;
  /** After the epoch. */
  test: SplitMeasures;
  /** The same with noise added to the inputs, where the study asks for it (`testNoise`). */
  noisyTest?: SplitMeasures;
  /** Mean Euclidean norm of the whole gradient at the epoch's probed steps. */
  gradientNorm: number;
  /** Learning rate of the epoch's last step. */
  learningRate: number;
  /** Wall-clock seconds of this epoch: the cohort's time divided by the number of its trials. */
  seconds: number;
}

export type TrialStatus = "planned" | "running" | "done" | "diverged" | "failed" | "skipped";

/** A zoo entry with all its parameters, as a study file may say it: `{ focal: { gamma: 2, alpha: "none" } }`. */
export type Spec = Record<string, Record<string, unknown>>;

/** What a study wants measured in each epoch beyond the usual. */
export interface MeasureSpec {
  /** Training figures over the epoch's last mini-batches that hold at least so many examples, instead of over all of them. */
  trainLast?: number;
  /** Also the test split with normal noise of this deviation added to the network's inputs. */
  testNoise?: number;
}

/** One configuration with one seed: everything that can change its numbers. Equal hash, equal numbers. */
export interface Trial {
  /** Content hash of all the fields below, of the data's version and of the engine's version. */
  id: string;
  data: Record<string, unknown>;
  model: Spec;
  activation: Spec;
  loss: Spec;
  optimizer: Spec;
  /** What is done to gradients before the optimizer sees them; nothing where it is absent. */
  clip?: Spec;
  schedule: Spec;
  /** How training examples are changed at random; as they are where it is absent. */
  augment?: Spec;
  /** The training whose weights the trial begins with; where it is absent, it begins with fresh ones. */
  warmStart?: Spec;
  /** Decay of the average of the weights by which the network is evaluated; where it is absent, the weights themselves. */
  ema?: number;
  epochs: number;
  batchSize: number;
  /** False for a trial that trains alone; where it is absent, it may share a graph with others. */
  fuse?: boolean;
  /** Where it is absent, what is measured is the usual. */
  measure?: MeasureSpec;
  /** What it is trained on; the processor where it is absent. Another device adds in another order: its numbers differ. */
  device?: Exclude<Device, "cpu">;
  seed: number;
  /** What is observed after every epoch beyond its record; nothing where it is absent. Changes no number of the training. */
  observe?: EveryEpoch;
}

/** Hyperparameters of a candidate by where they stand in its trials: `optimizer.learningRate`, `loss.gamma`. */
export type Hyperparameters = Record<string, number | string | boolean>;

/**
 * What a trial is for in a run whose study tunes. A cell is a configuration of the study, by its place among them; candidates are
 * numbered as the search has them; rounds count from 0.
 */
export type Role =
  | { stage: "tuning"; cell: number; candidate: number; round: number; values: Hyperparameters }
  | { stage: "untuned"; cell: number }
  | { stage: "tuned"; cell: number; candidate: number; values: Hyperparameters };

/** A trial with its outcome, as the store gives it back. */
export interface TrialResult {
  trial: Trial;
  status: TrialStatus;
  /** Why the trial ended as it did, for example `loss became NaN at step 412 (epoch 3)`; null when done. */
  reason: string | null;
  /** The cohort it was trained in. */
  cohort: string | null;
  /** What it is for, where the run's study tunes; it may be several things at once. */
  roles?: Role[];
  /** One record per finished epoch, in order. */
  history: EpochRecord[];
  /** What studies asked for beyond that, in the order of the epochs. */
  observations: Observation[];
}

/** One execution of a study. */
export interface RunInfo {
  id: string;
  study: string;
  /** The study as declared, after --set. */
  spec: Record<string, unknown>;
  /** ISO 8601. */
  startedAt: string;
  finishedAt: string | null;
  /** `paused` holds its work in memory and goes on at once; `interrupted` goes on from its last finished epochs. */
  state: "running" | "paused" | "interrupted" | "finished";
  /** Versions and machine: losslab, engine, node, onnxruntime, cpu, cores. */
  environment: Record<string, string>;
  /** Ids of the trials in the study's order. */
  trials: string[];
}

/** A run with all its results: what reports are made of. */
export interface RunResults {
  run: RunInfo;
  trials: TrialResult[];
}
