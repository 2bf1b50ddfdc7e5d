/**
 * The queue: jobs that workers on any machine take, each one at a time.
 *
 *     waiting → running → done          running → waiting   its worker died, gave it back, or failed and may try again
 *                       → failed        waiting, running → cancelled
 *
 * A job that is taken gets a new claim. Whoever writes for a job does so in a transaction that first finds the claim in place, so that a
 * worker which was believed dead, and lives, can write nothing more.
 */
import { sql } from "kysely";
import type { TrialStatus } from "../run/records.ts";
import type { TrialOutcome } from "./cohorts.ts";
import type { Database } from "./database.ts";
import type { Hold } from "./hold.ts";
import { chunks, type Db, type JobRow, type WorkerRow } from "./tables.ts";

export type JobState = JobRow["state"];

export interface NewJob extends Pick<JobRow, "id" | "run" | "version" | "device" | "priority" | "work"> {
  /** What is to be done, as JSON has it. */
  payload: unknown;
  /** So often it is taken without an epoch being finished; then it has failed. */
  mostAttempts: number;
  /** Whether the run is finished when all of its jobs have ended. */
  closesRun: boolean;
}

/** A worker as it presents itself. */
export interface WorkerInfo extends Pick<WorkerRow, "id" | "hostname" | "pid" | "threads" | "version" | "device"> {
  leaseMs: number;
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

export interface OpenJobs extends Pick<JobRow, "run" | "version" | "device" | "state"> {
  jobs: number;
}

/** How far a job is. */
export interface JobProgress extends Pick<JobRow, "id" | "state" | "reason" | "attempts"> {
  /** Of the cohort of the same id. */
  epochsDone: number;
}

/** Jobs of a run by their state. */
export interface QueueListing {
  run: string;
  study: string;
  counts: Record<JobState, number>;
  priority: number;
  /** Why jobs of it failed, were cancelled or wait for another attempt, and how many. */
  reasons: { state: JobState; reason: string; jobs: number }[];
}

/** A worker as others see it. */
export interface WorkerListing extends WorkerInfo {
  startedAt: string;
  /** Seconds since it was last heard of. */
  silentSeconds: number;
  alive: boolean;
  /** Jobs that it has taken. */
  running: number;
}

/** The job is another's now, or nobody's. */
export class LostJob extends Error {
  override readonly name = "LostJob";
}

const OPEN = ["waiting", "running"] as const;
const MOST_REASONS = 5;

/** Jobs whose worker was not heard of for longer than it promised, and those of workers that are gone. */
const abandoned = (db: Db, { now }: Pick<Database, "now">) =>
  db
    .selectFrom("jobs")
    .selectAll()
    .where("state", "=", "running")
    .where("worker", "not in", (eb) =>
      eb
        .selectFrom("workers")
        .select("id")
        .where((worker) => worker("heartbeat", ">=", sql<number>`${now} - lease_ms`)),
    );

export const jobs = (database: Pick<Database, "db" | "now">) => {
  const { db, now } = database;

  async function signOn({ leaseMs, ...worker }: WorkerInfo): Promise<void> {
    await db
      .insertInto("workers")
      .values({ ...worker, lease_ms: leaseMs, started_at: now, heartbeat: now })
      .onConflict((c) => c.column("id").doUpdateSet({ heartbeat: now }))
      .execute();
  }

  return {
    signOn,

    /** Adds jobs. One of the same id that is not being done begins anew, under the run that asks for it now. */
    async enqueue(all: readonly NewJob[]): Promise<void> {
      await db.transaction().execute(async (trx) => {
        for (const some of chunks([...all].sort((a, b) => (a.id < b.id ? -1 : 1)))) await insert(trx, database, some);
      });
    },

    /** Gives back what the worker has, and forgets it. */
    signOff: (worker: string): Promise<void> =>
      db.transaction().execute(async (trx) => {
        await trx
          .updateTable("jobs")
          .set({ state: "waiting", claim: null, attempts: 0, reason: null, changed_at: now })
          .where("worker", "=", worker)
          .where("state", "=", "running")
          .execute();
        await trx.deleteFrom("workers").where("id", "=", worker).execute();
      }),

    /**
     * The next job for a worker, or null.
     * @param token new for each job
     * @param except runs that it cannot work on
     */
    async claim(
      token: string,
      { id: worker, version, device }: Pick<WorkerInfo, "id" | "version" | "device">,
      except: readonly string[] = [],
    ): Promise<Claim | null> {
      // That a claim was granted may have been lost on the way: who asks again gets the same.
      const granted = db.selectFrom("jobs").select("id").where("claim", "=", token).where("state", "=", "running");
      const next = db
        .selectFrom("jobs")
        .select("id")
        .where("state", "=", "waiting")
        .where("version", "=", version)
        .where("device", "=", device)
        .$if(except.length > 0, (query) => query.where("run", "not in", except))
        .orderBy("priority", "desc")
        .orderBy("work", "desc")
        .orderBy("id")
        .limit(1)
        .forUpdate()
        .skipLocked();
      const row = await db
        .updateTable("jobs")
        .set((eb) => ({
          state: "running",
          worker,
          claim: token,
          attempts: eb("attempts", "+", eb.case().when("claim", "=", token).then(0).else(1).end()),
          changed_at: now,
        }))
        .where("id", "=", (eb) => eb.fn.coalesce(granted, next))
        .returningAll()
        .executeTakeFirst();
      return row ? claimOf(row) : null;
    },

    /** Says that the worker lives. @returns the tokens of the jobs that are still its own */
    async beat(worker: WorkerInfo): Promise<Set<string>> {
      const { numUpdatedRows } = await db
        .updateTable("workers")
        .set({ heartbeat: now })
        .where("id", "=", worker.id)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) await signOn(worker); // it was believed dead
      const held = await db
        .selectFrom("jobs")
        .select("claim")
        .where("worker", "=", worker.id)
        .where("state", "=", "running")
        .execute();
      return new Set(held.map(({ claim }) => claim!));
    },

    /** Takes jobs from workers that are dead. @returns how many */
    recover: (): Promise<number> =>
      db.transaction().execute(async (trx) => {
        const lost = await abandoned(trx, database).orderBy("id").forUpdate().skipLocked().execute();
        for (const job of lost) await tryAgain(trx, database, job, "its worker was no longer heard of");
        const taken = trx
          .selectFrom("jobs")
          .select("worker")
          .where("state", "=", "running")
          .$narrowType<{ worker: string }>();
        await trx
          .deleteFrom("workers")
          .where((eb) => eb("heartbeat", "<", sql<number>`${now} - 2 * lease_ms`))
          .where("id", "not in", taken)
          .execute();
        return lost.length;
      }),

    /** @param failed whether that counts as an attempt; else the worker is to blame, not the job */
    giveBack: ({ job, token }: Pick<Claim, "job" | "token">, reason: string, failed: boolean): Promise<void> =>
      db.transaction().execute(async (trx) => {
        const held = await trx
          .selectFrom("jobs")
          .selectAll()
          .where("id", "=", job)
          .where("claim", "=", token)
          .where("state", "=", "running")
          .forUpdate()
          .executeTakeFirst();
        if (held) await tryAgain(trx, database, failed ? held : { ...held, attempts: 0 }, reason);
      }),

    /** Of a job that trains nothing. @param then jobs that follow */
    complete: (claim: Claim, then: readonly NewJob[] = []): Promise<void> =>
      db.transaction().execute(async (trx) => {
        if (!(await end(trx, database, claim, "done", null))) return;
        if (then.length > 0) await insert(trx, database, then);
        await closeRun(trx, claim);
      }),

    /** Cancels what a run has in the queue; who works on it notices at its next heartbeat. @returns how many jobs */
    cancel: (run: string, reason: string): Promise<number> =>
      db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable("jobs")
          .set({ state: "cancelled", claim: null, reason, changed_at: now })
          .where("run", "=", run)
          .where("state", "in", OPEN)
          .executeTakeFirst();
        if (numUpdatedRows > 0n)
          await trx.updateTable("runs").set({ state: "interrupted" }).where("id", "=", run).execute();
        return Number(numUpdatedRows);
      }),

    async jobProgress(ids: readonly string[]): Promise<JobProgress[]> {
      const found: JobProgress[] = [];
      for (const some of chunks(ids)) {
        const rows = await db
          .selectFrom("jobs")
          .leftJoin("cohorts", "cohorts.id", "jobs.id")
          .select(["jobs.id", "jobs.state", "jobs.reason", "jobs.attempts", "cohorts.epochs_done"])
          .where("jobs.id", "in", some)
          .execute();
        for (const { epochs_done, ...job } of rows) found.push({ ...job, epochsDone: epochs_done ?? 0 });
      }
      return found;
    },

    /** Jobs that wait or are being done, by what a worker for them must be. */
    async open(): Promise<OpenJobs[]> {
      const rows = await db
        .selectFrom("jobs")
        .select(["run", "version", "device", "state", (eb) => eb.fn.countAll().as("jobs")])
        .where("state", "in", OPEN)
        .groupBy(["run", "version", "device", "state"])
        .execute();
      return rows.map((row) => ({ ...row, jobs: Number(row.jobs) }));
    },

    /** Jobs of a study that wait or are being done. */
    async openJobs(study: string): Promise<number> {
      const { jobs } = await db
        .selectFrom("jobs")
        .innerJoin("runs", "runs.id", "jobs.run")
        .select((eb) => eb.fn.countAll().as("jobs"))
        .where("runs.study", "=", study)
        .where("jobs.state", "in", OPEN)
        .executeTakeFirstOrThrow();
      return Number(jobs);
    },

    /** All runs that have or had jobs, newest first. */
    async queue(): Promise<QueueListing[]> {
      const rows = await db
        .selectFrom("jobs")
        .innerJoin("runs", "runs.id", "jobs.run")
        .select(["run", "study", "jobs.state", "reason"])
        .select((eb) => [
          eb.fn.countAll().as("count"),
          eb.fn.max("priority").as("priority"),
          eb.fn.max("started_at").as("at"),
        ])
        .groupBy(["run", "study", "jobs.state", "reason"])
        .orderBy("at", "desc")
        .execute();
      const byRun = new Map<string, QueueListing>();
      for (const { run, study, state, reason, count, priority } of rows) {
        const listing = byRun.get(run) ?? { run, study, counts: { ...none }, priority: 0, reasons: [] };
        byRun.set(run, listing);
        listing.counts[state] += Number(count);
        listing.priority = Math.max(listing.priority, priority);
        if (reason !== null) listing.reasons.push({ state, reason, jobs: Number(count) });
      }
      for (const { reasons } of byRun.values()) reasons.sort((a, b) => b.jobs - a.jobs).splice(MOST_REASONS);
      return [...byRun.values()];
    },

    async workers(): Promise<WorkerListing[]> {
      const rows = await db
        .selectFrom("workers as w")
        .selectAll("w")
        .select((eb) => [
          now.as("now"),
          eb
            .selectFrom("jobs")
            .select((sub) => sub.fn.countAll().as("running"))
            .whereRef("jobs.worker", "=", "w.id")
            .where("jobs.state", "=", "running")
            .as("running"),
        ])
        .orderBy("started_at")
        .execute();
      return rows.map(({ id, hostname, pid, threads, version, device, ...row }) => {
        const silentMs = Number(row.now) - Number(row.heartbeat);
        return {
          id,
          hostname,
          pid,
          threads,
          version,
          device,
          leaseMs: row.lease_ms,
          startedAt: new Date(Number(row.started_at)).toISOString(),
          silentSeconds: silentMs / 1000,
          alive: silentMs <= row.lease_ms,
          running: Number(row.running),
        };
      });
    },
  };
};

