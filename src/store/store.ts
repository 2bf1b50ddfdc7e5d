/**
 * The store: all that a run leaves behind. In one folder,
 *
 *     .losslab/losslab.sqlite      runs, trials, epochs; written in transactions, read while a run writes
 *     .losslab/checkpoints/        the state of each cohort's training, one safetensors file
 *
 * or, for several machines, in a PostgreSQL database: the same tables, and the checkpoints as rows.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { version } from "../../package.json";
import type { Observation, TrialObservation } from "../run/observations.ts";
import type { EpochRecord, Role, RunInfo, RunResults, Trial, TrialResult } from "../run/records.ts";
import { UserError } from "../util/errors.ts";
import { type CheckpointRef, type Checkpoints, checkpoints } from "./checkpoint.ts";
import { cohortOf } from "./checkpoint-files.ts";
import { type CohortStart, type CohortState, cohorts, type FinishedTrial, type TrialOutcome } from "./cohorts.ts";
import type { Database } from "./database.ts";
import type { Hold } from "./hold.ts";
import { type Claim, holdOf, type NewJob } from "./job-states.ts";
import { jobs, type Queue } from "./jobs.ts";
import { locks, type RunHolder, type RunLock } from "./lock.ts";
import { isMade, migrate, refuseOlder } from "./migrations/index.ts";
import { answeredQuestions, saveObservations } from "./observations.ts";
import { patient } from "./patient.ts";
import { DEFAULT_STORE, isDatabaseUrl, shownStore } from "./place.ts";
import { type ResultOptions, results, trialResult } from "./results.ts";
import { type RunListing, runs } from "./runs.ts";
import { type EpochColumn, eachConfusion, eachProbabilities, lastEpochs, type Series, series } from "./series.ts";
import { epochsOf, type StoredTrial, trialsBeginning, trialsOf } from "./trials.ts";
import { type StoredValidation, validations } from "./validations.ts";

export type {
  CheckpointRef,
  Claim,
  CohortStart,
  CohortState,
  EpochColumn,
  FinishedTrial,
  NewJob,
  ResultOptions,
  RunHolder,
  RunListing,
  RunLock,
  Series,
  StoredTrial,
  StoredValidation,
  TrialOutcome,
};

export interface Store extends Checkpoints, Queue {
  /** Adds a run and those of its trials that the store does not know yet. */
  createRun(run: RunInfo, trials: readonly Trial[]): Promise<void>;
  /**
   * Adds trials to those of a run, after them; those that it has already stay where they are.
   * @param roles what trials of the run are for, in place of what was said of them before
   */
  extendRun(id: string, trials: readonly Trial[], roles?: ReadonlyMap<string, readonly Role[]>): Promise<void>;
  updateRun(id: string, patch: Partial<Pick<RunInfo, "state" | "finishedAt" | "environment">>): Promise<void>;
  /**
   * The run meant by its id, the beginning of its id, its study's name (the newest), "latest" or nothing (the newest of all);
   * a UserError if there is none. A run whose process died while running is given as interrupted, here and in lists.
   */
  run(wanted?: string): Promise<RunInfo>;
  /** All runs, newest first. */
  runs(): Promise<RunListing[]>;
  /** A run as in `run`, its trials in the study's order and their epochs in order, all as of one moment. */
  results(wanted?: string, options?: ResultOptions): Promise<RunResults>;
  /** Columns of numbers over the epochs of a run's trials, by trial, to 15 significant digits; a small part of `results`, and as quick. */
  series<C extends EpochColumn>(run: string, columns: readonly C[]): Promise<Map<string, Record<C, Series>>>;
  /** The last recorded epoch of each trial of a run that has one. */
  lastEpochs(run: string): Promise<Map<string, number>>;
  /** Hands over the confusion matrices of a run's trials on a split, in no order. */
  eachConfusion(
    run: string,
    split: "train" | "validation" | "test" | "noisy_test",
    visit: (trial: string, epoch: number, confusion: number[][]) => void,
  ): Promise<void>;
  /** Hands over what was measured of the probabilities of a run's trials, in no order. */
  eachProbabilities(run: string, visit: (trial: string, observation: Observation) => void): Promise<void>;
  /** A trial with everything that was measured of it, and the ids of its runs, oldest first; null of an unknown id. */
  trialResult(id: string): Promise<{ result: TrialResult; runs: string[] } | null>;
  /** A number that changes when another connection has changed the store. */
  dataVersion(): Promise<number>;
  /** The process that works on each run now, by the run's id. */
  holders(): Promise<Map<string, RunHolder>>;
  /**
   * Refuses with a UserError while a living process runs the same study on this store.
   * @param onLost told when another process has taken the lock, which it does of one that it does not hear of
   */
  acquireRunLock(run: string, onLost?: () => void): Promise<RunLock>;

  /** Trials by their ids, those that the store knows. */
  trials(ids: readonly string[]): Promise<Map<string, Trial>>;
  /** The trials whose ids begin so, by their ids. */
  trialsBeginning(id: string): Promise<StoredTrial[]>;
  /** The finished epochs of a trial in order, without their confusion matrices. */
  epochs(trial: string): Promise<EpochRecord[]>;
  /** Those of the trials that need no more training. */
  findTrials(ids: readonly string[]): Promise<Map<string, FinishedTrial>>;
  /** Of those of the trials that have ended all that tuning may see: measures of the validation split. */
  validations(ids: readonly string[]): Promise<Map<string, StoredValidation>>;
  cohort(id: string): Promise<CohortState | null>;
  /**
   * Begins a cohort, or resumes it where it stands if its trials and model are the same. The cohort takes its unfinished
   * trials over: if another had begun them, their epochs are deleted and what it still saves of them is ignored, so that the
   * epochs of a trial always come from one cohort. Finished trials stay as they are.
   */
  startCohort(start: CohortStart): Promise<CohortState>;
  /**
   * Commits an epoch of all the cohort's trials and the checkpoint that belongs to it, then deletes older checkpoints but the one
   * before.
   */
  saveEpoch(
    cohort: string,
    epoch: number,
    records: readonly EpochRecord[],
    checkpoint: CheckpointRef | null,
    observations?: readonly TrialObservation[],
  ): Promise<void>;
  /** Adds answers for epochs that are there. */
  saveObservations(observations: readonly TrialObservation[]): Promise<void>;
  /** The questions that are answered for each trial after its last epoch, as `questionKey` gives them. */
  answeredQuestions(trials: readonly string[]): Promise<Map<string, Set<string>>>;
  /** Takes the cohort back to an epoch, that of its checkpoint, of the one before or 0. */
  discardEpochsAfter(cohort: string, epoch: number): Promise<void>;
  /** Records how the trials ended and that the cohort is done; of its checkpoints the last one stays. */
  finishTrials(cohort: string, outcomes: readonly TrialOutcome[]): Promise<void>;

  /**
   * The store as the worker writes to it that has claimed a job: what it writes of cohorts counts only as long as the job is its own, else it
   * throws LostJob; and `finishTrials` ends the job in the same transaction.
   * @param then jobs that follow when the trials are trained
   */
  held(claim: Claim, then?: readonly NewJob[]): Store;

  close(): Promise<void>;
}

