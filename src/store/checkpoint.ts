/** Checkpoints: the state of a cohort's training after an epoch, one safetensors file each, beside the database. */
import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../util/errors.ts";
import { decodeSafetensors, encodeSafetensors, type SafeTensor, type Safetensors } from "../util/safetensors.ts";

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
  /** What the file holds; or, if it is missing or damaged, why: then `discardEpochsAfter(cohort, 0)` and begin anew. */
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
    const temporary = join(folder, `${file}.${process.pid}${TEMPORARY}`);
    const handle = await open(temporary, "w");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, join(folder, file));
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

/** Deletes the cohort's checkpoints but the one that was just committed. */
export async function keepOnly({ file: kept }: CheckpointRef, cohort: string, folder: string): Promise<void> {
  for (const file of await files(folder)) {
    const ofCohort = file.startsWith(`${cohort}-e`) && /^-?\d+\.safetensors$/.test(file.slice(cohort.length + 2));
    if (ofCohort && file !== kept) await rm(join(folder, file), { force: true });
  }
}

/** Deletes what processes that were killed while writing left behind; young files may belong to a living one. */
export async function removeOrphans(folder: string): Promise<void> {
  for (const file of await files(folder)) {
    if (!file.endsWith(TEMPORARY)) continue;
    const { mtimeMs } = await stat(join(folder, file)).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > ORPHAN_AGE_MS) await rm(join(folder, file), { force: true });
  }
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const files = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
