/** The queue: jobs that workers on any machine take, each one at a time. */
import { sql } from "kysely";
import type { Database } from "./database.ts";
import { type Claim, closeRun, end, insertJobs, isHeld, type NewJob, OPEN, tryAgain } from "./job-states.ts";
import { queueListings, type WorkerInfo } from "./queue-listings.ts";
import { chunks, type Db, type JobRow } from "./tables.ts";

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
    ...queueListings(database),
    signOn,

    /** Adds jobs. One of the same id that is not being done begins anew, under the run that asks for it now. */
    async enqueue(all: readonly NewJob[]): Promise<void> {
      await db.transaction().execute(async (trx) => {
        for (const some of chunks([...all].sort((a, b) => (a.id < b.id ? -1 : 1))))
          await insertJobs(trx, database, some);
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
    giveBack: (claim: Pick<Claim, "job" | "token">, reason: string, failed: boolean): Promise<void> =>
      db.transaction().execute(async (trx) => {
        const held = await trx.selectFrom("jobs").selectAll().where(isHeld(claim)).forUpdate().executeTakeFirst();
        if (held) await tryAgain(trx, database, failed ? held : { ...held, attempts: 0 }, reason);
      }),

    /** Of a job that trains nothing. @param then jobs that follow */
    complete: (claim: Claim, then: readonly NewJob[] = []): Promise<void> =>
      db.transaction().execute(async (trx) => {
        if (!(await end(trx, database, claim, "done", null))) return;
        if (then.length > 0) await insertJobs(trx, database, then);
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
  };
};

export type Queue = ReturnType<typeof jobs>;

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
