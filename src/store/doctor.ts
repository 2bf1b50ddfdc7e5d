/** What is wrong with a store's files, and what can be mended of it. */
import { existsSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type SqlBool, sql } from "kysely";
import Database from "libsql";
import { version } from "../../package.json";
import type { Trial } from "../run/records.ts";
import { UserError } from "../util/errors.ts";
import { plural } from "../util/format.ts";
import { type CheckpointRef, checkpoints } from "./checkpoint.ts";
import { cohortOf, filesIn } from "./checkpoint-files.ts";
import { isLive } from "./lock.ts";
import { migrate } from "./migrations/index.ts";
import { type Salvaged, salvage, workingCopy } from "./salvage.ts";
import { openSqlite } from "./sqlite.ts";
import { chunks, type Db, type Tables } from "./tables.ts";

/** Something that is wrong, and what repairing does about it; nothing where it mends itself. */
export interface Finding {
  problem: string;
  repair: string | null;
}

/** In the order in which they refer to each other. Who runs now is not carried over. */
const TABLES = ["runs", "cohorts", "trials", "run_trials", "epochs", "confusions", "observations"] as const;

const file = (dir: string): string => join(dir, "losslab.sqlite");
const folder = (dir: string): string => resolve(dir, "checkpoints");

/** All that is wrong with a store. Changes nothing. */
export async function examineStore(dir: string): Promise<Finding[]> {
  const path = file(dir);
  if (!existsSync(path)) throw new UserError(`there is no store in ${dir}`, undefined, "--store names another");
  const damage = damageOf(path);
  if (damage.length > 0) {
    const shown = damage.slice(0, 5).join("; ");
    return [
      {
        problem: `losslab.sqlite is damaged: ${shown}${damage.length > 5 ? " …" : ""}`,
        repair: "the rows that can be read go into a new file; trials of which some are lost are trained anew",
      },
    ];
  }
  const db = await openSqlite(path);
  try {
    await migrate(db, version, path);
    return [...(await illegible(db)), ...(await incomplete(db)), ...(await wrongFiles(db, dir))];
  } finally {
    await db.destroy();
  }
}

/** What SQLite finds wrong with a file. */
function damageOf(path: string): string[] {
  try {
    const database = new Database(path);
    try {
      const found = database.prepare("pragma integrity_check(20)").all() as { integrity_check: string }[];
      return found.map((row) => row.integrity_check).filter((text) => text !== "ok");
    } finally {
      database.close();
    }
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Rows whose JSON cannot be read, by their tables: a byte that changed within a text is none that SQLite could notice. */
const JSON_COLUMNS = [
  ["trials", "spec"],
  ["runs", "spec"],
  ["runs", "environment"],
  ["cohorts", "trials"],
] as const;

const unreadable = (db: Db, table: "trials" | "runs" | "cohorts", column: string) =>
  db
    .selectFrom(table)
    .select("id")
    .where(sql<SqlBool>`json_valid(${sql.ref(column)}) = 0`);

async function illegible(db: Db): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [table, column] of JSON_COLUMNS) {
    const ids = (await unreadable(db, table, column).execute()).map(({ id }) => id);
    if (ids.length === 0) continue;
    found.push({
      problem: `the column ${column} of ${plural(ids.length, "row")} of ${table} cannot be read: ${ids.slice(0, 5).join(", ")}`,
      repair: "they are taken away; running their studies again brings them back",
    });
  }
  return found;
}

/** The reasons of trials that diverged name their last epoch, but for those that diverged in the training before. */
const lastEpochOf = (trial: Trial, reason: string | null): number | null => {
  if (reason === null) return trial.epochs;
  const said = reason.includes("training before") ? null : /epoch (\d+)/.exec(reason);
  return said ? Number(said[1]) : null;
};

/** Finished trials of which epochs are missing. */
async function torn(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom("trials")
    .leftJoin("epochs", "epochs.trial", "trials.id")
    .leftJoin("confusions as c", (join) =>
      join.onRef("c.trial", "=", "epochs.trial").onRef("c.epoch", "=", "epochs.epoch"),
    )
    .select(["trials.id", "spec", "reason", "status"])
    .select((eb) => [
      eb.fn.count("epochs.epoch").as("n"),
      eb.fn.max("epochs.epoch").as("last"),
      eb.fn.count("c.epoch").as("matrices"),
    ])
    .where("status", "in", ["done", "diverged"])
    .where(sql<SqlBool>`json_valid(spec) = 1`)
    .groupBy(["trials.id", "spec", "reason", "status"])
    .execute();
  return rows
    .filter(({ spec, reason, n, last, matrices }) => {
      const expected = lastEpochOf(JSON.parse(spec), reason);
      const count = Number(n);
      return count !== Number(last ?? 0) || count !== Number(matrices) || (expected !== null && count !== expected);
    })
    .map(({ id }) => id);
}