export type Queue = ReturnType<typeof jobs>;

const none: Record<JobState, number> = { waiting: 0, running: 0, done: 0, failed: 0, cancelled: 0 };

const claimOf = (row: JobRow): Claim => ({
  job: row.id,
  run: row.run,
  payload: JSON.parse(row.payload),
  token: row.claim!,
  priority: row.priority,
  mostAttempts: row.most_attempts,
  closesRun: row.closes_run === 1,
  version: row.version,
  device: row.device,
});

/** One that is there already and is not being done begins anew, under the run that asks for it now. */
async function insert(trx: Db, { now }: Pick<Database, "now">, some: readonly NewJob[]): Promise<void> {
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
async function tryAgain(trx: Db, { now }: Pick<Database, "now">, job: JobRow, reason: string): Promise<void> {
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
async function end(
  trx: Db,
  { now }: Pick<Database, "now">,
  { job, token }: Claim,
  state: JobState,
  reason: string | null,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("jobs")
    .set({ state, reason, changed_at: now })
    .where("id", "=", job)
    .where("claim", "=", token)
    .where("state", "=", "running")
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return true;
  const ended = await trx
    .selectFrom("jobs")
    .select("state")
    .where("id", "=", job)
    .where("claim", "=", token)
    .executeTakeFirst();
  if (ended?.state === state) return false; // this very transaction was committed, and its answer lost
  throw new LostJob(`job ${job} is no longer this worker's`);
}

/** Where this was the last job of a run that has no others to come, the run has ended too. */
async function closeRun(trx: Db, { job, run, closesRun }: Pick<Claim, "job" | "run" | "closesRun">): Promise<void> {
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
      .where("id", "=", claim.job)
      .where("claim", "=", claim.token)
      .where("state", "=", "running")
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new LostJob(`job ${claim.job} is no longer this worker's`);
  },

  async finish(trx, outcomes: readonly TrialOutcome[]) {
    const [failure] = outcomes.filter(({ status }) => status === "failed");
    if (failure) {
      const job = await trx
        .selectFrom("jobs")
        .selectAll()
        .where("id", "=", claim.job)
        .where("claim", "=", claim.token)
        .where("state", "=", "running")
        .forUpdate()
        .executeTakeFirst();
      if (!job) throw new LostJob(`job ${claim.job} is no longer this worker's`);
      await tryAgain(trx, database, job, failure.reason ?? "it failed");
      return job.attempts >= job.most_attempts;
    }
    if (!(await end(trx, database, claim, "done", null))) return false;
    if (then.length > 0 && outcomes.some(({ status }) => status === "done")) await insert(trx, database, then);
    await closeRun(trx, claim);
    return true;
  },
});
