/** This machine's disk, as readers of own data need it. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Dataset } from "../dataset.ts";
import type { Disk, OwnOptions } from "./format.ts";
import { readFrom } from "./read.ts";

const disk: Disk = {
  stats(path) {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats && { isFolder: stats.isDirectory(), bytes: stats.size };
  },
  list: (folder) => readdirSync(folder),
  read: (file) => readFileSync(file),
  gunzip: (packed, most) => gunzipSync(packed, { maxOutputLength: most }),
  sha256(parts) {
    const hash = createHash("sha256");
    for (const part of parts) hash.update(part);
    return hash.digest("hex");
  },
};

/** Reads data of one's own from the disk, see `readFrom`. */
export const readOwn = (path: string, options: OwnOptions = {}): Dataset & { format: string } =>
  readFrom(disk, path, options);
