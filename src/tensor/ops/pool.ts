/** Max pooling. Average pooling is a convolution and needs no operation of its own (zoo/layers/avgPool.ts). */
import { evaluate } from "../evaluate.ts";
import { apply, type Batched, type Expr, filled, input, type Op, type Shape, ShapeError, sizeOf } from "../expr.ts";
import { grad } from "../grad.ts";
import { convolvedSize } from "./conv-attributes.ts";
import { add, maximum, mul } from "./elementwise.ts";
import { gradientInBlocks, pooledInBlocks } from "./pool-blocks.ts";
import { sum } from "./reduce.ts";
import { axisAt, concat, moveAxis, pad, repeat, reshape, slice, strides, walk } from "./shape.ts";

export interface PoolAttributes {
  kernel: readonly [number, number];
  stride: readonly [number, number];
  padding: readonly [number, number];
}

/** Whether the windows tile the images in halves. */
export const areHalves = ({ kernel, stride, padding }: PoolAttributes): boolean =>
  String([kernel, stride, padding]) === "2,2,2,2,0,0";

/**
 * Merges the trial axis of operations on single channels [N,C,H,W] into the samples or, where it stands behind them, into the channels:
 * no values move then, and the images are those that a convolution of all trials made.
 */
function merged(inputs: readonly Batched[], size: number, f: (...x: Expr[]) => Expr): Batched {
  const axis = Math.min(...inputs.flatMap((x) => (x.axis === null ? [] : [x.axis])), 1);
  const y = f(
    ...inputs.map((x) => {
      const own = x.axis === null ? repeat(x.expr, axis, size) : axisAt(x, axis);
      const [a, b, c, ...rest] = own.shape;
      return reshape(own, axis === 0 ? [a * b, c, ...rest] : [a, b * c, ...rest]);
    }),
  );
  const [n, c, ...rest] = y.shape;
  return { expr: reshape(y, axis === 0 ? [size, n / size, c, ...rest] : [n, size, c / size, ...rest]), axis };
}

/** Merges the trial axis of operations that mix channels into the samples. */
function asMoreSamples(batched: Expr, from: number, size: number, f: (x: Expr) => Expr): Batched {
  const axis = Math.min(from, 1);
  const x = moveAxis(batched, from, axis);
  const [n, ...sample] = x.shape.filter((_, i) => i !== axis);
  const y = f(reshape(x, [size * n, ...sample]));
  return { expr: reshape(y, [...(axis === 0 ? [size, n] : [n, size]), ...y.shape.slice(1)]), axis };
}

const maxPoolOp: Op<PoolAttributes> = {
  name: "maxPool",
  type([x], { kernel, stride, padding }) {
    if (x.shape.length !== 4) throw new ShapeError("maxPool", [x], "needs images [N,C,H,W]");
    const [n, c, h, w] = x.shape;
    const size = [h, w].map((length, i) => convolvedSize(length, kernel[i], stride[i], padding[i]));
    if (size[0] < 1 || size[1] < 1) throw new ShapeError("maxPool", [x], "the images are smaller than the window");
    return { shape: [n, c, ...size], dtype: "float32" };
  },
  vjp: (y, g) => [maxPoolGradient(y.inputs[0], g, y.attrs)],
  batch: (inputs, attrs, size) => merged(inputs, size, (x) => maxPool(x, attrs)),
  onnx: (e, [x], y) =>
    pooledInBlocks(e, x, y) ??
    e.node("MaxPool", [x], {
      kernel_shape: { ints: y.attrs.kernel },
      strides: { ints: y.attrs.stride },
      pads: { ints: [...y.attrs.padding, ...y.attrs.padding] },
    }),
  eval([x], y) {
    const { kernel, stride, padding }: PoolAttributes = y.attrs;
    const [, , h, w] = y.inputs[0].shape;
    const [n, c, oh, ow] = y.shape;
    const result = new Float64Array(sizeOf(y.shape)).fill(-Infinity);
    for (let image = 0; image < n * c; image++) {
      for (let at = 0; at < oh * ow; at++) {
        for (let k = 0; k < kernel[0] * kernel[1]; k++) {
          const row = Math.floor(at / ow) * stride[0] + Math.floor(k / kernel[1]) - padding[0];
          const col = (at % ow) * stride[1] + (k % kernel[1]) - padding[1];
          if (row < 0 || row >= h || col < 0 || col >= w) continue;
          const value = x[(image * h + row) * w + col];
          const to = image * oh * ow + at;
          if (value > result[to] || Number.isNaN(value)) result[to] = value;
        }
      }
    }
    return result;
  },
};

