/** Checkpoints: the state of a cohort's training after an epoch, one safetensors file each, beside the database. */
import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { UserError } from "../util/errors.ts";
import { decodeSafetensors, encodeSafetensors, type SafeTensor, type Safetensors } from "../util/safetensors.ts";
import { explainedFile } from "./faults.ts";
import { processExists } from "./lock.ts";

/** A checkpoint as the database knows it. A file that it does not know does not count. */
export interface CheckpointRef {
  /** Name in the store's `checkpoints` folder: `<cohort>-e0012.safetensors`; epochs of a training before are numbered up to 0. */
  file: string;
  sha256: string;
}

export interface Checkpoints {
  /** Writes a file whole or not at all. It counts when `saveEpoch` has committed it; until then the one before does. */
  writeCheckpoint(
    cohort: string,
    epoch: number,
    tensors: Record<string, SafeTensor>,
    metadata?: Record<string, string>,
  ): Promise<CheckpointRef>;
  /** What the file holds; or, if it is missing or damaged, why: then the one before it may do. */
  readCheckpoint(
    ref: CheckpointRef,
  ): Promise<{ checkpoint: Safetensors; reason: null } | { checkpoint: null; reason: string }>;
}

const TEMPORARY = ".tmp";
const ORPHAN_AGE_MS = 10 * 60_000;

export const checkpoints = (folder: string): Checkpoints => ({
  async writeCheckpoint(cohort, epoch, tensors, metadata) {
    if (!/^[\w-]+$/.test(cohort)) throw new RangeError(`cohort "${cohort}" cannot name a file`);
    const bytes = encodeSafetensors(tensors, metadata);
    const file = `${cohort}-e${epoch < 0 ? "-" : ""}${String(Math.abs(epoch)).padStart(4, "0")}.safetensors`;
    await mkdir(folder, { recursive: true });
    const temporary = join(folder, `${file}.${hostname()}-${process.pid}${TEMPORARY}`);
    try {
      await writeDurably(temporary, bytes);
      await rename(temporary, join(folder, file));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {}); // a disk that is full is to have its room back
      throw explainedFile(error, join(folder, file));
    }
    return { file, sha256: sha256(bytes) };
  },

  async readCheckpoint({ file, sha256: expected }) {
    try {
      const bytes = await readFile(join(folder, file));
      if (sha256(bytes) !== expected) return { checkpoint: null, reason: `${file} is not as it was written` };
      return { checkpoint: decodeSafetensors(bytes, file), reason: null };
    } catch (error) {
      if (error instanceof UserError) return { checkpoint: null, reason: `${file}: ${error.message}` };
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return { checkpoint: null, reason: `${file} is missing` };
      throw error;
    }
  },
});

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, "w");
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The cohort that a checkpoint's name tells; undefined of other files. */
export const cohortOf = (file: string): string | undefined => /^(.+)-e-?\d+\.safetensors$/.exec(file)?.[1];

/** Deletes the cohort's checkpoints but those that count. */
export async function keepOnly(kept: readonly string[], cohort: string, folder: string): Promise<void> {
  for (const file of await checkpointFiles(folder)) {
    if (cohortOf(file) === cohort && !kept.includes(file)) await rm(join(folder, file), { force: true });
  }
}

/**
 * Deletes what processes that were killed while writing left behind: at once where it can be seen that the process is gone, of other
 * machines what is old.
 */
export async function removeOrphans(folder: string): Promise<void> {
  for (const file of await checkpointFiles(folder)) {
    if (!file.endsWith(TEMPORARY)) continue;
    const [, host, pid] = /\.safetensors\.(?:(.+)-)?(\d+)\.tmp$/.exec(file) ?? [];
    if (host === hostname() ? processExists(Number(pid)) : !(await isOld(join(folder, file)))) continue;
    await rm(join(folder, file), { force: true });
  }
}

async function isOld(path: string): Promise<boolean> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > ORPHAN_AGE_MS;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Names in a store's folder of checkpoints, which may not be there yet. */
export const checkpointFiles = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
