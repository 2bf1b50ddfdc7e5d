/** Where the bytes of checkpoints lie: in files of a folder beside the database, or in rows of the database itself. */
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { explainedFile } from "./faults.ts";
import { free, type Hold } from "./hold.ts";
import { processExists } from "./lock.ts";
import type { Db } from "./tables.ts";

export interface CheckpointFiles {
  /** Writes a file whole or not at all, in place of one of the same name. */
  write(file: string, bytes: Uint8Array): Promise<void>;
  /** Null where there is none. */
  read(file: string): Promise<Uint8Array | null>;
  /** Names of the files, all or those of a cohort. */
  names(cohort?: string): Promise<string[]>;
  remove(file: string): Promise<void>;
  /** Deletes what processes that were killed while writing left behind. */
  sweep(): Promise<void>;
}

/** The cohort that a checkpoint's name tells; undefined of other files. */
export const cohortOf = (file: string): string | undefined => /^(.+)-e-?\d+\.safetensors$/.exec(file)?.[1];

// --- in a folder

const TEMPORARY = ".tmp";
const ORPHAN_AGE_MS = 10 * 60_000;

/** @param folder may not be there yet */
export function filesIn(folder: string): CheckpointFiles {
  const all = (): Promise<string[]> => readdir(folder).catch(ifMissing<string[]>([]));
  return {
    async write(file, bytes) {
      await mkdir(folder, { recursive: true });
      const temporary = join(folder, `${file}.${hostname()}-${process.pid}${TEMPORARY}`);
      try {
        await writeDurably(temporary, bytes);
        await rename(temporary, join(folder, file));
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => {}); // a disk that is full is to have its room back
        throw explainedFile(error, join(folder, file));
      }
    },
    read: (file) => readFile(join(folder, file)).catch(ifMissing(null)),
    names: async (cohort) => (await all()).filter((file) => cohort === undefined || cohortOf(file) === cohort),
    remove: (file) => rm(join(folder, file), { force: true }),
    /** At once where it can be seen that the process is gone; of other machines what is old. */
    async sweep() {
      for (const file of await all()) {
        if (!file.endsWith(TEMPORARY)) continue;
        const [, host, pid] = /\.safetensors\.(?:(.+)-)?(\d+)\.tmp$/.exec(file) ?? [];
        if (host === hostname() ? processExists(Number(pid)) : !(await isOld(join(folder, file)))) continue;
        await rm(join(folder, file), { force: true });
      }
    },
  };
}

const ifMissing =
  <T>(instead: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === "ENOENT") return instead;
    throw error;
  };

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, "w");
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isOld(path: string): Promise<boolean> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > ORPHAN_AGE_MS;
}

// --- in rows

/** Of a row at most: bytes are read as text of two characters each, and texts have a limit. */
const PART_BYTES = 16 * 2 ** 20;

export function filesAsRows(db: Db, hold: Hold = free): CheckpointFiles {
  return {
    write: (file, bytes) =>
      db.transaction().execute(async (trx) => {
        await hold.check(trx);
        await trx.deleteFrom("checkpoint_parts").where("file", "=", file).execute();
        for (let part = 0; part * PART_BYTES < bytes.length; part++) {
          const own = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
          await trx
            .insertInto("checkpoint_parts")
            .values({ file, part, cohort: cohortOf(file)!, bytes: own })
            .execute();
        }
      }),
    async read(file) {
      const parts: Uint8Array[] = [];
      for (;;) {
        const row = await db
          .selectFrom("checkpoint_parts")
          .select("bytes")
          .where("file", "=", file)
          .where("part", "=", parts.length)
          .executeTakeFirst();
        if (!row) break;
        parts.push(row.bytes); // one that was replaced meanwhile does not match its checksum
      }
      return parts.length === 0 ? null : Buffer.concat(parts);
    },
    async names(cohort) {
      const files = db.selectFrom("checkpoint_parts").select("file").distinct();
      const rows = await (cohort === undefined ? files : files.where("cohort", "=", cohort)).execute();
      return rows.map(({ file }) => file);
    },
    async remove(file) {
      await db.deleteFrom("checkpoint_parts").where("file", "=", file).execute();
    },
    async sweep() {}, // rows are written whole
  };
}
