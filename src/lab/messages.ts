/** What the main thread and its workers tell each other. */
import type { Averaged } from "../run/cohort.ts";
import type { TrialState } from "../run/evaluator.ts";
import type { Question, TrialObservation } from "../run/observations.ts";
import type { EpochRecord, Trial } from "../run/records.ts";
import type { PreparedData } from "./prepare.ts";

/** What a worker is to do, as all of a run's workers read it before each step. */
export const [GO, STOP, PAUSE] = [0, 1, 2] as const;

export interface WorkerSetup {
  /** One of the above. */
  stop: Int32Array;
  /** Modules of the user's own losses. */
  modules: readonly string[];
}

/** What is particular to data: all but their images. */
export type PreparedLabels = Omit<PreparedData, "training"> & { training: Omit<PreparedData["training"], "images"> };
/** A trained trial, and what is to be found out about it. */
export interface Examinee {
  trial: Trial;
  /** The epoch whose weights these are. */
  epoch: number;
  state: TrialState;
  questions: readonly Question[];
}

export type ToWorker =
  /** Comes first. */
  | { kind: "begin"; setup: WorkerSetup }
  /** Images that several data may have in common. */
  | { kind: "images"; pool: string; images: PreparedData["training"]["images"] }
  /** Data that cohorts will name by their key, without the images. */
  | { kind: "data"; prepared: PreparedLabels }
  | {
      kind: "train";
      cohort: string;
      data: string;
      trials: readonly Trial[];
      /** Threads of the runtime. */
      threads: number;
      resume: { epoch: number; state: Record<string, Float32Array>; ended: Map<string, string> } | null;
    }
  | { kind: "examine"; data: string; trials: readonly Examinee[] }
  /** The epoch has been stored. */
  | { kind: "stored" };

export type FromWorker =
  | { kind: "progress"; cohort: string; examples: number }
  | {
      kind: "epoch";
      cohort: string;
      epoch: number;
      records: EpochRecord[];
      observations: TrialObservation[];
      /** Ids of the cohort's trials as they stand along the state's trial axis. */
      order: string[];
      averaged: Averaged[];
      /** All trials that have diverged so far, and how. */
      ended: Map<string, string>;
      state: Record<string, { shape: readonly number[]; data: Float32Array }>;
    }
  | { kind: "trained"; cohort: string; ended: Map<string, string> }
  /** All answers about one trial. */
  | { kind: "answers"; trial: string; observations: TrialObservation[] }
  | { kind: "examined" }
  | { kind: "stopped" }
  | { kind: "failed"; message: string; stack: string };
