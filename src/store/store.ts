/**
 * The store: all that a run leaves behind, in one folder.
 *
 *     .losslab/losslab.sqlite      runs, trials, epochs; written in transactions, read while a run writes
 *     .losslab/checkpoints/        the state of each cohort's training, one safetensors file
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { version } from "../../package.json";
import type { Observation, TrialObservation } from "../run/observations.ts";
import type { EpochRecord, Role, RunInfo, RunResults, Trial, TrialResult } from "../run/records.ts";
import { UserError } from "../util/errors.ts";
import {
  type CheckpointRef,
  type Checkpoints,
  checkpointFiles,
  checkpoints,
  cohortOf,
  keepOnly,
  removeOrphans,
} from "./checkpoint.ts";
import { type CohortStart, type CohortState, cohorts, type FinishedTrial, type TrialOutcome } from "./cohorts.ts";
import { locks, type RunHolder, type RunLock } from "./lock.ts";
import { migrate, refuseOlder } from "./migrations/index.ts";
import { answeredQuestions, saveObservations } from "./observations.ts";
import { type ResultOptions, results, trialResult } from "./results.ts";
import { type RunListing, runs } from "./runs.ts";
import { type EpochColumn, eachConfusion, eachProbabilities, lastEpochs, type Series, series } from "./series.ts";
import { dataVersion, isWritable, openSqlite, openUnchanging, refuseWrites } from "./sqlite.ts";
import type { Db } from "./tables.ts";
import { epochsOf, type StoredTrial, trialsBeginning } from "./trials.ts";
import { type StoredValidation, validations } from "./validations.ts";

export type {
  CheckpointRef,
  CohortStart,
  CohortState,
  EpochColumn,
  FinishedTrial,
  ResultOptions,
  RunHolder,
  RunListing,
  RunLock,
  Series,
  StoredTrial,
  StoredValidation,
  TrialOutcome,
};

export interface Store extends Checkpoints {
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

  close(): Promise<void>;
}

export interface StoreOptions {
  /** The store must exist, and writing to it fails. */
  readOnly?: boolean;
}

export async function openStore(dir = ".losslab", { readOnly = false }: StoreOptions = {}): Promise<Store> {
  const path = join(dir, "losslab.sqlite");
  const folder = resolve(dir, "checkpoints");
  if (readOnly && !existsSync(path)) {
    throw new UserError(`there is no store in ${dir}`, undefined, "`losslab run quickstart` makes one");
  }
  const unchanging = readOnly && !isWritable(path);
  const db = unchanging ? openUnchanging(path) : await openSqlite(path);
  try {
    if (unchanging) await refuseOlder(db, version, path);
    else await migrate(db, version, path);
    if (readOnly) await refuseWrites(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  if (!readOnly) await tidy(db, folder);

  const { saveEpoch, finishTrials, ...progress } = cohorts(db);
  const keepCounting = async (cohort: string): Promise<void> => {
    const state = await progress.cohort(cohort);
    const counting = [state?.checkpoint, state?.previous].flatMap((ref) => (ref ? [ref.file] : []));
    await keepOnly(counting, cohort, folder);
  };
  return {
    ...runs(db),
    ...locks(db),
    ...progress,
    ...checkpoints(folder),
    results: results(db),
    series: series(db),
    lastEpochs: lastEpochs(db),
    eachConfusion: eachConfusion(db),
    eachProbabilities: eachProbabilities(db),
    trialResult: trialResult(db),
    dataVersion: () => dataVersion(db),
    validations: (ids) => validations(db, ids),
    trialsBeginning: (id) => trialsBeginning(db, id),
    epochs: (trial) => epochsOf(db, trial),
    saveObservations: (observations) => db.transaction().execute((trx) => saveObservations(trx, observations)),
    answeredQuestions: (trials) => answeredQuestions(db, trials),
    async saveEpoch(cohort, epoch, records, checkpoint, observations) {
      await saveEpoch(cohort, epoch, records, checkpoint, observations);
      if (checkpoint) await keepCounting(cohort);
    },
    async finishTrials(cohort, outcomes) {
      await finishTrials(cohort, outcomes);
      await keepCounting(cohort);
    },
    close: () => db.destroy(),
  };
}

/** Deletes what killed processes left: files half written, and those that no longer count of cohorts that are done. */
async function tidy(db: Db, folder: string): Promise<void> {
  await removeOrphans(folder);
  const files = await checkpointFiles(folder);
  if (files.length === 0) return;
  const done = await db
    .selectFrom("cohorts")
    .select(["id", "checkpoint_file as kept"])
    .where("state", "=", "done")
    .execute();
  const kept = new Map(done.map((cohort) => [cohort.id, cohort.kept]));
  const named = files.map((file) => ({ file, cohort: cohortOf(file) }));
  const over = named.filter(({ file, cohort }) => cohort && kept.has(cohort) && kept.get(cohort) !== file);
  for (const { cohort } of over) await keepOnly([kept.get(cohort!) ?? ""], cohort!, folder);
}
