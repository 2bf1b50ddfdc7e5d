import { createHash } from "node:crypto";
import type { DataFile, DatasetSource } from "./dataset.ts";
import { digest } from "./download.ts";
import { type DataOptions, type LocatedFile, locate } from "./locate.ts";
import { isGzip, readMembers } from "./members.ts";

/** What is known of one file of a data set after comparing it with the official checksums. */
export interface FileVerdict {
  file: DataFile;
  /** Where it is; empty when missing. */
  paths: readonly string[];
  /** `ok`: official; `differs`: not the official file, see `contents`; `unknown`: unpacked, and no checksum of the contents is known. */
  state: "ok" | "differs" | "missing" | "unknown";
  /** Whether what is inside is official, whatever its packing. */
  contents: "ok" | "differs" | "missing" | "unknown";
  /** One sentence for people. */
  note: string;
}

/** Compares a data set's files with their official checksums: as packed and, where these are known, as unpacked. */
export async function verify(source: DatasetSource, options: DataOptions = {}): Promise<FileVerdict[]> {
  const verdicts: FileVerdict[] = [];
  for (const located of locate(source, options).files) verdicts.push(await verifyFile(located));
  return verdicts;
}

async function verifyFile(located: LocatedFile): Promise<FileVerdict> {
  const { file, paths } = located;
  const verdict = (state: FileVerdict["state"], contents: FileVerdict["contents"], note: string): FileVerdict => ({
    file,
    paths,
    state,
    contents,
    note,
  });
  if (paths.length === 0) return verdict("missing", "missing", "not found");

  const packed = !located.unpacked && (await isGzip(paths[0]));
  const md5 = packed ? await digest("md5", paths[0]) : undefined;
  if (md5 === file.md5) return verdict("ok", "ok", "the official file");

  const differs = packed ? `differs from the official archive (MD5 ${md5}, expected ${file.md5})` : "unpacked";
  const wrong = await membersThatDiffer(located);
  if (wrong === undefined) {
    return verdict(packed ? "differs" : "unknown", "unknown", `${differs}; no checksum of its contents is known`);
  }
  if (wrong.length > 0) return verdict("differs", "differs", `${differs}; its contents differ: ${wrong.join(", ")}`);
  return verdict(packed ? "differs" : "ok", "ok", `${differs}; its contents are the official ones`);
}

/** The members whose SHA-1 is not the official one; undefined when not all checksums are known. */
async function membersThatDiffer(located: LocatedFile): Promise<string[] | undefined> {
  const official = new Map(located.file.members.map(({ name, sha1 }) => [name, sha1]));
  if ([...official.values()].includes(undefined)) return undefined;
  const wrong: string[] = [];
  for await (const { name, contents } of readMembers([located])) {
    if (createHash("sha1").update(contents).digest("hex") !== official.get(name)) wrong.push(name);
  }
  return wrong;
}
