/** How filters meet images, in convolutions and pooling. */
import type { Shape } from "../expr.ts";

export interface ConvAttributes {
  stride: readonly [number, number];
  padding: readonly [number, number];
  dilation: readonly [number, number];
  groups: number;
}

/** Attributes of a Conv node. */
export const onnxAttributes = ({ stride, padding, dilation, groups }: ConvAttributes, kernel: Shape) => ({
  strides: { ints: stride },
  pads: { ints: [...padding, ...padding] },
  dilations: { ints: dilation },
  group: { int: groups },
  kernel_shape: { ints: kernel.slice(-2) },
});

/** Size of the result along one spatial axis: floor((n + 2p - d(k-1) - 1) / s) + 1. */
export const convolvedSize = (n: number, k: number, s: number, p: number, d = 1): number =>
  Math.floor((n + 2 * p - d * (k - 1) - 1) / s) + 1;
