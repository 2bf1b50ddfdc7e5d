/** Files that a reader opened or dropped, as readers of own data need them. They stay in memory. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { type Disk, MOST_BYTES } from "../../../src/data/own/format.ts";
import { UserError } from "../../../src/util/errors.ts";
import { bytes as spelled } from "../../../src/util/format.ts";

/** A file and its path below what was opened: `iris.csv`, `flowers/rose/1.png`. */
export interface OpenedFile {
  path: string;
  file: Blob;
}

/** What a study calls files that were opened: one by its name, several by the folder that holds them. */
export function setOf(paths: readonly string[]): string {
  const [first] = paths;
  if (paths.length === 1 && !first.includes("/")) return `./${first}`;
  const folder = first.split("/")[0];
  return first.includes("/") && paths.every((path) => path.startsWith(`${folder}/`)) ? `./${folder}` : "./files";
}

/** Unpacks gzip, with its checksum, as far as `most` bytes. */
async function unpacked(packed: Blob, path: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    const stream = packed.stream().pipeThrough(new DecompressionStream("gzip"));
    for (const reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > MOST_BYTES) throw new UserError(`is larger than ${spelled(MOST_BYTES)}, unpacked`, path);
      parts.push(value);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError("is damaged, or no gzip", path);
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

/** Reads the files into memory; packed ones are unpacked, as their readers would. */
export async function memoryDisk(files: readonly OpenedFile[]): Promise<Disk> {
  const set = setOf(files.map(({ path }) => path));
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  if (total > MOST_BYTES)
    throw new UserError(`the files take ${spelled(total)}; at most ${spelled(MOST_BYTES)} are read`, set);
  const contents = new Map<string, Uint8Array>();
  const folders = new Map<string, Set<string>>();
  for (const { path, file } of files) {
    const whole = set === "./files" ? `./files/${path}` : `./${path}`;
    const steps = whole.split("/");
    for (let i = 1; i < steps.length; i++) {
      const folder = steps.slice(0, i).join("/");
      folders.set(folder, (folders.get(folder) ?? new Set()).add(steps[i]));
    }
    const begin = new Uint8Array(await file.slice(0, 2).arrayBuffer());
    const isPacked = begin[0] === 0x1f && begin[1] === 0x8b;
    contents.set(whole, isPacked ? await unpacked(file, whole) : new Uint8Array(await file.arrayBuffer()));
  }
  return {
    stats(path) {
      const file = contents.get(path);
      if (file) return { isFolder: false, bytes: file.length };
      return folders.has(path) ? { isFolder: true, bytes: 0 } : undefined;
    },
    list: (folder) => [...(folders.get(folder) ?? [])],
    read: (path) => contents.get(path)!,
    gunzip() {
      throw new Error("it is packed twice");
    },
    sha256(parts) {
      const hash = sha256.create();
      for (const part of parts) hash.update(part);
      return bytesToHex(hash.digest());
    },
  };
}
