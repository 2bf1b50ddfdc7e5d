import { createReadStream } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream";
import { promisify } from "node:util";
import { createGunzip, gunzip, type ZlibOptions } from "node:zlib";
import { extract } from "tar-stream";
import { UserError } from "../util/errors.ts";
import type { DataFile, DataMember, MemberContents } from "./dataset.ts";
import type { LocatedFile } from "./locate.ts";

/** Unpacks located files in memory, one member after another; nothing is written to disk. */
export async function* readMembers(files: readonly LocatedFile[]): AsyncGenerator<MemberContents> {
  for (const { file, paths, unpacked } of files) {
    if (unpacked) {
      for (const [k, where] of paths.entries()) {
        yield { name: file.members[k].name, where, contents: await readFile(where) };
      }
    } else if (file.members.length === 1) {
      yield { name: file.members[0].name, where: paths[0], contents: await readPacked(paths[0], file.members[0]) };
    } else {
      yield* readArchive(file, paths[0]);
    }
  }
}

/** Whether a file is compressed: told by its first bytes, since browsers unzip downloads and keep the name. */
export async function isGzip(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/** Files of other makers may differ from the official ones, but not by much: what grows further is none of them. */
const roomFor = ({ bytes }: DataMember): number => 2 * bytes + 1_000_000;

async function readPacked(path: string, member: DataMember): Promise<Uint8Array> {
  const bytes = await readFile(path);
  if (!(await isGzip(path))) return bytes;
  try {
    return await promisify<Uint8Array, ZlibOptions, Uint8Array>(gunzip)(bytes, { maxOutputLength: roomFor(member) });
  } catch (error) {
    throw damaged(path, error);
  }
}

/** The wanted members of a tar archive, compressed or not, found by their base names. */
async function* readArchive(file: DataFile, path: string): AsyncGenerator<MemberContents> {
  const wanted = new Set(file.members.map(({ name }) => name));
  const chunkSize = 1 << 18;
  const archive = extract();
  const unzip = (await isGzip(path)) ? [createGunzip({ chunkSize })] : [];
  const stages = [createReadStream(path, { highWaterMark: chunkSize }), ...unzip, archive] as NodeJS.ReadWriteStream[];
  pipeline(stages, () => {}); // an error of any stage destroys the archive and so ends the loop below
  try {
    for await (const entry of archive) {
      const name = basename(entry.header.name);
      if (entry.header.type === "file" && wanted.delete(name)) {
        const size = entry.header.size ?? 0;
        const most = roomFor(file.members.find((member) => member.name === name)!);
        if (size > most)
          throw new Error(`its member ${entry.header.name} would be ${size} bytes long, expected at most ${most}`);
        const contents = new Uint8Array(size);
        let filled = 0;
        for await (const chunk of entry as AsyncIterable<Uint8Array>) {
          contents.set(chunk, filled);
          filled += chunk.length;
        }
        yield { name, where: `${path} (${entry.header.name})`, contents };
      } else {
        entry.resume();
      }
    }
  } catch (error) {
    throw error instanceof UserError ? error : damaged(path, error);
  } finally {
    archive.destroy();
  }
  if (wanted.size > 0) {
    throw new UserError(`archive lacks ${[...wanted].join(", ")}`, path, "is it the binary version of the data set?");
  }
}

const damaged = (path: string, error: unknown): UserError =>
  new UserError(
    `file is damaged: ${error instanceof Error ? error.message : error}`,
    path,
    "replace it, or delete it to have it downloaded anew",
  );
