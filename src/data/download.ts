import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { DataFile } from "./dataset.ts";
import type { DownloadProgress } from "./locate.ts";

export interface DownloadEffects {
  onProgress?: (progress: DownloadProgress) => void;
  signal?: AbortSignal;
  /** Give up on a mirror that sends nothing for so long. */
  stallSec?: number;
}

/** No mirror gave the file: what each of them did instead. */
export class DownloadFailed extends Error {
  override readonly name = "DownloadFailed";
  constructor(readonly causes: readonly string[]) {
    super(causes.join("; "));
  }
}

/** Attempts at one mirror, as long as each changes what we have. */
const ATTEMPTS = 3;

/**
 * Downloads a file to `target`, from the first mirror that has it. What arrived is kept in `<target>.part` when interrupted and
 * continued next time, by this mirror or another (HTTP Range). Only a file with the official MD5 is renamed to `target`; any other is
 * discarded.
 */
export async function download(file: DataFile, target: string, effects: DownloadEffects = {}): Promise<void> {
  const part = `${target}.part`;
  await mkdir(dirname(target), { recursive: true });
  const causes: string[] = [];
  for (const mirror of file.mirrors) {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const before = await sizeOf(part);
      try {
        await receive(mirror, part, file, effects);
        const md5 = await digest("md5", part);
        if (md5 === file.md5) {
          await rename(part, target);
          return;
        }
        await rm(part);
        causes.push(`${mirror}: wrong checksum, MD5 ${md5}, expected ${file.md5}; discarded`);
        // Bytes left over from an interrupted download may be to blame: a second attempt starts from nothing.
        if (before === 0) break;
      } catch (error) {
        if (effects.signal?.aborted) throw error;
        causes.push(`${mirror}: ${reason(error)}`);
        if ((await sizeOf(part)) === before) break; // nothing came and nothing was discarded: no use in asking again
      }
    }
  }
  throw new DownloadFailed(causes);
}

/** The hash of a file, hexadecimal. */
export async function digest(algorithm: "md5" | "sha1", path: string): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) hash.update(chunk);
  return hash.digest("hex");
}

/** Appends to the part file what it lacks; returns when it is as long as the server says. */
async function receive(mirror: string, part: string, file: DataFile, effects: DownloadEffects): Promise<void> {
  const have = await sizeOf(part);
  if (have === file.bytes) return; // complete, but not yet verified when it was interrupted
  const stall = new AbortController();
  const stallSec = effects.stallSec ?? 30;
  const stalled = (): void => stall.abort(new Error(`nothing received for ${stallSec} s`));
  let timer = setTimeout(stalled, stallSec * 1000);
  try {
    const response = await fetch(mirror, {
      // Bytes as they are: a server that labels .gz files as compressed transfer would have them unpacked on arrival.
      headers: { "accept-encoding": "identity", ...(have > 0 && { range: `bytes=${have}-` }) },
      signal: effects.signal ? AbortSignal.any([effects.signal, stall.signal]) : stall.signal,
    });
    const continued = response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${have}-`);
    const useless = !response.ok || (response.status === 206 && !continued);
    if (useless) await response.body?.cancel();
    if (response.status === 416) {
      await rm(part, { force: true });
      throw new Error("cannot be continued (HTTP 416); discarded what was there");
    }
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status} ${response.statusText}`.trim());
    if (useless) throw new Error("answered with another range than asked for");
    let receivedBytes = continued ? have : 0;
    const length = response.headers.get("content-length");
    const totalBytes = length === null ? file.bytes : receivedBytes + Number(length);
    const handle = await open(part, continued ? "a" : "w");
    try {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        clearTimeout(timer);
        timer = setTimeout(stalled, stallSec * 1000);
        await handle.write(chunk);
        receivedBytes += chunk.length;
        effects.onProgress?.({ file: basename(file.name), receivedBytes, totalBytes, mirror });
      }
    } finally {
      await handle.close();
    }
    if (receivedBytes < totalBytes) throw new Error(`interrupted after ${receivedBytes} of ${totalBytes} bytes`);
  } finally {
    clearTimeout(timer);
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** What went wrong with a request; fetch hides it in the cause of its error. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause as (Error & { code?: string }) | undefined;
  return cause ? cause.message || cause.code || error.message : error.message;
}
