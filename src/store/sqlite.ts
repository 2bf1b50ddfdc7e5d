/** The store's tables in one SQLite file: all that is particular to this dialect. */

import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
  type TransactionSettings,
} from "kysely";
import Libsql from "libsql";
import { UserError } from "../util/errors.ts";
import { filesIn } from "./checkpoint-files.ts";
import type { Database } from "./database.ts";
import { explained, explainedFile } from "./faults.ts";
import type { Tables } from "./tables.ts";

/**
 * Opens the file, which is made with its folder when there is none. Readers may read while another process writes; writers
 * wait for each other.
 */
export async function openSqlite(path: string): Promise<Kysely<Tables>> {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const database = new Libsql(path);
    database.pragma("busy_timeout=10000");
    await useWriteAheadLog(database);
    database.pragma("synchronous=NORMAL");
    database.pragma("foreign_keys=ON");
    return new Kysely<Tables>({ dialect: dialect(database, path) });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const why = code === "SQLITE_CANTOPEN" && !isWritable(path) ? { code: "SQLITE_READONLY", message } : error;
    const told = explainedFile(explained(why, path), path);
    if (told instanceof UserError) throw told;
    throw new UserError(`cannot open the store: ${message}`, path);
  }
}

/** Whether files can be made beside this one: even a reader of SQLite's write-ahead log makes some. */
export function isWritable(path: string): boolean {
  try {
    accessSync(dirname(path), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Opens a file where nothing can be written, which nobody changes therefore. */
export function openUnchanging(path: string): Kysely<Tables> {
  if (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size) {
    throw new UserError(
      "the store's folder cannot be written to, and the store was not closed when it was copied there",
      path,
      "copy the folder to where it can be written",
    );
  }
  try {
    const database = new Libsql(`${pathToFileURL(path)}?immutable=1`);
    return new Kysely<Tables>({ dialect: dialect(database, path) });
  } catch (error) {
    throw explained(error, path);
  }
}

/** What is particular to SQLite in a store's folder. */
export const embedded = (db: Kysely<Tables>, path: string, folder: string): Database => ({
  db,
  place: path,
  now: sql<number>`cast((julianday('now') - 2440587.5) * 86400000 as integer)`,
  gathered: (values) => sql<string>`json_group_array(${values})`, // with 15 significant digits
  /** SQLite's own count of the commits of others that this connection has met. */
  async dataVersion() {
    const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(db);
    return rows[0].data_version;
  },
  async refuseWrites() {
    await sql`pragma query_only = on`.execute(db);
  },
  files: () => filesIn(folder),
  explained: (error) => error, // its driver has explained it
  isPassing: () => false,
});

/** Changes a new file's mode. That is the one statement for which SQLite itself does not wait when another process is at it. */
async function useWriteAheadLog(database: Libsql.Database, attempts = 200): Promise<void> {
  try {
    database.pragma("journal_mode=WAL");
  } catch (error) {
    if ((error as { code?: string }).code !== "SQLITE_BUSY" || attempts === 0) throw error;
    await setTimeout(50 * Math.random());
    await useWriteAheadLog(database, attempts - 1);
  }
}

const dialect = (database: Libsql.Database, path: string): Dialect => ({
  createAdapter: () => new Adapter(),
  createDriver: () => new Driver({ database: fastRows(database, path) }),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new Compiler(),
});

/** Migrations run in one transaction: none is half applied, and two processes that open a new store do not collide. */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Says what PostgreSQL has to be told to be as SQLite: a writer is alone, and texts are ordered by their characters. */
class Compiler extends SqliteQueryCompiler {
  /** `for update`, `skip locked` */
  protected override visitSelectModifier(): void {}
  /** `collate "C"` */
  protected override visitCollate(): void {}
}

class Driver extends SqliteDriver {
  /** A writer takes its turn when it begins: if it read first and then wrote, SQLite would refuse it rather than let it wait. */
  override beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    const begin = settings?.accessMode === "read only" ? "begin" : "begin immediate";
    return connection.executeQuery(CompiledQuery.raw(begin)).then(() => {});
  }

  /** Where the disk is full or fails, SQLite has rolled back already: that is no error to be told instead of the first. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await connection.executeQuery(CompiledQuery.raw("rollback"));
    } catch (error) {
      if (!(error as Error).message.includes("no transaction is active")) throw error;
    }
  }
}

/** libsql builds arrays three times as fast as objects, so rows cross over as arrays and become objects here. */
function fastRows(database: Libsql.Database, path: string): SqliteDatabase {
  const told = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw explained(error, path);
    }
  };
  return {
    close() {
      try {
        database.pragma("wal_checkpoint(PASSIVE)"); // so that the file alone is the whole store, to copy or to send
      } catch {
        // a disk that is full or cannot be written: the log stays beside the file and belongs to it
      }
      database.close();
    },
    prepare(sql) {
      const statement = told(() => database.prepare(sql));
      const objects = function* (parameters: readonly unknown[]) {
        const names = statement.columns().map((column) => column.name);
        for (const values of statement.raw().iterate(parameters) as Iterable<unknown[]>) {
          const row: Record<string, unknown> = {};
          for (let i = 0; i < names.length; i++) row[names[i]] = values[i];
          yield row;
        }
      };
      return {
        reader: statement.reader,
        run: (parameters) => told(() => statement.run(parameters)),
        all: (parameters) => told(() => [...objects(parameters)]),
        iterate: objects,
      };
    },
  };
}