/** Largest value of each window; x [N,C,H,W]; padding counts as minus infinity. */
export const maxPool = (x: Expr, attrs: PoolAttributes): Expr => apply(maxPoolOp, [x], attrs);

/**
 * The pool is rebuilt from comparisons of its window's places, whose gradients route to the first of equal maxima. Windows
 * that tile the images in halves are compared as contiguous quarters; others as strided slices of the padded images.
 */
const routed = (x: Expr, g: Expr, attrs: PoolAttributes): Expr =>
  areHalves(attrs) ? halvesGradient(x, g) : windowsGradient(x, g, attrs);

export const maxPoolGradientOp: Op<PoolAttributes> = {
  name: "maxPool gradient",
  type: ([x]) => x,
  /** Which place is largest does not change with small changes of x. */
  vjp(y, u) {
    const [x, g] = y.inputs;
    return [null, grad(sum(mul(routed(x, g, y.attrs), u)), [g])[0]];
  },
  batch: (inputs, attrs, size) => merged(inputs, size, (x, g) => maxPoolGradient(x, g, attrs)),
  onnx: (e, [x, g], y) =>
    gradientInBlocks(e, [x, g], y) ??
    e.inline(
      [
        [x, y.inputs[0]],
        [g, y.inputs[1]],
      ],
      (images, gradient) => routed(images, gradient, y.attrs),
    ),
  eval([x, g], y) {
    const [images, gradient] = y.inputs.map((operand, i) => input(`x${i}`, operand.shape));
    return evaluate([routed(images, gradient, y.attrs)], { x0: x, x1: g })[0];
  },
};

/** Gradient of a max pooling for its images x, given the gradient g of the result: it goes to the first largest place of each window. */
export const maxPoolGradient = (x: Expr, g: Expr, attrs: PoolAttributes): Expr =>
  apply(maxPoolGradientOp, [x, g], attrs);

/** Routes g through max(a, b) to its operands: the first where they are equal. */
function route(a: Expr, b: Expr, g: Expr): [Expr, Expr] {
  const y = maximum(a, b);
  return y.op.vjp!(y, g) as [Expr, Expr];
}

function halvesGradient(x: Expr, g: Expr): Expr {
  const [, c, h, w] = x.shape;
  const [h2, w2] = [h - (h % 2), w - (w % 2)]; // an odd last row or column is in no window
  const quarters = spaceToDepth(slice(slice(x, 2, 0, h2), 3, 0, w2));
  const [a, b, d, e] = [0, 1, 2, 3].map((i) => slice(quarters, 1, i * c, (i + 1) * c));
  const [top, bottom] = route(maximum(a, b), maximum(d, e), g);
  const full = depthToSpace(concat([...route(a, b, top), ...route(d, e, bottom)], 1));
  return pad(pad(full, 2, 0, h), 3, 0, w);
}

function windowsGradient(x: Expr, g: Expr, { kernel, stride, padding }: PoolAttributes): Expr {
  const [, , h, w] = x.shape;
  const [oh, ow] = g.shape.slice(2);
  const [height, width] = [(oh - 1) * stride[0] + kernel[0], (ow - 1) * stride[1] + kernel[1]];
  const cropped = slice(slice(x, 2, 0, Math.min(h, height - padding[0])), 3, 0, Math.min(w, width - padding[1]));
  const framed = frame(cropped, [padding[0], padding[1]], [height, width]);
  const place = (k: number) => [Math.floor(k / kernel[1]), k % kernel[1]] as const;
  const part = (k: number): Expr => {
    const [i, j] = place(k);
    const rows = slice(framed, 2, i, i + (oh - 1) * stride[0] + 1, stride[0]);
    return slice(rows, 3, j, j + (ow - 1) * stride[1] + 1, stride[1]);
  };
  const parts = Array.from({ length: kernel[0] * kernel[1] }, (_, k) => part(k));
  const grads = routeAll(parts, g);
  const laid = grads.map((grad, k) => {
    const [i, j] = place(k);
    return pad(pad(grad, 3, j, width, stride[1]), 2, i, height, stride[0]);
  });
  const total = laid.reduce((sum, value) => add(sum, value));
  const inside = slice(
    slice(total, 2, padding[0], padding[0] + cropped.shape[2]),
    3,
    padding[1],
    padding[1] + cropped.shape[3],
  );
  return pad(pad(inside, 2, 0, h), 3, 0, w);
}

