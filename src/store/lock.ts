/** One process at a time runs a study on a store. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
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

export const locks = (db: Db) => ({
  async holders(): Promise<Map<string, RunHolder>> {
    const held = await db.selectFrom("run_locks").selectAll().execute();
    return new Map(held.filter(isLive).map(({ run, pid, hostname }) => [run, { pid, hostname }]));
  },

  async acquireRunLock(run: string): Promise<RunLock> {
    const holder = randomUUID();
    await db.transaction().execute(async (trx) => {
      const { study } = await trx.selectFrom("runs").select("study").where("id", "=", run).executeTakeFirstOrThrow();
      const held = await trx.selectFrom("run_locks").selectAll().where("study", "=", study).executeTakeFirst();
      if (held && isLive(held)) {
        throw new UserError(
          `study ${study} is already running: run ${held.run}, process ${held.pid} on ${held.hostname}`,
          undefined,
          "wait until it ends, stop it, or use another store with --store",
        );
      }
      await trx.deleteFrom("run_locks").where("study", "=", study).execute();
      await trx
        .insertInto("run_locks")
        .values({ study, run, holder, pid: process.pid, hostname: hostname(), heartbeat: now() })
        .execute();
    });

    const beat = () => db.updateTable("run_locks").set({ heartbeat: now() }).where("holder", "=", holder).execute();
    const timer = setInterval(() => beat().catch(() => {}), HEARTBEAT_MS); // a missed beat is made up by the next
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

/** Whether the holder still works: heard of lately and, where that can be seen, its process exists. */
export function isLive(lock: LockRow): boolean {
  const recent = Date.now() - Date.parse(lock.heartbeat) < STALE_MS;
  return recent && (lock.hostname !== hostname() || processExists(lock.pid));
}

export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // exists, of another user
  }
}