async function incomplete(db: Db): Promise<Finding[]> {
  const ids = await torn(db);
  if (ids.length === 0) return [];
  return [
    {
      problem: `${plural(ids.length, "finished trial")} lack epochs: ${ids.slice(0, 5).join(", ")}${ids.length > 5 ? " …" : ""}`,
      repair: "they are trained anew when their study is run",
    },
  ];
}

/** Checkpoints that are missing or not as they were written, and files that nothing refers to. */
async function wrongFiles(db: Db, dir: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  const { readCheckpoint } = checkpoints(filesIn(folder(dir)));
  const { refs, known } = await references(db);
  for (const { cohort, state, ref } of refs) {
    const { reason } = await readCheckpoint(ref);
    if (reason === null) continue;
    findings.push(
      state === "done"
        ? {
            problem: `the weights of cohort ${cohort} are lost: ${reason}`,
            repair: "its results stay; what is asked of its weights later cannot be answered",
          }
        : { problem: `${reason}; cohort ${cohort} goes on from the checkpoint before`, repair: null },
    );
  }
  const stray = await strays(dir, known);
  if (stray.length > 0) {
    findings.push({
      problem: `${plural(stray.length, "file")} in checkpoints/ belong to nothing: ${stray.slice(0, 3).join(", ")}${stray.length > 3 ? " …" : ""}`,
      repair: "they are deleted",
    });
  }
  return findings;
}

async function references(db: Db) {
  const rows = await db.selectFrom("cohorts").selectAll().execute();
  const refs = rows.flatMap((row) => {
    const of = (name: string | null, sha256: string | null): { cohort: string; state: string; ref: CheckpointRef }[] =>
      name !== null && sha256 !== null ? [{ cohort: row.id, state: row.state, ref: { file: name, sha256 } }] : [];
    return [...of(row.checkpoint_file, row.checkpoint_sha256), ...of(row.previous_file, row.previous_sha256)];
  });
  // A cohort that is being trained may have a file that it has not committed yet.
  const training = new Set(rows.filter(({ state }) => state === "running").map(({ id }) => id));
  const named = new Set(refs.map(({ ref }) => ref.file));
  const known = (name: string): boolean => named.has(name) || training.has(cohortOf(name) ?? "");
  return { refs, known };
}

const strays = async (dir: string, known: (name: string) => boolean): Promise<string[]> =>
  (await filesIn(folder(dir)).names()).filter((name) => !known(name));

/**
 * Mends what can be mended; the damaged file is kept beside the new one.
 * @param stamp names what is kept
 * @returns what was done, in sentences
 */
export async function repairStore(dir: string, stamp: string): Promise<string[]> {
  const path = file(dir);
  const done: string[] = [];
  const salvaged = damageOf(path).length > 0;
  if (salvaged) done.push(...(await saveRows(path, stamp)));
  const db = await openSqlite(path);
  try {
    await migrate(db, version, path);
    await refuseWhileRunning(db);
    done.push(...(await makeWhole(db, salvaged)));
    const { refs } = await references(db);
    const { readCheckpoint } = checkpoints(filesIn(folder(dir)));
    for (const { cohort, state, ref } of refs) {
      if (state !== "done" || (await readCheckpoint(ref)).reason === null) continue;
      const none = { checkpoint_file: null, checkpoint_sha256: null, checkpoint_epoch: null };
      await db.updateTable("cohorts").set(none).where("id", "=", cohort).execute();
      done.push(`cohort ${cohort} has no weights any more; its results stay`);
    }
    const { known } = await references(db);
    const stray = await strays(dir, known);
    for (const name of stray) rmSync(join(folder(dir), name), { force: true });
    if (stray.length > 0) done.push(`deleted ${plural(stray.length, "file")} that belonged to nothing`);
    return done;
  } finally {
    await db.destroy();
  }
}

async function refuseWhileRunning(db: Db): Promise<void> {
  const holder = (await db.selectFrom("run_locks").selectAll().execute()).find(isLive);
  if (!holder) return;
  throw new UserError(
    `the store is in use: process ${holder.pid} on ${holder.hostname} runs study ${holder.study}`,
    undefined,
    "stop it first",
  );
}