export interface StoreOptions {
  /** The store must exist, and writing to it fails. */
  readOnly?: boolean;
  /** For so long what failed because the database is not there for the moment is tried again. */
  patienceMs?: number;
}

/** What is done on behalf of a cohort's training. */
type Writing =
  | keyof Checkpoints
  | "findTrials"
  | "cohort"
  | "startCohort"
  | "saveEpoch"
  | "discardEpochsAfter"
  | "finishTrials";

/** @param store a folder, or the URL of a PostgreSQL database */
export async function openStore(store = DEFAULT_STORE, options: StoreOptions = {}): Promise<Store> {
  const { readOnly = false, patienceMs = 0 } = options;
  const { database, unchanging } = await connect(store, readOnly);
  const { db, place } = database;
  try {
    if (unchanging) await refuseOlder(db, version, place);
    else await migrate(db, version, place);
    if (readOnly) await database.refuseWrites();
  } catch (error) {
    await db.destroy();
    throw database.explained(error);
  }
  if (!readOnly) await tidy(database);
  return storeOn(database, patienceMs);
}

/** The database of a store that is there or may be made. What drives it is loaded for it alone. */
async function connect(store: string, readOnly: boolean): Promise<{ database: Database; unchanging?: boolean }> {
  const missing = (): UserError =>
    new UserError(`there is no store in ${shownStore(store)}`, undefined, "`losslab run quickstart` makes one");
  if (isDatabaseUrl(store)) {
    const { openPostgres } = await import("./postgres.ts");
    const database = await openPostgres(store);
    if (!readOnly || (await isMade(database.db))) return { database };
    await database.db.destroy();
    throw missing();
  }
  const path = join(store, "losslab.sqlite");
  if (readOnly && !existsSync(path)) throw missing();
  const { embedded, isWritable, openSqlite, openUnchanging } = await import("./sqlite.ts");
  const unchanging = readOnly && !isWritable(path);
  const db = unchanging ? openUnchanging(path) : await openSqlite(path);
  return { database: embedded(db, path, resolve(store, "checkpoints")), unchanging };
}

