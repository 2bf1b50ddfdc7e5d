import type { DType, Shape, TensorType } from "./expr.ts";

export type OnnxAttribute = { int: number } | { float: number } | { ints: readonly number[] } | { string: string };

/** What an operation needs in order to write itself as ONNX; implemented in `onnx/`, which alone knows the format. */
export interface Emitter {
  input(name: string, type: TensorType): string;
  constant(data: ArrayLike<number>, shape: Shape, dtype: DType): string;
  /** A one-dimensional int64 constant: axes, shapes, pads. */
  ints(values: readonly number[]): string;
  /** A node of one output; returns the output's name. */
  node(opType: string, inputs: readonly string[], attributes?: Record<string, OnnxAttribute>): string;
  /** A node of several outputs. */
  nodes(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attributes?: Record<string, OnnxAttribute>,
  ): string[];
}
