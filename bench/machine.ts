/** What a measurement was taken on. */
import { cpus, loadavg } from "node:os";
import { env } from "onnxruntime-node";
import { emit } from "../src/onnx/emit.ts";
import { nodeBackend } from "../src/run/node-backend.ts";
import { input, matmul } from "../src/tensor/index.ts";

/** Floating-point operations per second of the best of several products of two square matrices, one thread. */
export async function sgemmPeak(size = 1024, repeats = 12): Promise<number> {
  const backend = nodeBackend();
  const shape = [size, size];
  const square = (): ReturnType<typeof backend.tensor> =>
    backend.tensor(
      "float32",
      Float32Array.from({ length: size * size }, (_, i) => (i % 7) - 3),
      shape,
    );
  const session = await backend.session(emit({ c: matmul(input("a", shape), input("b", shape)) }).bytes);
  const feeds = { a: square(), b: square() };
  const into = { c: square() };
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repeats; i++) {
    const begun = performance.now();
    await session.run(feeds, into);
    best = Math.min(best, performance.now() - begun);
  }
  await session.release();
  return (2 * size ** 3) / (best / 1000);
}

/** @param versions PyTorch's, where there is one */
export function machineFacts(
  command: string,
  peak: number,
  versions: Record<string, string> | undefined,
): Record<string, string> {
  return {
    date: new Date().toISOString(),
    command,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: String(cpus().length),
    load: loadavg()[0].toFixed(2),
    node: process.versions.node,
    onnxruntime: env.versions.node ?? "unknown",
    sgemm: `${(peak / 1e9).toFixed(0)} GFLOP/s on one core, through onnxruntime`,
    ...(versions ?? { pytorch: "not found: no python3 here can import torch, so losslab's side stands alone" }),
  };
}