function storeOn(database: Database, patienceMs: number): Store {
  const { db } = database;
  const writing = (hold?: Hold): Pick<Store, Writing> => {
    const { saveEpoch, finishTrials, ...progress } = cohorts(db, hold);
    const files = database.files(hold);
    /** Deletes the cohort's checkpoints but those that count. */
    const keepCounting = async (cohort: string): Promise<void> => {
      const names = await files.names(cohort);
      if (names.length === 0) return;
      const state = await progress.cohort(cohort);
      const counting = [state?.checkpoint?.file, state?.previous?.file];
      for (const name of names) if (!counting.includes(name)) await files.remove(name);
    };
    return {
      ...progress,
      ...checkpoints(files),
      async saveEpoch(cohort, epoch, records, checkpoint, observations) {
        await saveEpoch(cohort, epoch, records, checkpoint, observations);
        if (checkpoint) await keepCounting(cohort);
      },
      async finishTrials(cohort, outcomes) {
        await finishTrials(cohort, outcomes);
        await keepCounting(cohort);
      },
    };
  };
  const store: Omit<Store, "held"> = {
    ...runs(db),
    ...locks(db),
    ...jobs(database),
    ...writing(),
    results: results(db),
    series: series(database),
    lastEpochs: lastEpochs(db),
    eachConfusion: eachConfusion(db),
    eachProbabilities: eachProbabilities(db),
    trialResult: trialResult(db),
    dataVersion: database.dataVersion,
    validations: (ids) => validations(db, ids),
    trials: (ids) => trialsOf(db, ids),
    trialsBeginning: (id) => trialsBeginning(db, id),
    epochs: (trial) => epochsOf(db, trial),
    saveObservations: (observations) => db.transaction().execute((trx) => saveObservations(trx, observations)),
    answeredQuestions: (trials) => answeredQuestions(db, trials),
    close: () => db.destroy(),
  };
  const patiently = <T extends object>(functions: T): T => patient(functions, database.isPassing, patienceMs);
  const whole = patiently(store);
  return {
    ...whole,
    held(claim, then) {
      const own = { ...whole, ...patiently(writing(holdOf(database, claim, then))) };
      return { ...own, held: () => own as Store };
    },
  };
}

/** Deletes what killed processes left: files half written, and those that no longer count of cohorts that are done. */
async function tidy({ db, files }: Database): Promise<void> {
  const checkpoints = files();
  await checkpoints.sweep();
  const names = await checkpoints.names();
  if (names.length === 0) return;
  const done = await db
    .selectFrom("cohorts")
    .select(["id", "checkpoint_file as kept"])
    .where("state", "=", "done")
    .execute();
  const kept = new Map(done.map((cohort) => [cohort.id, cohort.kept]));
  for (const file of names) {
    const cohort = cohortOf(file);
    if (cohort !== undefined && kept.has(cohort) && kept.get(cohort) !== file) await checkpoints.remove(file);
  }
}
