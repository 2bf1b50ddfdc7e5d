/** The store's tables in one SQLite file: all that is particular to this dialect. */

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Expression,
  Kysely,
  type RawBuilder,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
  type TransactionSettings,
} from "kysely";
import Database from "libsql";
import { UserError } from "../util/errors.ts";
import type { Tables } from "./tables.ts";

/**
 * Opens the file, which is made with its folder when there is none. Readers may read while another process writes; writers
 * wait for each other.
 */
export async function openSqlite(path: string): Promise<Kysely<Tables>> {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const database = new Database(path);
    database.pragma("busy_timeout=10000");
    await useWriteAheadLog(database);
    database.pragma("synchronous=NORMAL");
    database.pragma("foreign_keys=ON");
    return new Kysely<Tables>({ dialect: dialect(database) });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === "SQLITE_NOTADB") {
      throw new UserError(
        "this file is not a SQLite database, or is damaged",
        path,
        "move it away and run again to begin a new store, or name another store with --store",
      );
    }
    throw new UserError(`cannot open the store: ${message}`, path);
  }
}

/** From now on writing through this connection is an error. */
export async function refuseWrites(db: Kysely<Tables>): Promise<void> {
  await sql`pragma query_only = on`.execute(db);
}

/** The values of a group as a JSON array, in no order; SQLite writes 15 significant digits. */
export const gathered = (values: Expression<unknown>): RawBuilder<string> => sql<string>`json_group_array(${values})`;

/** SQLite's own count of the commits of others that this connection has met. */
export async function dataVersion(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(db);
  return rows[0].data_version;
}

/** Changes a new file's mode. That is the one statement for which SQLite itself does not wait when another process is at it. */
async function useWriteAheadLog(database: Database.Database, attempts = 200): Promise<void> {
  try {
    database.pragma("journal_mode=WAL");
  } catch (error) {
    if ((error as { code?: string }).code !== "SQLITE_BUSY" || attempts === 0) throw error;
    await setTimeout(50 * Math.random());
    await useWriteAheadLog(database, attempts - 1);
  }
}

const dialect = (database: Database.Database): Dialect => ({
  createAdapter: () => new Adapter(),
  createDriver: () => new Driver({ database: fastRows(database) }),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

/** Migrations run in one transaction: none is half applied, and two processes that open a new store do not collide. */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class Driver extends SqliteDriver {
  /** A writer takes its turn when it begins: if it read first and then wrote, SQLite would refuse it rather than let it wait. */
  override beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    const begin = settings?.accessMode === "read only" ? "begin" : "begin immediate";
    return connection.executeQuery(CompiledQuery.raw(begin)).then(() => {});
  }
}

/** libsql builds arrays three times as fast as objects, so rows cross over as arrays and become objects here. */
function fastRows(database: Database.Database): SqliteDatabase {
  return {
    close() {
      database.pragma("wal_checkpoint(PASSIVE)"); // so that the file alone is the whole store, to copy or to send
      database.close();
    },
    prepare(sql) {
      const statement = database.prepare(sql);
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
        run: (parameters) => statement.run(parameters),
        all: (parameters) => [...objects(parameters)],
        iterate: objects,
      };
    },
  };
}