/** Routes g through the maximum of many parts, pair by pair, so that the first of equal parts receives it. */
function routeAll(parts: readonly Expr[], g: Expr): Expr[] {
  if (parts.length === 1) return [g];
  const half = Math.ceil(parts.length / 2);
  const [left, right] = [parts.slice(0, half), parts.slice(half)];
  const [toLeft, toRight] = route(
    left.reduce((a, b) => maximum(a, b)),
    right.reduce((a, b) => maximum(a, b)),
    g,
  );
  return [...routeAll(left, toLeft), ...routeAll(right, toRight)];
}

/** x inside a frame of very small values, which never win a maximum. */
function frame(x: Expr, before: readonly [number, number], size: readonly [number, number]): Expr {
  let result = x;
  for (const [i, axis] of [2, 3].entries()) {
    const after = size[i] - before[i] - result.shape[axis];
    const border = (length: number): Expr[] => {
      const shape = result.shape.map((n, a) => (a === axis ? length : n));
      return length > 0 ? [filled(shape, -3e38)] : [];
    };
    result = concat([...border(before[i]), result, ...border(after)], axis);
  }
  return result;
}

const spaceToDepthOp: Op<object> = {
  name: "spaceToDepth",
  type([x]) {
    const [n, c, h, w] = x.shape;
    if (h % 2 || w % 2) throw new ShapeError("spaceToDepth", [x], "needs even height and width");
    return { shape: [n, 4 * c, h / 2, w / 2], dtype: "float32" };
  },
  vjp: (_, g) => [depthToSpace(g)],
  batch: ([x], _, size) => asMoreSamples(x.expr, x.axis!, size, spaceToDepth),
  onnx: (e, [x]) => e.node("SpaceToDepth", [x], { blocksize: { int: 2 } }),
  eval([x], y) {
    const result = new Float64Array(x.length);
    quarterWalk(y.inputs[0].shape, (deep, wide) => {
      result[deep] = x[wide];
    });
    return result;
  },
};

/** Calls `visit(position in [N,2,2,C,H/2,W/2], position in [N,C,H,W])`. */
function quarterWalk([n, c, h, w]: Shape, visit: (deep: number, wide: number) => void): void {
  const [sn, sc, sh] = strides([n, c, h, w]);
  walk([n, 2, 2, c, h / 2, w / 2], [sn, sh, 1, sc, 2 * sh, 2], 0, visit);
}

/** The four pixels of every 2×2 square as four blocks of channels: [N,C,H,W] to [N,4·C,H/2,W/2]. */
export const spaceToDepth = (x: Expr): Expr => apply(spaceToDepthOp, [x], {});

const depthToSpaceOp: Op<object> = {
  name: "depthToSpace",
  type: ([x]) => ({ shape: [x.shape[0], x.shape[1] / 4, x.shape[2] * 2, x.shape[3] * 2], dtype: "float32" }),
  vjp: (_, g) => [spaceToDepth(g)],
  batch: ([x], _, size) => asMoreSamples(x.expr, x.axis!, size, depthToSpace),
  onnx: (e, [x]) => e.node("DepthToSpace", [x], { blocksize: { int: 2 }, mode: { string: "DCR" } }),
  eval([x], y) {
    const result = new Float64Array(x.length);
    quarterWalk(y.shape, (deep, wide) => {
      result[wide] = x[deep];
    });
    return result;
  },
};

/** The inverse of spaceToDepth: [N,4·C,H,W] to [N,C,2H,2W]. */
export const depthToSpace = (x: Expr): Expr => apply(depthToSpaceOp, [x], {});
