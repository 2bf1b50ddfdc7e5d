import type { DType, Expr, Shape, TensorType } from "./expr.ts";

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
  /** Writes an expression of the operands in place of a node; the operands are names and what they stand for. */
  inline(operands: readonly (readonly [name: string, type: TensorType])[], body: (...x: Expr[]) => Expr): string;
  /** Absent where only the standard's operators are to be used. */
  readonly blocks?: ChannelBlocks;
}

/**
 * Images whose channels stand in blocks, [N, C/size, H, W, size]: the layout of a runtime's direct convolutions, which need no copies
 * of the images' patches and reach the speed of matrix products with filters of few channels, too.
 */
export interface ChannelBlocks {
  /** Channels in a block. */
  readonly size: number;
  /** Whether the images [N,C,H,W] have been made from blocks, which are there still. */
  holds(images: string): boolean;
  /** Images [N,C,H,W] as blocks; C a multiple of the size. */
  enter(images: string): string;
  /** Blocks as images [N,C,H,W]; written only where a node needs them. */
  leave(blocks: string, channels: number): string;
  /**
   * A convolution.
   * @param images blocks, or images [N,C,H,W] of fewer channels per group than a block
   * @param filters in blocks, [O/size, I/size, kh, kw, size, size], or [O/size, I, kh, kw, size] for such images
   * @returns blocks
   */
  convolve(
    images: string,
    filters: string,
    bias: string | undefined,
    attributes: Record<string, OnnxAttribute>,
  ): string;
}