/** Puts a new file with all rows that can be read in the place of a damaged one. */
async function saveRows(path: string, stamp: string): Promise<string[]> {
  const fresh = `${path}.repaired`;
  const copy = `${path}.salvage`;
  const sweep = (): void => {
    for (const base of [fresh, copy]) for (const end of ["", "-wal", "-shm"]) rmSync(base + end, { force: true });
  };
  sweep();
  const done: string[] = [];
  const db = await openSqlite(fresh);
  try {
    await migrate(db, version, fresh);
    const saved = readTables(path, copy);
    await sql`pragma foreign_keys = off`.execute(db); // what refers to a row that was lost goes afterwards
    for (const [table, { rows, damaged }] of saved) {
      // A row may be damaged without SQLite's knowing: it must still fit its table.
      for (const some of chunks(rows, 100)) {
        await db
          .insertInto(table)
          .values(some as never)
          .onConflict((c) => c.doNothing())
          .execute();
      }
      done.push(`${table}: ${plural(rows.length, "row")} saved${damaged ? ", others lost" : ""}`);
    }
  } catch (error) {
    await db.destroy();
    sweep();
    if (error instanceof UserError) throw error;
    throw new UserError(
      `nothing can be saved of it: ${(error as Error).message}`,
      path,
      "SQLite's own `sqlite3 FILE .recover` may find more; move the file away to begin anew",
    );
  }
  await db.destroy();
  for (const end of ["-wal", "-shm", ""]) {
    if (existsSync(path + end)) renameSync(path + end, `${path}.damaged-${stamp}${end}`);
  }
  renameSync(fresh, path);
  sweep();
  return [...done, `the damaged file is kept as losslab.sqlite.damaged-${stamp}`];
}

function readTables(path: string, copy: string): Map<(typeof TABLES)[number], Salvaged> {
  const database = workingCopy(path, copy);
  try {
    const saved = TABLES.map((table) => {
      const columns = (
        database.prepare(`select name from pragma_table_info('${table}')`).all() as { name: string }[]
      ).map(({ name }) => name);
      if (columns.length === 0) throw new Error(`table ${table} is not there`);
      return [table, salvage(database, table, columns)] as const;
    });
    return new Map(saved);
  } finally {
    database.close();
  }
}

async function takeIllegible(db: Db): Promise<number> {
  await sql`pragma defer_foreign_keys = on`.execute(db);
  let taken = 0n;
  for (const [table, column] of JSON_COLUMNS) {
    const { numDeletedRows } = await db
      .deleteFrom(table)
      .where("id", "in", unreadable(db, table, column))
      .executeTakeFirst();
    taken += numDeletedRows;
  }
  return Number(taken);
}

/** Takes away what is not whole, so that running the studies again trains exactly that. */
const makeWhole = (db: Db, salvaged: boolean): Promise<string[]> =>
  db.transaction().execute(async (trx) => {
    const missing = (column: string, table: keyof Tables) =>
      sql<SqlBool>`${sql.ref(column)} is not null and ${sql.ref(column)} not in (select id from ${sql.table(table)})`;
    const noEpoch = sql<SqlBool>`not exists (select 1 from epochs e where e.trial = t.trial and e.epoch = t.epoch)`;
    const taken = await takeIllegible(trx);
    if (salvaged || taken > 0) {
      await sql`pragma defer_foreign_keys = on`.execute(trx);
      await trx.deleteFrom("run_trials").where(missing("trial", "trials")).execute();
      await trx.deleteFrom("run_trials").where(missing("run", "runs")).execute();
      await trx.deleteFrom("cohorts").where(missing("run", "runs")).execute();
      // What was not finished begins anew: nothing tells which of its epochs were lost.
      await trx.deleteFrom("cohorts").where("state", "=", "running").execute();
      await trx.updateTable("trials").set({ cohort: null }).where(missing("cohort", "cohorts")).execute();
      const open = trx.selectFrom("trials").select("id").where("status", "not in", ["done", "diverged"]);
      await trx.deleteFrom("epochs").where("trial", "in", open).execute();
      await trx.deleteFrom("epochs").where(missing("trial", "trials")).execute();
      await trx
        .updateTable("trials")
        .set({ status: "planned", reason: null, cohort: null })
        .where("id", "in", open)
        .execute();
      for (const table of ["confusions", "observations"] as const)
        await sql`delete from ${sql.table(table)} as t where ${noEpoch}`.execute(trx);
    }
    const ids = await torn(trx);
    for (const some of chunks(ids)) {
      await trx.deleteFrom("epochs").where("trial", "in", some).execute();
      for (const table of ["confusions", "observations"] as const)
        await trx.deleteFrom(table).where("trial", "in", some).execute();
      await trx
        .updateTable("trials")
        .set({ status: "planned", reason: null, cohort: null })
        .where("id", "in", some)
        .execute();
    }
    const unfinished = trx
      .selectFrom("run_trials")
      .innerJoin("trials", "trials.id", "run_trials.trial")
      .select("run")
      .where("status", "not in", ["done", "diverged"]);
    await trx
      .updateTable("runs")
      .set({ state: "interrupted", finished_at: null })
      .where("id", "in", unfinished)
      .where("state", "=", "finished")
      .execute();
    return ids.length > 0 ? [`${plural(ids.length, "trial")} are trained anew when their study is run`] : [];
  });
