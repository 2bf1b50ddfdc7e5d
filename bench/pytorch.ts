import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** PyTorch in a process of its own, which answers one request at a time. */
export class PyTorch {
  private constructor(
    readonly process: ChildProcessByStdio<Writable, Readable, null>,
    readonly answers: AsyncIterator<string>,
  ) {}

  /** The first Python that has PyTorch. */
  static start(threads = 1): PyTorch | undefined {
    const python = ["python3", "/usr/bin/python3"].find(
      (command) => spawnSync(command, ["-c", "import torch"], { stdio: "ignore" }).status === 0,
    );
    if (!python) return undefined;
    const script = join(import.meta.dirname, "pytorch.py");
    const process = spawn(python, [script], { env: environment(threads), stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: process.stdout });
    return new PyTorch(process, lines[Symbol.asyncIterator]());
  }

  async answer<T>(): Promise<T> {
    const { value, done } = await this.answers.next();
    if (done) throw new Error("PyTorch's process ended; what it said stands above");
    return JSON.parse(value) as T;
  }

  ask<T>(request: object): Promise<T> {
    this.process.stdin.write(`${JSON.stringify(request)}\n`);
    return this.answer<T>();
  }

  stop(): void {
    this.process.stdin.end();
    this.process.kill();
  }
}

/** So many threads; and OpenBLAS's AVX-512 kernels where there are any, which older versions do not choose on processors they do not know. */
function environment(threads: number): NodeJS.ProcessEnv {
  const avx512 = /\bavx512f\b/.test(cpuinfo());
  return {
    ...process.env,
    OMP_NUM_THREADS: String(threads),
    OPENBLAS_NUM_THREADS: String(threads),
    ...(avx512 && { OPENBLAS_CORETYPE: "SkylakeX" }),
  };
}

function cpuinfo(): string {
  try {
    return readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return "";
  }
}
