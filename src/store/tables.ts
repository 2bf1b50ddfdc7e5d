/** The tables as they are now, as Kysely sees them. How they came to be is in migrations/. JSON and ISO 8601 times are texts. */
import type { Generated, Kysely, OrderByItemBuilder } from "kysely";
import type { PrecisionRecallF1, RunInfo, SplitMeasures, TrialStatus } from "../run/records.ts";

/**
 * A number that may be not finite. SQLite turns NaN into NULL, so NaN and the infinities are stored as these texts, which
 * SQLite keeps in a column of any type and which PostgreSQL's double precision reads as the numbers they mean.
 */
export type Real = number | "NaN" | "Infinity" | "-Infinity";

/** The numbers of one split, as columns: `loss`, `macro_f1`, … */
export type Scalar = {
  [K in Exclude<keyof SplitMeasures, "confusion">]: SplitMeasures[K] extends PrecisionRecallF1
    ? `${K}_${keyof PrecisionRecallF1}`
    : K;
}[Exclude<keyof SplitMeasures, "confusion">];

export type EpochRow = {
  trial: string;
  epoch: number;
  gradient_norm: Real;
  learning_rate: Real;
  seconds: Real;
} & { [C in `${"train" | "test"}_${Scalar}`]: Real } & {
  [C in `${"validation" | "noisy_test"}_${Scalar}`]: Real | null;
};

export type EpochColumn = Exclude<keyof EpochRow, "trial" | "epoch">;

/** Matrices [K,K] as K·K little-endian uint32, row by row; apart from the numbers, which are read far more often. */
export interface ConfusionRow {
  trial: string;
  epoch: number;
  train: Uint8Array;
  validation: Uint8Array | null;
  test: Uint8Array;
  noisy_test: Uint8Array | null;
}

/** An answer to a question of a study; both are JSON. */
export interface ObservationRow {
  trial: string;
  epoch: number;
  /** Canonical, so that equal questions have equal texts. */
  question: string;
  answer: string;
}

export interface RunRow {
  id: string;
  study: string;
  spec: string;
  state: RunInfo["state"];
  started_at: string;
  finished_at: string | null;
  environment: string;
}

/** A process that takes jobs. Times are milliseconds since 1970 by the clock of the database. */
export interface WorkerRow {
  id: string;
  hostname: string;
  pid: number;
  threads: number;
  version: string;
  device: string;
  started_at: number;
  heartbeat: number;
  /** If it is not heard of for so long, it is dead. */
  lease_ms: number;
}

/** Something for a worker to do. */
export interface JobRow {
  id: string;
  run: string;
  /** JSON. */
  payload: string;
  /** Of the program: only the same one may do it. */
  version: string;
  device: string;
  /** Higher ones come first, and of equal ones those with more work. */
  priority: number;
  work: number;
  /** 1 where the run is finished when all of its jobs have ended. */
  closes_run: number;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  /** Who does it or did it last. */
  worker: string | null;
  /** Changes each time that it is taken: who has an earlier one has lost the job. */
  claim: string | null;
  /** How often it was taken since an epoch of it was last finished. */
  attempts: number;
  most_attempts: number;
  /** Why it failed, was cancelled or is to be done again. */
  reason: string | null;
  changed_at: number;
}

export interface Tables {
  /** `losslab` = the version that last changed the tables. Must exist in every version, so that a newer one can be named. */
  store_meta: { key: string; value: string };
  runs: RunRow;
  /** The trials of a run in the study's order, position 0 first. A trial may belong to many runs. */
  run_trials: {
    run: string;
    position: number;
    trial: string;
    /** What the trial is for, where the run's study tunes: JSON. */
    roles: string | null;
  };
  trials: {
    id: string;
    spec: string;
    status: Generated<TrialStatus>;
    reason: string | null;
    /** The cohort that trains or trained it: only this one may write the trial's epochs. */
    cohort: string | null;
  };
  cohorts: {
    id: string;
    run: string;
    trials: string;
    model: string;
    state: "running" | "done";
    epochs_done: number;
    checkpoint_file: string | null;
    checkpoint_sha256: string | null;
    checkpoint_epoch: number | null;
    /** The one before it, as long as the cohort is not done. */
    previous_file: string | null;
    previous_sha256: string | null;
    previous_epoch: number | null;
  };
  epochs: EpochRow;
  confusions: ConfusionRow;
  observations: ObservationRow;
  /** Checkpoints of a store whose machines share no folder, in parts of some megabytes. */
  checkpoint_parts: { file: string; part: number; cohort: string; bytes: Uint8Array };
  workers: WorkerRow;
  jobs: JobRow;
  /** The process that runs a study, one row a study. */
  run_locks: { study: string; run: string; holder: string; pid: number; hostname: string; heartbeat: string };
}

export type Db = Kysely<Tables>;

/** The order of texts that does not depend on a database's language. */
export const byCharacters = (order: OrderByItemBuilder): OrderByItemBuilder => order.collate("C");

/** Rows in portions that fit into one statement: databases limit its parameters (SQLite: 32 766). */
export function* chunks<T>(rows: readonly T[], size = 500): Generator<T[]> {
  for (let i = 0; i < rows.length; i += size) yield rows.slice(i, i + size);
}
