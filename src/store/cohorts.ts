/** The progress of cohorts and of their trials, epoch by epoch. */
import type { TrialObservation } from "../run/observations.ts";
import type { EpochRecord, TrialStatus } from "../run/records.ts";
import { UserError } from "../util/errors.ts";
import type { CheckpointRef } from "./checkpoint.ts";
import { free, type Hold } from "./hold.ts";
import { isLive } from "./lock.ts";
import { saveObservations } from "./observations.ts";
import { epochToRows } from "./rows.ts";
import { chunks, type Db } from "./tables.ts";

/** What training begins with. */
export interface CohortStart {
  /** Content hash of the cohort's trials, in order; names its checkpoints. */
  id: string;
  run: string;
  /** Ids in the order of the model's trial axis. */
  trials: string[];
  /** Hash of the training model: a checkpoint goes only into the model that it came from. */
  model: string;
}

export interface CohortState extends CohortStart {
  state: "running" | "done";
  epochsDone: number;
  /** The latest one; its epoch may be before `epochsDone`. */
  checkpoint: CheckpointAt | null;
  /** The one before it, for when that is damaged; of a cohort that is not done. */
  previous: CheckpointAt | null;
}

/** A checkpoint and the epoch after which it was made. */
export interface CheckpointAt extends CheckpointRef {
  epoch: number;
}

export interface TrialOutcome {
  trial: string;
  status: Extract<TrialStatus, "done" | "diverged" | "failed" | "skipped">;
  reason: string | null;
}

export interface FinishedTrial {
  status: "done" | "diverged";
  reason: string | null;
  epochs: number;
  /** The cohort that trained it. */
  cohort: string | null;
}

/** A trial with one of these needs no more training. */
const finished = ["done", "diverged"] as const;

export const cohorts = (db: Db, hold: Hold = free) => ({
  async findTrials(ids: readonly string[]): Promise<Map<string, FinishedTrial>> {
    const found = new Map<string, FinishedTrial>();
    for (const some of chunks(ids)) {
      const rows = await db
        .selectFrom("trials")
        .leftJoin("epochs", "epochs.trial", "trials.id")
        .select(["trials.id", "status", "reason", "cohort", (eb) => eb.fn.count("epoch").as("epochs")])
        .where("trials.id", "in", some)
        .where("status", "in", finished)
        .groupBy(["trials.id", "status", "reason", "cohort"])
        .execute();
      for (const { id, status, reason, epochs, cohort } of rows) {
        found.set(id, { status: status as FinishedTrial["status"], reason, epochs: Number(epochs), cohort });
      }
    }
    return found;
  },

  cohort: (id: string): Promise<CohortState | null> => readCohort(db, id),

  startCohort: ({ id, run, trials, model }: CohortStart): Promise<CohortState> =>
    db.transaction().execute(async (trx) => {
      await hold.check(trx);
      let [mine, begun] = [0, 0];
      for (const some of chunks([...trials].sort())) {
        const columns = trx.selectFrom("trials").select(["cohort", "status"]);
        const found = await columns.where("id", "in", some).orderBy("id").forUpdate().execute();
        if (found.some(({ status }) => status === "running")) await refuseBusy(trx, run, some);
        mine += found.filter(({ cohort }) => cohort === id).length;
        begun += found.filter(({ cohort, status }) => cohort !== null || status !== "planned").length;
      }
      const before = mine === trials.length ? await readCohort(trx, id) : null;
      const resumed = before?.model === model && before.trials.join() === trials.join() ? before : null;
      const state = { run, trials: JSON.stringify(trials), model, state: "running" as const };
      if (resumed) {
        await trx.updateTable("cohorts").set(state).where("id", "=", id).execute();
      } else {
        const fresh = { ...state, ...checkpointIs(null), ...previousIs(null), epochs_done: 0 };
        await trx
          .insertInto("cohorts")
          .values({ id, ...fresh })
          .onConflict((c) => c.column("id").doUpdateSet(fresh))
          .execute();
      }
      for (const some of chunks(trials)) {
        const unfinished = trx
          .selectFrom("trials")
          .select("id")
          .where("id", "in", some)
          .where("status", "not in", finished);
        if (begun > 0 && !resumed) await trx.deleteFrom("epochs").where("trial", "in", unfinished).execute();
        await trx
          .updateTable("trials")
          .set({ cohort: id, status: "running", reason: null })
          .where("id", "in", unfinished)
          .execute();
      }
      const fresh = { epochsDone: 0, checkpoint: null, previous: null };
      return { ...(resumed ?? fresh), id, run, trials: [...trials], model, state: "running" };
    }),

  saveEpoch: (
    cohort: string,
    epoch: number,
    records: readonly EpochRecord[],
    checkpoint: CheckpointRef | null,
    observations: readonly TrialObservation[] = [],
  ) =>
    db.transaction().execute(async (trx) => {
      await hold.check(trx, true);
      const own = trx.selectFrom("trials").select("id").where("cohort", "=", cohort).orderBy("id");
      const mine = new Set((await own.forUpdate().execute()).map((t) => t.id));
      for (const some of chunks(records.filter((record) => mine.has(record.trial)))) {
        const trials = some.map((record) => record.trial);
        const rows = some.map(epochToRows);
        await trx.deleteFrom("epochs").where("epoch", "=", epoch).where("trial", "in", trials).execute();
        await trx
          .insertInto("epochs")
          .values(rows.map((row) => row.epoch))
          .execute();
        await trx
          .insertInto("confusions")
          .values(rows.map((row) => row.confusion))
          .execute();
      }
      await saveObservations(
        trx,
        observations.filter((o) => mine.has(o.trial)),
      );
      const last = (await readCohort(trx, cohort))?.checkpoint;
      const { numUpdatedRows } = await trx
        .updateTable("cohorts")
        .set({
          epochs_done: epoch,
          ...(checkpoint && {
            ...(last && last.epoch < epoch && previousIs(last)),
            checkpoint_file: checkpoint.file,
            checkpoint_sha256: checkpoint.sha256,
            checkpoint_epoch: epoch,
          }),
        })
        .where("id", "=", cohort)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw new Error(`cohort ${cohort} was not started`);
    }),

  discardEpochsAfter: (cohort: string, epoch: number): Promise<void> =>
    db.transaction().execute(async (trx) => {
      await hold.check(trx);
      const trials = trx.selectFrom("trials").select("id").where("cohort", "=", cohort);
      await trx.deleteFrom("epochs").where("epoch", ">", epoch).where("trial", "in", trials).execute();
      const progress = trx.updateTable("cohorts").where("id", "=", cohort);
      await progress.set({ epochs_done: epoch }).where("epochs_done", ">", epoch).execute();
      const before = (await readCohort(trx, cohort))?.previous;
      const { numUpdatedRows } = await progress
        .set({ ...checkpointIs(before && before.epoch <= epoch ? before : null), ...previousIs(null) })
        .where("checkpoint_epoch", ">", epoch)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) await progress.set(previousIs(null)).where("previous_epoch", ">", epoch).execute();
    }),

  finishTrials: (cohort: string, outcomes: readonly TrialOutcome[]): Promise<void> =>
    db.transaction().execute(async (trx) => {
      if (!(await hold.finish(trx, outcomes))) return;
      for (const { trial, status, reason } of outcomes) {
        await trx
          .updateTable("trials")
          .set({ status, reason })
          .where("id", "=", trial)
          .where("cohort", "=", cohort)
          .execute();
      }
      await trx
        .updateTable("cohorts")
        .set({ state: "done", ...previousIs(null) })
        .where("id", "=", cohort)
        .execute();
    }),
});

