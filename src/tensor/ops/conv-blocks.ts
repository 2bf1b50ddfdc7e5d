/**
 * Convolutions and their gradients on images in blocks of channels, where the runtime has such. Each function returns undefined where
 * blocks do not fit or would be mostly padding; the plain operator serves then.
 */
import type { ChannelBlocks, Emitter } from "../emitter.ts";
import type { Expr, Shape } from "../expr.ts";
import { type ConvAttributes, convolvedSize, onnxAttributes } from "./conv-attributes.ts";

/** Channels are padded to whole blocks only while at least this part of them is real. */
const LEAST_FILLED = 0.3;

const UNPADDED = { stride: [1, 1], padding: [0, 0], dilation: [1, 1] } as const;

/** Channels of as many blocks as hold the given ones. */
export const inWholeBlocks = (channels: number, { size }: ChannelBlocks): number => Math.ceil(channels / size) * size;

/** Channels padded to whole blocks, or undefined where that is not worth it; those of several groups must fill their blocks. */
function filled(channels: number, groups: number, blocks: ChannelBlocks): number | undefined {
  const whole = groups * inWholeBlocks(channels / groups, blocks);
  if (whole === channels) return channels;
  return groups === 1 && channels >= LEAST_FILLED * whole ? whole : undefined;
}

/** Zeros after the last entry of an axis. */
export function lengthened(e: Emitter, x: string, shape: Shape, axis: number, length: number): string {
  if (shape[axis] === length) return x;
  const after = shape.map((n, i) => (i === axis ? length - n : 0));
  return e.node("Pad", [x, e.ints([...shape.map(() => 0), ...after])]);
}

/** A reshape, a transposition and another reshape. */
function rearranged(e: Emitter, x: string, split: Shape, order: Shape, joined: Shape): string {
  const parts = e.node("Reshape", [x, e.ints(split)]);
  return e.node("Reshape", [e.node("Transpose", [parts], { perm: { ints: order } }), e.ints(joined)]);
}

/**
 * A convolution of images [N,C,H,W] as they stand or, where their channels fill blocks, of their blocks; undefined where they can be
 * neither. Images of few channels in many groups go through in parts, for the runtime reads less than a block, or whole blocks.
 * @param filters in blocks, [outputs, C/groups, kh, kw]
 */
function convolved(
  e: Emitter,
  x: string,
  [, channels]: Shape,
  filters: string,
  bias: string | undefined,
  outputs: number,
  attrs: ConvAttributes,
  kernel: Shape,
): string | undefined {
  const blocks = e.blocks!;
  const { groups } = attrs;
  const perGroup = channels / groups;
  if (perGroup % blocks.size === 0) {
    return blocks.convolve(blocks.enter(x), filters, bias, onnxAttributes(attrs, kernel));
  }
  if (perGroup >= blocks.size) return undefined;
  const together = groupsTogether(groups, perGroup, blocks.size);
  const count = groups / together;
  const attributes = onnxAttributes({ ...attrs, groups: together }, kernel);
  if (count === 1) return blocks.convolve(x, filters, bias, attributes);
  const parts = (value: string, axis: number, length: number): string[] => {
    const sizes = new Array<number>(count).fill(length / count);
    return e.nodes("Split", [value, e.ints(sizes)], count, { axis: { int: axis } });
  };
  const [images, own] = [parts(x, 1, channels), parts(filters, 0, outputs)];
  const offsets = bias && parts(bias, 0, outputs);
  return e.node(
    "Concat",
    images.map((part, i) => blocks.convolve(part, own[i], offsets?.[i], attributes)),
    { axis: { int: 1 } },
  );
}

/** The most groups whose channels are less than a block or whole blocks. */
function groupsTogether(groups: number, perGroup: number, size: number): number {
  for (let n = groups; n > 1; n--) {
    const channels = n * perGroup;
    if (groups % n === 0 && (channels < size || channels % size === 0)) return n;
  }
  return 1;
}

/** Filters [O, I, kh, kw] in blocks, with zeros for outputs up to `outputs`. */
function filtersInBlocks(e: Emitter, w: string, shape: Shape, outputs: number): string {
  const { size } = e.blocks!;
  const [, i, kh, kw] = shape;
  const inner = i % size === 0 ? size : i; // fewer input channels than a block stand in none
  const all = lengthened(e, w, shape, 0, outputs);
  const split = [outputs / size, size, i / inner, inner, kh * kw];
  return rearranged(e, all, split, inner === size ? [0, 2, 4, 3, 1] : [0, 2, 3, 4, 1], [outputs, i, kh, kw]);
}

