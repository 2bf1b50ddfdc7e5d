/** What the main thread and its workers tell each other. */
import type { EpochRecord, Trial } from "../run/records.ts";
import type { PreparedData } from "./prepare.ts";

export interface WorkerSetup {
  /** Becomes 1 when the worker is to stop at once. */
  stop: Int32Array;
  /** Modules of the user's own losses. */
  modules: readonly string[];
}

export type ToWorker =
  /** Data that cohorts will name by this key. */
  | { kind: "data"; key: string; prepared: PreparedData }
  | {
      kind: "train";
      cohort: string;
      data: string;
      trials: readonly Trial[];
      /** Threads of the runtime. */
      threads: number;
      resume: { epoch: number; state: Record<string, Float32Array>; ended: Map<string, string> } | null;
    }
  /** The epoch has been stored. */
  | { kind: "stored" };

export type FromWorker =
  | { kind: "progress"; cohort: string; examples: number }
  | {
      kind: "epoch";
      cohort: string;
      epoch: number;
      records: EpochRecord[];
      /** All trials that have diverged so far, and how. */
      ended: Map<string, string>;
      state: Record<string, { shape: readonly number[]; data: Float32Array }>;
    }
  | { kind: "trained"; cohort: string; ended: Map<string, string> }
  | { kind: "stopped"; cohort: string }
  | { kind: "failed"; cohort: string; message: string; stack: string };