const checkpointIs = (ref: CheckpointAt | null) => ({
  checkpoint_file: ref?.file ?? null,
  checkpoint_sha256: ref?.sha256 ?? null,
  checkpoint_epoch: ref?.epoch ?? null,
});
const previousIs = (ref: CheckpointAt | null) => ({
  previous_file: ref?.file ?? null,
  previous_sha256: ref?.sha256 ?? null,
  previous_epoch: ref?.epoch ?? null,
});
const checkpointAt = (file: string | null, sha256: string | null, epoch: number | null): CheckpointAt | null =>
  file !== null && sha256 !== null && epoch !== null ? { file, sha256, epoch } : null;

/** Trials that the living process of another run trains now are left to it. */
async function refuseBusy(db: Db, run: string, trials: readonly string[]): Promise<void> {
  const held = await db
    .selectFrom("trials")
    .innerJoin("cohorts", "cohorts.id", "trials.cohort")
    .innerJoin("run_locks as lock", "lock.run", "cohorts.run")
    .selectAll("lock")
    .where("trials.id", "in", trials)
    .where("trials.status", "=", "running")
    .where("lock.run", "!=", run)
    .execute();
  const holder = held.find(isLive);
  if (!holder) return;
  throw new UserError(
    `trials of this study are being trained by study ${holder.study}: run ${holder.run}, process ${holder.pid} on ${holder.hostname}`,
    undefined,
    "when that is done the same command goes on with its results; or use another store with --store",
  );
}

async function readCohort(db: Db, id: string): Promise<CohortState | null> {
  const row = await db.selectFrom("cohorts").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) return null;
  return {
    id,
    run: row.run,
    trials: JSON.parse(row.trials),
    model: row.model,
    state: row.state,
    epochsDone: row.epochs_done,
    checkpoint: checkpointAt(row.checkpoint_file, row.checkpoint_sha256, row.checkpoint_epoch),
    previous: checkpointAt(row.previous_file, row.previous_sha256, row.previous_epoch),
  };
}
