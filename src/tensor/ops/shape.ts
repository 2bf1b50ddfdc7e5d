/** Operations that move values without changing them. */
import {
  apply,
  type Batched,
  type Expr,
  filled,
  type Op,
  type Shape,
  ShapeError,
  sameShape,
  scalarValue,
  sizeOf,
} from "../expr.ts";

const withoutAxis = (shape: Shape, axis: number): number[] => shape.filter((_, i) => i !== axis);

export const insertAt = <T>(list: readonly T[], at: number, value: T): T[] => [
  ...list.slice(0, at),
  value,
  ...list.slice(at),
];

export function strides(shape: Shape): number[] {
  const result = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    result[i] = step;
    step *= shape[i];
  }
  return result;
}

/** Calls `visit(position in the result, position in the source)` for a result addressed by the given source strides. */
export function walk(
  shape: Shape,
  sourceStrides: readonly number[],
  start: number,
  visit: (to: number, from: number) => void,
): void {
  const total = sizeOf(shape);
  const index = new Array<number>(shape.length).fill(0);
  let from = start;
  for (let to = 0; to < total; to++) {
    visit(to, from);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += sourceStrides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= sourceStrides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

const reshapeOp: Op<{ shape: Shape }> = {
  name: "reshape",
  type([x], { shape }) {
    if (sizeOf(x.shape) !== sizeOf(shape)) throw new ShapeError("reshape", [x], `does not fit [${shape.join(",")}]`);
    return { shape, dtype: x.dtype };
  },
  vjp: (y, g) => [reshape(g, y.inputs[0].shape)],
  batch([x], { shape }, size) {
    // A trial axis that stands before or after whole groups of axes which keep their sizes can stay where it is.
    const { expr, axis } = x as { expr: Expr; axis: number };
    const before = sizeOf(expr.shape.slice(0, axis));
    let at = 0;
    for (let product = 1; product < before && at < shape.length; at++) product *= shape[at];
    if (sizeOf(shape.slice(0, at)) === before) return { expr: reshape(expr, insertAt(shape, at, size)), axis: at };
    return { expr: reshape(moveAxis(expr, axis, 0), [size, ...shape]), axis: 0 };
  },
  onnx: (e, [x], y) => e.node("Reshape", [x, e.ints(y.shape)]),
  eval: ([x]) => x,
};

/** A constant of one number in another shape. */
const filledLike = (x: Expr, shape: Shape): Expr => filled(shape, scalarValue(x)!, x.dtype);

/** The same values, read in row-major order, in another shape. One size may be -1: it is inferred. */
export function reshape(x: Expr, shape: Shape): Expr {
  const known = -sizeOf(shape);
  const full = shape.includes(-1) ? shape.map((n) => (n === -1 ? sizeOf(x.shape) / known : n)) : shape;
  if (sameShape(x.shape, full)) return x;
  if (scalarValue(x) !== undefined) return filledLike(x, full);
  if (x.op === reshapeOp) return reshape(x.inputs[0], full);
  return apply(reshapeOp, [x], { shape: full });
}

const transposeOp: Op<{ order: readonly number[] }> = {
  name: "transpose",
  type([x], { order }) {
    const isPermutation = order.length === x.shape.length && order.every((_, i) => order.includes(i));
    if (!isPermutation) throw new ShapeError("transpose", [x], `[${order.join(",")}] is no order of its axes`);
    return { shape: order.map((axis) => x.shape[axis]), dtype: x.dtype };
  },
  vjp: (y, g) => [transpose(g, inverse(y.attrs.order))],
  batch([x], { order }) {
    const axis = x.axis!;
    const shifted = order.map((i) => (i < axis ? i : i + 1));
    return { expr: transpose(x.expr, insertAt(shifted, axis, axis)), axis };
  },
  onnx: (e, [x], y) => e.node("Transpose", [x], { perm: { ints: y.attrs.order } }),
  eval([x], y) {
    const from = strides(y.inputs[0].shape);
    const result = new Float64Array(x.length);
    walk(
      y.shape,
      y.attrs.order.map((axis: number) => from[axis]),
      0,
      (to, at) => {
        result[to] = x[at];
      },
    );
    return result;
  },
};

const inverse = (order: readonly number[]): number[] => order.map((_, i) => order.indexOf(i));

/** Axes in another order: axis i of the result is axis order[i] of x. Without an order: reversed. */
export function transpose(x: Expr, order: readonly number[] = x.shape.map((_, i) => x.shape.length - 1 - i)): Expr {
  if (scalarValue(x) !== undefined) {
    return filledLike(
      x,
      order.map((axis) => x.shape[axis]),
    );
  }
  if (x.op === transposeOp) {
    const inner: readonly number[] = x.attrs.order;
    return transpose(
      x.inputs[0],
      order.map((axis) => inner[axis]),
    );
  }
  const long = order.filter((axis) => x.shape[axis] !== 1);
  if (long.every((axis, i) => i === 0 || axis > long[i - 1])) {
    return reshape(
      x,
      order.map((axis) => x.shape[axis]),
    ); // nothing moves but axes of one element
  }
  return apply(transposeOp, [x], { order });
}

/** x with one axis moved to another place, the others in their order. */
export function moveAxis(x: Expr, from: number, to: number): Expr {
  if (from === to) return x;
  const others = x.shape.map((_, i) => i).filter((i) => i !== from);
  return transpose(x, insertAt(others, to, from));
}

/** The batched value with its trial axis at the given place; a shared value is not changed. */
export function axisAt(x: Batched, to: number): Expr {
  return x.axis === null ? x.expr : moveAxis(x.expr, x.axis, to);
}

const sliceOp: Op<{ axis: number; start: number; end: number; step: number }> = {
  name: "slice",
  type([x], { axis, start, end, step }) {
    if (!(start >= 0 && start < end && end <= x.shape[axis] && step >= 1)) {
      throw new ShapeError("slice", [x], `axis ${axis} has no part ${start}:${end}:${step}`);
    }
    return { shape: x.shape.map((n, i) => (i === axis ? Math.ceil((end - start) / step) : n)), dtype: x.dtype };
  },
  vjp(y, g) {
    const { axis, start, step } = y.attrs;
    return [pad(g, axis, start, y.inputs[0].shape[axis], step)];
  },
  batch([x], { axis, ...part }) {
    const shifted = axis < x.axis! ? axis : axis + 1;
    return { expr: slice(x.expr, shifted, part.start, part.end, part.step), axis: x.axis };
  },
  onnx(e, [x], y) {
    const { axis, start, end, step } = y.attrs;
    return e.node("Slice", [x, e.ints([start]), e.ints([end]), e.ints([axis]), e.ints([step])]);
  },
  eval([x], y) {
    const { axis, start, step } = y.attrs;
    const from = strides(y.inputs[0].shape);
    const result = new Float64Array(sizeOf(y.shape));
    walk(
      y.shape,
      from.map((s, i) => (i === axis ? s * step : s)),
      start * from[axis],
      (to, at) => {
        result[to] = x[at];
      },
    );
    return result;
  },
};

/** The part start ≤ i < end of one axis, every step-th element. */
export function slice(x: Expr, axis: number, start: number, end: number, step = 1): Expr {
  if (start === 0 && end === x.shape[axis] && step === 1) return x;
  const part = apply(sliceOp, [x], { axis, start, end, step });
  return scalarValue(x) === undefined ? part : filledLike(x, part.shape);
}

export const padOp: Op<{ axis: number; start: number; size: number; step: number }> = {
  name: "pad",
  type([x], { axis, start, size, step }) {
    if (start + (x.shape[axis] - 1) * step >= size) throw new ShapeError("pad", [x], `does not fit in ${size}`);
    return { shape: x.shape.map((n, i) => (i === axis ? size : n)), dtype: x.dtype };
  },
  vjp(y, g) {
    const { axis, start, step } = y.attrs;
    const end = start + (y.inputs[0].shape[axis] - 1) * step + 1;
    return [slice(g, axis, start, end, step)];
  },
  batch([x], { axis, ...part }) {
    const shifted = axis < x.axis! ? axis : axis + 1;
    return { expr: pad(x.expr, shifted, part.start, part.size, part.step), axis: x.axis };
  },
  onnx(e, [x], y) {
    const { axis, start, size, step } = y.attrs;
    const rank = y.shape.length;
    const zeros = new Array<number>(rank).fill(0);
    const n = y.inputs[0].shape[axis];
    let value = x;
    let length = n;
    if (step > 1) {
      // Zeros between the elements: an axis of `step` behind this one, padded and merged.
      const split = insertAt(y.inputs[0].shape, axis + 1, 1);
      const inner = e.node("Reshape", [x, e.ints(split)]);
      const padded = e.node("Pad", [inner, e.ints([...insertAt(zeros, 0, 0), ...insertAt(zeros, axis + 1, step - 1)])]);
      const merged = y.inputs[0].shape.map((m, i) => (i === axis ? m * step : m));
      value = e.node("Reshape", [padded, e.ints(merged)]);
      length = n * step;
    }
    const before = zeros.map((_, i) => (i === axis ? start : 0));
    const after = zeros.map((_, i) => (i === axis ? size - start - length : 0)); // negative: crops the last gap
    return before[axis] === 0 && after[axis] === 0 ? value : e.node("Pad", [value, e.ints([...before, ...after])]);
  },
  eval([x], y) {
    const { axis, start, step } = y.attrs;
    const to = strides(y.shape);
    const result = new Float64Array(sizeOf(y.shape));
    walk(
      y.inputs[0].shape,
      to.map((s, i) => (i === axis ? s * step : s)),
      start * to[axis],
      (from, at) => {
        result[at] = x[from];
      },
    );
    return result;
  },
};

/** x laid into zeros: element i of the axis goes to start + i·step of an axis of the given size. */
export function pad(x: Expr, axis: number, start: number, size: number, step = 1): Expr {
  if (start === 0 && size === x.shape[axis] && step === 1) return x;
  return apply(padOp, [x], { axis, start, size, step });
}

const concatOp: Op<{ axis: number }> = {
  name: "concat",
  type(inputs, { axis }) {
    const rest = withoutAxis(inputs[0].shape, axis);
    if (!inputs.every((x) => sameShape(withoutAxis(x.shape, axis), rest) && x.dtype === inputs[0].dtype)) {
      throw new ShapeError("concat", inputs, `differ beside axis ${axis}`);
    }
    const total = inputs.reduce((sum, x) => sum + x.shape[axis], 0);
    return { shape: inputs[0].shape.map((n, i) => (i === axis ? total : n)), dtype: inputs[0].dtype };
  },
  vjp(y, g) {
    const { axis } = y.attrs;
    let start = 0;
    return y.inputs.map((x) => slice(g, axis, start, (start += x.shape[axis])));
  },
  batch(inputs, { axis }, size) {
    const at = inputs.find((x) => x.axis !== null)!.axis!;
    const parts = inputs.map((x) => (x.axis === null ? repeat(x.expr, at, size) : axisAt(x, at)));
    return { expr: concat(parts, axis < at ? axis : axis + 1), axis: at };
  },
  onnx: (e, inputs, y) => e.node("Concat", inputs, { axis: { int: y.attrs.axis } }),
  eval(inputs, y) {
    const { axis } = y.attrs;
    const outer = sizeOf(y.shape.slice(0, axis));
    const inner = sizeOf(y.shape.slice(axis + 1));
    const result = new Float64Array(sizeOf(y.shape));
    let at = 0;
    for (let o = 0; o < outer; o++) {
      inputs.forEach((x, i) => {
        const length = y.inputs[i].shape[axis] * inner;
        result.set(x.subarray(o * length, (o + 1) * length), at);
        at += length;
      });
    }
    return result;
  },
};

/** The parts one after the other along an axis. */
export function concat(parts: readonly Expr[], axis: number): Expr {
  if (parts.length === 1) return parts[0];
  const whole = apply(concatOp, parts, { axis });
  const value = scalarValue(parts[0]);
  return value !== undefined && parts.every((part) => scalarValue(part) === value)
    ? filledLike(parts[0], whole.shape)
    : whole;
}

const isRange = (indices: readonly number[]): boolean => indices.every((index, i) => index === indices[0] + i);

const takeOp: Op<{ axis: number; indices: readonly number[] }> = {
  name: "take",
  type([x], { axis, indices }) {
    const distinct = new Set(indices).size === indices.length;
    if (!distinct || indices.some((i) => !(i >= 0 && i < x.shape[axis]))) {
      throw new ShapeError("take", [x], `axis ${axis} has no distinct places ${indices.join(",")}`);
    }
    return { shape: x.shape.map((n, i) => (i === axis ? indices.length : n)), dtype: x.dtype };
  },
  vjp: (y, g) => [place(g, y.attrs.axis, y.attrs.indices, y.inputs[0].shape[y.attrs.axis])],
  batch([x], { axis, indices }) {
    return { expr: take(x.expr, axis < x.axis! ? axis : axis + 1, indices), axis: x.axis };
  },
  onnx: (e, [x], y) => e.node("Gather", [x, e.ints(y.attrs.indices)], { axis: { int: y.attrs.axis } }),
  eval([x], y) {
    const { axis, indices } = y.attrs;
    const inner = sizeOf(y.shape.slice(axis + 1));
    const before = y.inputs[0].shape[axis];
    return Float64Array.from({ length: sizeOf(y.shape) }, (_, i) => {
      const at = Math.floor(i / inner) % indices.length;
      const outer = Math.floor(i / inner / indices.length);
      return x[(outer * before + indices[at]) * inner + (i % inner)];
    });
  },
};

/** The given places of an axis, each at most once, in the given order. */
export function take(x: Expr, axis: number, indices: readonly number[]): Expr {
  return isRange(indices)
    ? slice(x, axis, indices[0], indices[0] + indices.length)
    : apply(takeOp, [x], { axis, indices });
}

export const placeOp: Op<{ axis: number; indices: readonly number[]; size: number }> = {
  name: "place",
  type: ([x], { axis, size }) => ({ shape: x.shape.map((n, i) => (i === axis ? size : n)), dtype: x.dtype }),
  vjp: (y, g) => [take(g, y.attrs.axis, y.attrs.indices)],
  batch([x], { axis, indices, size }) {
    return { expr: place(x.expr, axis < x.axis! ? axis : axis + 1, indices, size), axis: x.axis };
  },
  /** A place that nothing goes to takes one more row, of zeros. */
  onnx(e, [x], y) {
    const { axis, indices, size } = y.attrs;
    const row = y.shape.map((n, i) => (i === axis ? 1 : n));
    const wide = e.node("Concat", [x, e.constant(new Float64Array(sizeOf(row)), row, y.dtype)], {
      axis: { int: axis },
    });
    const from = Array.from({ length: size }, (_, at) => (indices.includes(at) ? indices.indexOf(at) : indices.length));
    return e.node("Gather", [wide, e.ints(from)], { axis: { int: axis } });
  },
  eval([x], y) {
    const { axis, indices, size } = y.attrs;
    const inner = sizeOf(y.shape.slice(axis + 1));
    const result = new Float64Array(sizeOf(y.shape));
    x.forEach((value, i) => {
      const at = indices[Math.floor(i / inner) % indices.length];
      const outer = Math.floor(i / inner / indices.length);
      result[(outer * size + at) * inner + (i % inner)] = value;
    });
    return result;
  },
};

/** The adjoint of `take`: x's rows at the given places of an axis of the given size, zeros elsewhere. */
export function place(x: Expr, axis: number, indices: readonly number[], size: number): Expr {
  if (isRange(indices)) return pad(x, axis, indices[0], size);
  // Equal numbers in another order are what they were.
  if (scalarValue(x) !== undefined && indices.length === size) return x;
  return apply(placeOp, [x], { axis, indices, size });
}

/** x repeated along a new axis. */
export function repeat(x: Expr, axis: number, size: number): Expr {
  const wide = reshape(x, insertAt(x.shape, axis, 1));
  return concat(
    Array.from({ length: size }, () => wide),
    axis,
  );
}

const gatherOp: Op<object> = {
  name: "gather",
  type([x, indices]) {
    if (!indices.dtype.startsWith("int")) throw new ShapeError("gather", [x, indices], "the indices must be integers");
    return { shape: [...indices.shape, ...x.shape.slice(1)], dtype: x.dtype };
  },
  batch([x, indices], _, size) {
    if (x.axis === null) {
      return { expr: gather(x.expr, axisAt(indices, 0)), axis: 0 };
    }
    if (indices.axis === null) {
      const rows = axisAt(x, 1);
      return { expr: gather(rows, indices.expr), axis: indices.expr.shape.length };
    }
    throw new Error(`gather: rows and indices that both differ in ${size} trials are not supported`);
  },
  onnx: (e, [x, indices]) => e.node("Gather", [x, indices], { axis: { int: 0 } }),
  eval([x, indices], y) {
    const row = sizeOf(y.inputs[0].shape.slice(1));
    const result = new Float64Array(sizeOf(y.shape));
    indices.forEach((index, i) => {
      result.set(x.subarray(index * row, (index + 1) * row), i * row);
    });
    return result;
  },
};

/** Rows of x: result[i…] = x[indices[i]…]. Meant for data, so no gradient flows back. */
export const gather = (x: Expr, indices: Expr): Expr => apply(gatherOp, [x, indices], {});
