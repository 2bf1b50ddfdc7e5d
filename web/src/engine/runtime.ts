/** The ONNX runtime of a worker. */
import { type Backend, onnxBackend } from "../../../src/run/backend.ts";
import { agree, trySample } from "../../../src/run/sample.ts";

export type Processor = "wasm" | "webgpu";

/** Threads that a runtime may have here: WebAssembly has some where the page is isolated from other origins. */
export const threadsHere = (): number => (globalThis.crossOriginIsolated ? navigator.hardwareConcurrency : 1);

/** The runtime on the processor. Its outputs that were made before are not written back, hence not reused. */
export async function wasmBackend(threads = 1): Promise<Backend> {
  const [ort, { default: wasm }, { default: mjs }] = await Promise.all([
    import("onnxruntime-web/wasm"),
    import("onnxruntime-web/ort-wasm-simd-threaded.wasm?url"),
    import("onnxruntime-web/ort-wasm-simd-threaded.mjs?url"),
  ]);
  ort.env.wasm.numThreads = Math.max(1, Math.min(threads, threadsHere()));
  ort.env.wasm.wasmPaths = { wasm, mjs };
  return onnxBackend("web", ort, { executionProviders: ["wasm"] }, false);
}

/**
 * The runtime on the graphics adapter; what that lacks, the processor does.
 * @returns or why it cannot be used
 */
export async function webgpuBackend(): Promise<Backend | { problem: string }> {
  const adapter = await (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu?.requestAdapter();
  if (!adapter) return { problem: "this browser offers no graphics adapter through WebGPU" };
  try {
    const [ort, { default: wasm }, { default: mjs }] = await Promise.all([
      import("onnxruntime-web/webgpu"),
      import("onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url"),
      import("onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url"),
    ]);
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = { wasm, mjs };
    const backend = onnxBackend("webgpu", ort, { executionProviders: ["webgpu"], logSeverityLevel: 3 }, false);
    const processor = onnxBackend("web", ort, { executionProviders: ["wasm"] }, false);
    // It has to compute the processor's numbers, or it is of no use.
    if (!agree(await trySample(backend), await trySample(processor)))
      return { problem: "it computes other numbers than the processor" };
    return backend;
  } catch (error) {
    return { problem: error instanceof Error ? error.message.split("\n")[0] : String(error) };
  }
}