/** Conv of x [N,C,H,W] with w [O,I,kh,kw]. */
export function forwardInBlocks(e: Emitter, [x, w, bias]: readonly string[], y: Expr): string | undefined {
  if (!e.blocks) return undefined;
  const attrs: ConvAttributes = y.attrs;
  const [images, filters] = y.inputs;
  const [outputs] = filters.shape;
  const whole = filled(outputs, attrs.groups, e.blocks);
  if (!whole) return undefined;
  const all = filtersInBlocks(e, w, filters.shape, whole);
  const offset = bias && lengthened(e, bias, [outputs], 0, whole);
  const blocks = convolved(e, x, images.shape, all, offset, whole, attrs, filters.shape);
  return blocks && e.blocks.leave(blocks, outputs);
}

/** The gradient for the images of a convolution of stride 1: the convolution of g with the filters turned round. */
export function inputGradientInBlocks(e: Emitter, [g, w]: readonly string[], y: Expr): string | undefined {
  const { stride, padding, dilation, groups }: ConvAttributes = y.attrs;
  const [outer, filters] = y.inputs;
  const [o, i, kh, kw] = filters.shape;
  const reach = [dilation[0] * (kh - 1) - padding[0], dilation[1] * (kw - 1) - padding[1]] as const;
  if (!e.blocks || stride.some((s) => s !== 1) || reach.some((n) => n < 0) || i % e.blocks.size) {
    return undefined;
  }
  const whole = filled(i * groups, groups, e.blocks);
  if (!whole) return undefined;
  const last = kh * kw - 1;
  const turned = e.node(
    "Gather",
    [e.node("Reshape", [w, e.ints([o * i, kh * kw])]), e.ints(Array.from({ length: kh * kw }, (_, at) => last - at))],
    { axis: { int: 1 } },
  );
  const perGroup = o / groups;
  const swapped = rearranged(e, turned, [groups, perGroup, i, kh * kw], [0, 2, 1, 3], [groups * i, perGroup, kh, kw]);
  const all = filtersInBlocks(e, swapped, [groups * i, perGroup, kh, kw], whole);
  const attributes = { stride, padding: reach, dilation, groups };
  const blocks = convolved(e, g, outer.shape, all, undefined, whole, attributes, filters.shape);
  return blocks && e.blocks.leave(blocks, y.shape[1]);
}

/**
 * The gradient for the filters: a convolution whose channels are the samples, x [C,N,H,W] with the output gradient [O,N,h,w] as filters.
 * All sums over samples and pixels then run within the direct convolution.
 */
export function weightGradientInBlocks(e: Emitter, [x, g]: readonly string[], y: Expr): string | undefined {
  if (!e.blocks) return undefined;
  const { size } = e.blocks;
  const { stride, padding, dilation, groups }: ConvAttributes = y.attrs;
  const [n, channels, h, w] = y.inputs[0].shape;
  const [, outputs, oh, ow] = y.inputs[1].shape;
  const [, i, kh, kw] = y.shape;
  const whole = filled(outputs, groups, e.blocks);
  if (!whole || groups * i !== channels) return undefined;
  const samples = Math.ceil(n / size) * size;

  // [N, G·I, H, W] to [I, G·N, H, W], samples in blocks.
  const [height, width] = [h + 2 * padding[0], w + 2 * padding[1]];
  const missing = [samples - n, 0, padding[0], padding[1]];
  const framed = missing.some((count) => count > 0)
    ? e.node("Pad", [x, e.ints([0, 0, padding[0], padding[1], ...missing])])
    : x;
  const images = rearranged(
    e,
    framed,
    [samples, groups, i, height * width],
    [2, 1, 0, 3],
    [i, groups * samples, height, width],
  );
  // [N, O, h, w] to filters [O, N, h, w]: whole blocks move. What stands in the last block's padding makes outputs that are not kept.
  const all = e.blocks.enter(e.blocks.holds(g) ? g : lengthened(e, g, [n, outputs, oh, ow], 1, whole));
  const filters = rearranged(
    e,
    lengthened(e, all, [n, whole, oh, ow], 0, samples),
    [samples / size, size, whole / size, oh * ow, size],
    [2, 0, 3, 1, 4],
    [whole, samples, oh, ow],
  );
  const attributes = onnxAttributes({ ...UNPADDED, stride: dilation, dilation: stride, groups }, [oh, ow]);
  const blocks = e.blocks.convolve(e.blocks.enter(images), filters, undefined, attributes);
  let result = e.blocks.leave(blocks, outputs);
  // With strides the filters may reach further than the kernel does.
  const reach = [
    convolvedSize(height, oh, dilation[0], 0, stride[0]),
    convolvedSize(width, ow, dilation[1], 0, stride[1]),
  ];
  if (reach[0] !== kh || reach[1] !== kw) {
    result = e.node("Slice", [result, e.ints([0, 0]), e.ints([kh, kw]), e.ints([2, 3])]);
  }
  return e.node("Transpose", [result], { perm: { ints: [1, 0, 2, 3] } });
}
