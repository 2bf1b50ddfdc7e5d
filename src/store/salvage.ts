/** Reads what can still be read of a damaged SQLite file. */
import { closeSync, copyFileSync, existsSync, openSync, readSync, statSync, truncateSync } from "node:fs";
import Database from "libsql";

/** The rows of a table that could be read, each with its columns by name, and whether some could not. */
export interface Salvaged {
  rows: Record<string, unknown>[];
  damaged: boolean;
}

/**
 * A copy of a damaged file (and of its write-ahead log) that SQLite looks at as far as it can: pages that were cut off are there, empty,
 * so that those before them can be reached.
 */
export function workingCopy(path: string, copy: string): Database.Database {
  copyFileSync(path, copy);
  if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
  const { pageSize, pages } = sizesIn(copy);
  if (statSync(copy).size < pageSize * pages) truncateSync(copy, pageSize * pages);
  const database = new Database(copy);
  database.exec("pragma writable_schema = on"); // a damaged entry of the schema is passed over
  return database;
}

/** Bytes 16 and 28 of the header, https://www.sqlite.org/fileformat2.html#the_database_header */
function sizesIn(path: string): { pageSize: number; pages: number } {
  const header = Buffer.alloc(32);
  const file = openSync(path, "r");
  try {
    readSync(file, header, 0, 32, 0);
  } finally {
    closeSync(file);
  }
  const pageSize = header.readUInt16BE(16);
  return { pageSize: pageSize === 1 ? 65_536 : pageSize, pages: Math.min(header.readUInt32BE(28), 4e6) };
}

/**
 * Walks a table by its row numbers. Where a row cannot be read, the next that can is looked for at growing distances, then between: a
 * damaged page costs its own rows and no others.
 */
export function salvage(database: Database.Database, table: string, columns: readonly string[]): Salvaged {
  const rows: Record<string, unknown>[] = [];
  let damaged = false;
  // Without indices, which may be damaged too; `+0` keeps the planner from trusting them.
  const statement = database
    .prepare(
      `select rowid, ${columns.map((c) => `"${c}"`).join(", ")} from "${table}" not indexed where rowid >= ? order by rowid limit 1`,
    )
    .raw();
  /** The first row from a number on: null where there is none, undefined where it cannot be read. */
  const from = (rowid: number): unknown[] | null | undefined => {
    try {
      return ((statement as unknown as { get(n: number): unknown[] | undefined }).get(rowid) ?? null) as
        | unknown[]
        | null;
    } catch {
      return undefined;
    }
  };
  for (let next = 0; ; ) {
    let row = from(next);
    if (row === undefined) {
      damaged = true;
      row = beyond(next, from);
    }
    if (!row) return { rows, damaged };
    const [rowid, ...values] = row;
    rows.push(Object.fromEntries(columns.map((column, i) => [column, values[i]])));
    next = Number(rowid) + 1;
  }
}

/** Row numbers in a store stay far below. */
const MOST_ROWS = 2 ** 40;

/** The first readable row after an unreadable place. */
function beyond(unreadable: number, from: (rowid: number) => unknown[] | null | undefined): unknown[] | null {
  let low = unreadable;
  let step = 1;
  let found = from(low + step);
  while (found === undefined && step < MOST_ROWS) {
    low = unreadable + step;
    step *= 2;
    found = from(unreadable + step);
  }
  if (!found) return null;
  let high = unreadable + step;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const row = from(middle);
    if (row === undefined) low = middle;
    else {
      high = middle;
      found = row ?? found;
    }
  }
  return found;
}
