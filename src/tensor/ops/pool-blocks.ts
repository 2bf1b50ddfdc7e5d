/**
 * Max pooling of halves and its gradient on images in blocks of channels: places of a window are compared as runs of whole blocks, where
 * the plain layout has single numbers. Each function returns undefined where the images are in no blocks; the plain operators serve then.
 */
import type { Emitter } from "../emitter.ts";
import type { Expr, Shape } from "../expr.ts";
import { inWholeBlocks, lengthened } from "./conv-blocks.ts";
import { areHalves } from "./pool.ts";

/** Blocks are pooled while at least this part of their channels is real: below it the plain layout has less to do. */
const LEAST_FILLED = 0.6;

/** Left and right halves of pairs of columns, and the tops and bottoms of pairs of rows among their maxima. */
interface Halves {
  left: string;
  right: string;
  top: string;
  bottom: string;
  /** Sizes of the cropped images and of one block row. */
  pairs: number;
  rows: number;
  width: number;
}

function halvesOf(e: Emitter, x: string, [n, c, h, w]: Shape): Halves | undefined {
  if (!e.blocks?.holds(x) || c < LEAST_FILLED * inWholeBlocks(c, e.blocks)) return undefined;
  const { size } = e.blocks;
  const images = (n * inWholeBlocks(c, e.blocks)) / size;
  const [oh, ow] = [Math.floor(h / 2), Math.floor(w / 2)];
  let blocks = e.node("Reshape", [e.blocks.enter(x), e.ints([images, h, w, size])]);
  if (h % 2 || w % 2) {
    // An odd last row or column is in no window.
    blocks = e.node("Slice", [blocks, e.ints([0, 0]), e.ints([2 * oh, 2 * ow]), e.ints([1, 2])]);
  }
  const pairs = images * 2 * oh * ow;
  const [rows, width] = [images * oh, ow * size];
  const [left, right] = e.nodes("Split", [e.node("Reshape", [blocks, e.ints([pairs, 2, size])])], 2, {
    axis: { int: 1 },
    num_outputs: { int: 2 },
  });
  const widest = e.node("Max", [left, right]);
  const [top, bottom] = e.nodes("Split", [e.node("Reshape", [widest, e.ints([rows, 2, width])])], 2, {
    axis: { int: 1 },
    num_outputs: { int: 2 },
  });
  return { left, right, top, bottom, pairs, rows, width };
}

export function pooledInBlocks(e: Emitter, x: string, y: Expr): string | undefined {
  const halves = areHalves(y.attrs) ? halvesOf(e, x, y.inputs[0].shape) : undefined;
  if (!halves) return undefined;
  const largest = e.node("Max", [halves.top, halves.bottom]);
  const [n, channels, h, w] = y.shape;
  const inBlocks = [n, inWholeBlocks(channels, e.blocks!), h, w];
  return e.blocks!.leave(e.node("Reshape", [largest, e.ints(inBlocks)]), channels);
}

/** g by where it goes: to the first operand of a maximum where that is at least the second, else to the second; side by side. */
function route(e: Emitter, first: string, second: string, g: string): string {
  const chosen = e.node("Cast", [e.node("GreaterOrEqual", [first, second])], { to: { int: FLOAT } });
  const toFirst = e.node("Mul", [chosen, g]);
  return e.node("Concat", [toFirst, e.node("Sub", [g, toFirst])], { axis: { int: 1 } });
}

/** ONNX's number for float32. */
const FLOAT = 1;

export function gradientInBlocks(e: Emitter, [x, g]: readonly string[], y: Expr): string | undefined {
  const { shape } = y;
  const halves = areHalves(y.attrs) ? halvesOf(e, x, shape) : undefined;
  if (!halves) return undefined;
  const { left, right, top, bottom, pairs, rows, width } = halves;
  const { size, enter, leave } = e.blocks!;
  const [n, c, h, w] = shape;
  const whole = inWholeBlocks(c, e.blocks!);
  const all = lengthened(e, g, y.inputs[1].shape, 1, whole);
  const pooled = e.node("Reshape", [enter.call(e.blocks, all), e.ints([rows, 1, width])]);
  const byRow = e.node("Reshape", [route(e, top, bottom, pooled), e.ints([pairs, 1, size])]);
  const byPlace = route(e, left, right, byRow);
  const [evenH, evenW] = [h - (h % 2), w - (w % 2)];
  let blocks = e.node("Reshape", [byPlace, e.ints([(n * whole) / size, evenH, evenW, size])]);
  if (h % 2 || w % 2) blocks = e.node("Pad", [blocks, e.ints([0, 0, 0, 0, 0, h % 2, w % 2, 0])]);
  return leave.call(e.blocks, e.node("Reshape", [blocks, e.ints([n, whole, h, w])]), c);
}
