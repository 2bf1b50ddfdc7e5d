/** What the step loop needs of an ONNX runtime: onnxruntime-node and onnxruntime-web both have it, and are handed in. */

import type { Dialect } from "../onnx/emit.ts";

export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

export interface Tensor {
  readonly data: unknown;
  readonly dims: readonly number[];
}

export interface Session {
  /**
   * @param feeds a tensor for each input
   * @param into tensors for the results to be written into, where the backend can
   */
  run(feeds: Record<string, Tensor>, into?: Record<string, Tensor>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

export interface Backend {
  readonly name: string;
  /** Whether results can be written into tensors that were made before. */
  readonly reusesOutputs: boolean;
  /** What models for this backend may use beyond the standard's operators; absent: nothing. */
  dialect?(): Promise<Dialect>;
  /** @param use a session that is used seldom gives its memory back after each run, at some cost, where the backend can */
  session(model: Uint8Array, use?: "often" | "seldom"): Promise<Session>;
  tensor(type: "float32" | "int32" | "int64" | "uint8", data: TensorData, dims: readonly number[]): Tensor;
}

/** The part of onnxruntime-common that a backend is made of. */
export interface OnnxRuntime {
  InferenceSession: { create(model: Uint8Array, options: object): Promise<unknown> };
  Tensor: new (type: never, data: never, dims: readonly number[]) => unknown;
}

/**
 * A backend of an onnxruntime package.
 * @param options session options, such as execution providers and threads
 */
export function onnxBackend(
  name: string,
  ort: OnnxRuntime,
  options: Record<string, unknown>,
  reusesOutputs: boolean,
): Backend {
  interface OrtSession {
    outputNames: readonly string[];
    run(feeds: object, fetches: object): Promise<Record<string, Tensor>>;
    release(): Promise<void>;
  }
  return {
    name,
    reusesOutputs,
    async session(model, use = "often") {
      const own = { ...options, ...(use === "seldom" && { enableCpuMemArena: false }) };
      const session = (await ort.InferenceSession.create(model, own)) as OrtSession;
      return {
        run: (feeds, into) => session.run(feeds, into && reusesOutputs ? into : session.outputNames),
        release: () => session.release(),
      };
    },
    tensor: (type, data, dims) => new ort.Tensor(type as never, data as never, dims) as Tensor,
  };
}
