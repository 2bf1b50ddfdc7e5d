/** Files that the command line writes, such as reports and exports: by a process of its own, so that nobody waits for it but who asked. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentWith } from "../store/place.ts";
import { UserError } from "../util/errors.ts";

const MOST_AT_ONCE = 2;
const MOST_MS = 10 * 60_000;

/** The first mistake that the command line printed. */
function complaint(stderr: string): string {
  const [, message] = /^error {2}(.*)$/m.exec(stderr) ?? [];
  return message ?? "the file could not be made";
}

/** @returns a function that runs a command which writes one file, and gives the file's bytes */
export function producer(program: readonly string[], folder: string, store: string) {
  let busy = 0;
  const waiting: (() => void)[] = [];

  function run(args: readonly string[]): Promise<void> {
    const [command, ...before] = program;
    return new Promise((resolve, reject) => {
      const child = spawn(command, [...before, ...args], {
        cwd: folder,
        stdio: ["ignore", "ignore", "pipe"],
        env: { ...environmentWith(store), NO_COLOR: "1" },
        timeout: MOST_MS,
      });
      let stderr = "";
      child.stderr.on("data", (chunk: Buffer) => {
        stderr = (stderr + chunk).slice(0, 10_000);
      });
      child.on("error", reject);
      child.on("exit", (code) => (code === 0 ? resolve() : reject(new UserError(complaint(stderr)))));
    });
  }

  return async (args: (file: string) => readonly string[]): Promise<Buffer> => {
    if (busy >= MOST_AT_ONCE) await new Promise<void>((go) => waiting.push(go));
    busy++;
    const work = await mkdtemp(join(tmpdir(), "losslab-file-"));
    try {
      const file = join(work, "file");
      await run(args(file));
      return await readFile(file);
    } finally {
      busy--;
      waiting.shift()?.();
      await rm(work, { recursive: true, force: true });
    }
  };
}
