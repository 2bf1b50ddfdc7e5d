import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Side } from "./side.ts";

/** PyTorch in a process of its own, in the first Python that has it. */
export function startPyTorch(threads = 1): Side | undefined {
  const python = ["python3", "/usr/bin/python3"].find(
    (command) => spawnSync(command, ["-c", "import torch"], { stdio: "ignore" }).status === 0,
  );
  return python ? new Side(python, [join(import.meta.dirname, "pytorch.py")], environment(threads)) : undefined;
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
