import type { DownloadProgress } from "../data/locate.ts";
import { bytes } from "../util/format.ts";

let last = 0;

/** A line about a download: rewritten in place in a terminal, once in five seconds elsewhere. */
export function downloadProgress({ file, receivedBytes, totalBytes, mirror }: DownloadProgress): void {
  const now = Date.now();
  const terminal = process.stderr.isTTY;
  const done = receivedBytes === totalBytes;
  if (!done && now - last < (terminal ? 100 : 5000)) return;
  last = now;
  const text = `downloading ${file}  ${bytes(receivedBytes)} of ${bytes(totalBytes)}  from ${new URL(mirror).host}`;
  process.stderr.write(terminal ? `\r\u001b[2K${text}${done ? "\n" : ""}` : `${text}\n`);
}
