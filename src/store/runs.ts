/** Runs: one execution of a study each. */
import type { Role, RunInfo, Trial, TrialStatus } from "../run/records.ts";
import { UserError } from "../util/errors.ts";
import { nearest } from "../util/nearest.ts";
import { isLive } from "./lock.ts";
import { asOfOneMoment } from "./moment.ts";
import { runFromRow, runToRow } from "./rows.ts";
import { byCharacters, chunks, type Db, type RunRow } from "./tables.ts";

/** What trials of a run are for, by their ids. */
type Roles = ReadonlyMap<string, readonly Role[]>;

/** A run in a list: its trials are counted, not named. */
export type RunListing = Omit<RunInfo, "trials"> & { counts: Record<TrialStatus, number> };

export const runs = (db: Db) => ({
  async createRun(run: RunInfo, trials: readonly Trial[]): Promise<void> {
    const { trials: order, ...info } = run;
    await db.transaction().execute(async (trx) => {
      await trx.insertInto("runs").values(runToRow(info)).execute();
      await insertTrials(trx, run.id, order, trials);
    });
  },

  async extendRun(id: string, trials: readonly Trial[], roles: Roles = new Map()): Promise<void> {
    await db.transaction().execute(async (trx) => {
      const there = await trx.selectFrom("run_trials").select("trial").where("run", "=", id).execute();
      const known = new Set(there.map(({ trial }) => trial));
      const added = trials.filter((trial) => !known.has(trial.id));
      await insertTrials(trx, id, added.map((trial) => trial.id), added, there.length); // biome-ignore format: one line
      for (const [trial, own] of roles) {
        await trx
          .updateTable("run_trials")
          .set({ roles: JSON.stringify(own) })
          .where("run", "=", id)
          .where("trial", "=", trial)
          .execute();
      }
    });
  },

  async updateRun(id: string, patch: Partial<Pick<RunInfo, "state" | "finishedAt" | "environment">>): Promise<void> {
    const { numUpdatedRows } = await db
      .updateTable("runs")
      .set({
        state: patch.state,
        finished_at: patch.finishedAt,
        environment: patch.environment && JSON.stringify(patch.environment),
      })
      .where("id", "=", id)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new Error(`no run ${id}`);
  },

  async run(wanted?: string): Promise<RunInfo> {
    const all = await newestFirst(db).select(["id", "study"]).execute();
    const id = resolve(wanted, all);
    const row = await db.selectFrom("runs").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    const trials = await db
      .selectFrom("run_trials")
      .select("trial")
      .where("run", "=", id)
      .orderBy("position")
      .execute();
    return { ...runFromRow(await observed(db, row)), trials: trials.map((t) => t.trial) };
  },

  /** As of one moment: a run that begins meanwhile must not have trials before it is in the list. */
  runs: (): Promise<RunListing[]> =>
    asOfOneMoment(db, async (trx) => {
      const rows = await newestFirst(trx).selectAll().execute();
      const counts = await trx
        .selectFrom("run_trials")
        .innerJoin("trials", "trials.id", "run_trials.trial")
        .select(["run", "status", (eb) => eb.fn.countAll().as("count")])
        .groupBy(["run", "status"])
        .execute();
      const byRun = new Map(rows.map((row) => [row.id, { ...none }]));
      for (const { run, status, count } of counts) byRun.get(run)![status] = Number(count);
      const listings: RunListing[] = [];
      for (const row of rows) listings.push({ ...runFromRow(await observed(trx, row)), counts: byRun.get(row.id)! });
      return listings;
    }),
});

/** @param order ids of the run's trials, the first of them at position `from` */
async function insertTrials(db: Db, run: string, order: readonly string[], trials: readonly Trial[], from = 0) {
  for (const some of chunks(trials)) {
    await db
      .insertInto("trials")
      .values(some.map((trial) => ({ id: trial.id, spec: JSON.stringify(trial) })))
      .onConflict((c) => c.column("id").doNothing())
      .execute();
  }
  for (const some of chunks(order.map((trial, i) => ({ run, position: from + i, trial })))) {
    await db.insertInto("run_trials").values(some).execute();
  }
}

const none: Record<TrialStatus, number> = { planned: 0, running: 0, done: 0, diverged: 0, failed: 0, skipped: 0 };

const newestFirst = (db: Db) => db.selectFrom("runs").orderBy("started_at", "desc").orderBy("id", byCharacters);

/** A run that calls itself running or paused while its process is gone was interrupted, unless workers have jobs of it. */
async function observed(db: Db, row: RunRow): Promise<RunRow> {
  if (row.state !== "running" && row.state !== "paused") return row;
  const lock = await db.selectFrom("run_locks").selectAll().where("run", "=", row.id).executeTakeFirst();
  if (!lock || isLive(lock)) return row;
  const open = db
    .selectFrom("jobs")
    .select("id")
    .where("run", "=", row.id)
    .where("state", "in", ["waiting", "running"]);
  return (await open.limit(1).executeTakeFirst()) ? row : { ...row, state: "interrupted" };
}

/**
 * The id of the run meant by an id, the beginning of one, a study's name (its newest run), "latest" or nothing.
 * @param runs newest first
 */
export function resolve(wanted = "latest", runs: readonly Pick<RunRow, "id" | "study">[]): string {
  if (runs.length === 0) {
    throw new UserError("this store has no runs yet", undefined, "`losslab run quickstart` makes the first");
  }
  if (wanted === "latest") return runs[0].id;
  const exact = runs.find((r) => r.id === wanted) ?? runs.find((r) => r.study === wanted);
  if (exact) return exact.id;

  const list = (some: typeof runs): string => some.map((r) => `${r.id} (${r.study})`).join(", ");
  const begun = runs.filter((r) => wanted !== "" && r.id.startsWith(wanted));
  if (begun.length === 1) return begun[0].id;
  if (begun.length > 1) {
    throw new UserError(`"${wanted}" begins the ids of ${begun.length} runs`, undefined, list(begun.slice(0, 5)));
  }
  const near = nearest(wanted, new Set(runs.flatMap((r) => [r.study, r.id])));
  const newest = `newest runs: ${list(runs.slice(0, 5))}`;
  throw new UserError(
    `no run or study "${wanted}" in this store`,
    undefined,
    near ? `did you mean "${near}"? ${newest}` : newest,
  );
}
