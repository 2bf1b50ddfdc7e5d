/** Tensors that a session writes into again and again. */
import { sizeOf, type TensorType } from "../tensor/index.ts";
import type { Backend, Tensor } from "./backend.ts";

/** Tensors of a graph's outputs, written into again and again where the backend can. */
export const buffersFor = (backend: Backend, outputs: Record<string, TensorType>): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, { shape, dtype }]) => {
      const size = sizeOf(shape);
      return dtype === "int32"
        ? [name, backend.tensor("int32", new Int32Array(size), shape)]
        : [name, backend.tensor("float32", new Float32Array(size), shape)];
    }),
  );

/** The training state in memory, by the names of its tensors. */
export type State = Record<string, Float32Array>;

export const floats = (tensor: Tensor): Float32Array => tensor.data as Float32Array;
