/**
 * What becomes of a job, one statement at a time; whoever calls these gives the transaction.
 *
 *     waiting → running → done          running → waiting   its worker died, gave it back, or failed and may try again
 *                       → failed        waiting, running → cancelled
 *
 * A job that is taken gets a new claim. Whoever writes for a job does so in a transaction that first finds the claim in place, so that a
 * worker which was believed dead, and lives, can write nothing more.
 */
import type { ExpressionBuilder } from "kysely";
import type { TrialStatus } from "../run/records.ts";
import type { TrialOutcome } from "./cohorts.ts";
import type { Database } from "./database.ts";
import type { Hold } from "./hold.ts";
import type { Db, JobRow, Tables } from "./tables.ts";

export type JobState = JobRow["state"];

export interface NewJob extends Pick<JobRow, "id" | "run" | "version" | "device" | "priority" | "work"> {
  /** What is to be done, as JSON has it. */
  payload: unknown;
  /** So often it is taken without an epoch being finished; then it has failed. */
  mostAttempts: number;
  /** Whether the run is finished when all of its jobs have ended. */
  closesRun: boolean;
}

/** A job in a worker's hands. */
export interface Claim {
  job: string;
  run: string;
  payload: unknown;
  /** Proves that the job is still this one's. */
  token: string;
  priority: number;
  mostAttempts: number;
  closesRun: boolean;
  version: string;
  device: string;
}

/** The job is another's now, or nobody's. */
export class LostJob extends Error {
  override readonly name = "LostJob";

  constructor({ job }: Pick<Claim, "job">) {
    super(`job ${job} is no longer this worker's`);
  }
}

/** Of a job, as `where` takes it: it is still in the hands of who claimed it. */
export const isHeld =
  ({ job, token }: Pick<Claim, "job" | "token">) =>
  (eb: ExpressionBuilder<Tables, "jobs">) =>
    eb.and([eb("id", "=", job), eb("claim", "=", token), eb("state", "=", "running")]);

/** States in which there is something to do yet. */
export const OPEN = ["waiting", "running"] as const;

/** One that is there already and is not being done begins anew, under the run that asks for it now. */
export async function insertJobs(trx: Db, { now }: Pick<Database, "now">, some: readonly NewJob[]): Promise<void> {
  const rows = some.map(({ payload, mostAttempts, closesRun, ...job }) => ({
    ...job,
    payload: JSON.stringify(payload),
    most_attempts: mostAttempts,
    closes_run: closesRun ? 1 : 0,
    state: "waiting" as const,
    attempts: 0,
    changed_at: now,
  }));
  await trx
    .insertInto("jobs")
    .values(rows)
    .onConflict((c) =>
      c
        .column("id")
        .doUpdateSet((eb) => ({
          run: eb.ref("excluded.run"),
          payload: eb.ref("excluded.payload"),
          version: eb.ref("excluded.version"),
          device: eb.ref("excluded.device"),
          priority: eb.ref("excluded.priority"),
          work: eb.ref("excluded.work"),
          most_attempts: eb.ref("excluded.most_attempts"),
          closes_run: eb.ref("excluded.closes_run"),
          state: "waiting",
          attempts: 0,
          claim: null,
          reason: null,
          changed_at: now,
        }))
        .where("jobs.state", "!=", "running"),
    )
    .execute();
}

/** Puts a job that was not done back, or gives it up with its trials if it was tried too often. */
export async function tryAgain(trx: Db, { now }: Pick<Database, "now">, job: JobRow, reason: string): Promise<void> {
  const again = job.attempts < job.most_attempts;
  const told = again ? reason : `${reason}; given up after ${job.attempts} attempts without an epoch finished`;
  await trx
    .updateTable("jobs")
    .set({ state: again ? "waiting" : "failed", claim: null, attempts: job.attempts, reason: told, changed_at: now })
    .where("id", "=", job.id)
    .execute();
  if (again) return;
  const status: TrialStatus = "failed";
  await trx
    .updateTable("trials")
    .set({ status, reason: told })
    .where("cohort", "=", job.id)
    .where("status", "=", "running")
    .execute();
  await closeRun(trx, { job: job.id, run: job.run, closesRun: job.closes_run === 1 });
}

/** @returns false where it had ended so before; throws where it is another's */
export async function end(
  trx: Db,
  { now }: Pick<Database, "now">,
  claim: Claim,
  state: JobState,
  reason: string | null,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("jobs")
    .set({ state, reason, changed_at: now })
    .where(isHeld(claim))
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return true;
  const ended = await trx
    .selectFrom("jobs")
    .select("state")
    .where("id", "=", claim.job)
    .where("claim", "=", claim.token)
    .executeTakeFirst();
  if (ended?.state === state) return false; // this very transaction was committed, and its answer lost
  throw new LostJob(claim);
}

/** Where this was the last job of a run that has no others to come, the run has ended too. */
export async function closeRun(
  trx: Db,
  { job, run, closesRun }: Pick<Claim, "job" | "run" | "closesRun">,
): Promise<void> {
  if (!closesRun) return;
  // As long as one waits, the run is not at its end. That one is held until this transaction is over, so that whoever does it sees this one done.
  const waiting = trx.selectFrom("jobs").select("id").where("run", "=", run).where("state", "=", "waiting");
  if (await waiting.limit(1).forShare().skipLocked().executeTakeFirst()) return;
  await trx.selectFrom("runs").select("id").where("id", "=", run).forUpdate().execute(); // of two last ones, the later sees the other
  const of = trx.selectFrom("jobs").select("id").where("run", "=", run).where("id", "!=", job).limit(1);
  if (await of.where("state", "in", OPEN).executeTakeFirst()) return;
  const bad = trx.selectFrom("jobs").select("id").where("run", "=", run).where("state", "in", ["failed", "cancelled"]);
  const state = (await bad.limit(1).executeTakeFirst()) ? "interrupted" : "finished";
  await trx
    .updateTable("runs")
    .set({ state, finished_at: state === "finished" ? new Date().toISOString() : null })
    .where("id", "=", run)
    .execute();
}

/**
 * The right to write for a job that one has claimed.
 * @param then what is to be done when its trials are trained
 */
export const holdOf = (database: Pick<Database, "db" | "now">, claim: Claim, then: readonly NewJob[] = []): Hold => ({
  async check(trx, progressed = false) {
    const { numUpdatedRows } = await trx
      .updateTable("jobs")
      .set(progressed ? { attempts: 0, reason: null, changed_at: database.now } : { changed_at: database.now })
      .where(isHeld(claim))
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new LostJob(claim);
  },

  async finish(trx, outcomes: readonly TrialOutcome[]) {
    const [failure] = outcomes.filter(({ status }) => status === "failed");
    if (failure) {
      const job = await trx.selectFrom("jobs").selectAll().where(isHeld(claim)).forUpdate().executeTakeFirst();
      if (!job) throw new LostJob(claim);
      await tryAgain(trx, database, job, failure.reason ?? "it failed");
      return job.attempts >= job.most_attempts;
    }
    if (!(await end(trx, database, claim, "done", null))) return false;
    if (then.length > 0 && outcomes.some(({ status }) => status === "done")) await insertJobs(trx, database, then);
    await closeRun(trx, claim);
    return true;
  },
});
