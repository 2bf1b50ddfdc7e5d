/** Places for stores in tests: a folder with SQLite, and a PostgreSQL database where a server can be started. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Libsql from "libsql";
import { noPostgres, query, sharedDatabase } from "../../test/postgres/server.ts";

export interface StorePlace {
  /** As --store names it. */
  store: string;
  /** As messages name it. */
  shown: string;
  /** A place without a store. */
  none: string;
  /** Asks the database something, past the store. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** What is not as it should be, seen from outside. */
  problems(): Promise<Record<string, unknown>[]>;
  /** Names of the checkpoints that lie there. */
  checkpoints(): Promise<string[]>;
  /** Writes something else in place of a checkpoint. */
  damage(checkpoint: string): Promise<void>;
  remove(): void;
}

export interface StoreKind {
  name: string;
  /** Why it cannot be tested here. */
  missing: string | null;
  make(): Promise<StorePlace>;
}

/** Asks a SQLite file something. */
export function querySqlite(file: string, sql: string): Record<string, unknown>[] {
  const database = new Libsql(file);
  const rows = database.prepare(sql).all() as Record<string, unknown>[];
  database.close();
  return rows;
}

export const sqlite: StoreKind = {
  name: "SQLite",
  missing: null,
  async make() {
    const dir = mkdtempSync(join(tmpdir(), "losslab-"));
    const [folder, file] = [join(dir, "checkpoints"), join(dir, "losslab.sqlite")];
    return {
      store: dir,
      shown: file,
      none: join(dir, "none"),
      query: async (sql) => querySqlite(file, sql),
      async problems() {
        const integrity = querySqlite(file, "pragma integrity_check").filter((row) => row.integrity_check !== "ok");
        return [...integrity, ...querySqlite(file, "pragma foreign_key_check")];
      },
      checkpoints: async () => (existsSync(folder) ? readdirSync(folder).sort() : []),
      async damage(checkpoint) {
        writeFileSync(join(folder, checkpoint), "damaged");
      },
      remove: () => rmSync(dir, { recursive: true }),
    };
  },
};

export const postgres: StoreKind = {
  name: "PostgreSQL",
  missing: noPostgres(),
  async make() {
    const url = await sharedDatabase();
    return {
      store: url,
      shown: url,
      none: url.replace(/\/t\w+\?/, "/postgres?"),
      query: (sql) => query(url, sql),
      problems: () =>
        query(
          url,
          "select 'no epoch' as why, trial, epoch from confusions natural left join epochs e where e.seconds is null",
        ),
      checkpoints: async () =>
        (await query(url, "select distinct file from checkpoint_parts order by file")).map(({ file }) => String(file)),
      async damage(checkpoint) {
        await query(url, `update checkpoint_parts set bytes = 'damaged' where file = '${checkpoint}'`);
      },
      remove() {}, // with its server
    };
  },
};

export const kinds: readonly StoreKind[] = [sqlite, postgres];
