/** One process at a time runs a study on a store. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../util/errors.ts";
import type { Db, Tables } from "./tables.ts";

type LockRow = Tables["run_locks"];

const HEARTBEAT_MS = 15_000;
const STALE_MS = 60_000;

export interface RunLock {
  release(): Promise<void>;
}

/** The process that works on a run, on which machine. */
export type RunHolder = Pick<LockRow, "pid" | "hostname">;

/** @param beatMs how often a holder is heard of */
export const locks = (db: Db, beatMs = HEARTBEAT_MS) => ({
  async holders(): Promise<Map<string, RunHolder>> {
    const held = await db.selectFrom("run_locks").selectAll().execute();
    return new Map(held.filter(isLive).map(({ run, pid, hostname }) => [run, { pid, hostname }]));
  },

  async acquireRunLock(run: string, onLost: () => void = () => {}): Promise<RunLock> {
    const holder = randomUUID();
    const { study } = await db.selectFrom("runs").select("study").where("id", "=", run).executeTakeFirstOrThrow();
    const holderOf = (tables: Db): Promise<LockRow | undefined> =>
      tables.selectFrom("run_locks").selectAll().where("study", "=", study).executeTakeFirst();
    const before = await holderOf(db);
    // It looks silent, but a clock that was set looks the same: it is listened for with a clock that nobody sets.
    if (before && !isGone(before) && !isRecent(before)) await sleep(1.4 * beatMs);
    const silent = (held: LockRow): boolean => !isRecent(held) && held.heartbeat === before?.heartbeat;
    const refuse = (held: LockRow | undefined): never => {
      const who = held ? `run ${held.run}, process ${held.pid} on ${held.hostname}` : "another process was faster";
      throw new UserError(
        `study ${study} is already running: ${who}`,
        undefined,
        "wait until it ends, stop it, or use another store with --store",
      );
    };
    await db.transaction().execute(async (trx) => {
      const held = await holderOf(trx);
      if (held && !isGone(held) && !silent(held)) refuse(held);
      // On PostgreSQL others may come this far at the same moment: the lock that was seen goes, not theirs, and who inserts first has it.
      if (held) await trx.deleteFrom("run_locks").where("holder", "=", held.holder).execute();
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto("run_locks")
        .values({ study, run, holder, pid: process.pid, hostname: hostname(), heartbeat: now() })
        .onConflict((c) => c.column("study").doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 0n) refuse(await holderOf(trx));
    });

    const beat = async (): Promise<void> => {
      const mine = db.updateTable("run_locks").set({ heartbeat: now() }).where("holder", "=", holder);
      if ((await mine.executeTakeFirst()).numUpdatedRows > 0n) return;
      clearInterval(timer);
      onLost();
    };
    const timer = setInterval(() => beat().catch(() => {}), beatMs); // a missed beat is made up by the next
    timer.unref();
    return {
      async release() {
        clearInterval(timer);
        await db.deleteFrom("run_locks").where("holder", "=", holder).execute();
      },
    };
  },
});

const now = (): string => new Date().toISOString();

/** Heard of lately, by this machine's clock; from the future it was not. */
const isRecent = (lock: LockRow): boolean => Math.abs(Date.now() - Date.parse(lock.heartbeat)) < STALE_MS;

/** Whether it can be seen from here that the holder's process has ended. */
const isGone = (lock: LockRow): boolean => lock.hostname === hostname() && !processExists(lock.pid);

/** Whether the holder still works, as far as can be told at once. */
export const isLive = (lock: LockRow): boolean => isRecent(lock) && !isGone(lock);

/** Whether this machine has a process of that number. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // exists, of another user
  }
}
