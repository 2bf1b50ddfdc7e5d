/** Checkpoints: the state of a cohort's training after an epoch, one safetensors file each. */
import { createHash } from "node:crypto";
import { UserError } from "../util/errors.ts";
import { decodeSafetensors, encodeSafetensors, type SafeTensor, type Safetensors } from "../util/safetensors.ts";
import type { CheckpointFiles } from "./checkpoint-files.ts";

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

export const checkpoints = (files: CheckpointFiles): Checkpoints => ({
  async writeCheckpoint(cohort, epoch, tensors, metadata) {
    if (!/^[\w-]+$/.test(cohort)) throw new RangeError(`cohort "${cohort}" cannot name a file`);
    const bytes = encodeSafetensors(tensors, metadata);
    const file = `${cohort}-e${epoch < 0 ? "-" : ""}${String(Math.abs(epoch)).padStart(4, "0")}.safetensors`;
    await files.write(file, bytes);
    return { file, sha256: sha256(bytes) };
  },

  async readCheckpoint({ file, sha256: expected }) {
    const bytes = await files.read(file);
    if (!bytes) return { checkpoint: null, reason: `${file} is missing` };
    if (sha256(bytes) !== expected) return { checkpoint: null, reason: `${file} is not as it was written` };
    try {
      return { checkpoint: decodeSafetensors(bytes, file), reason: null };
    } catch (error) {
      if (error instanceof UserError) return { checkpoint: null, reason: `${file}: ${error.message}` };
      throw error;
    }
  },
});

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
