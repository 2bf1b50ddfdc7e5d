/** Sums over axes and their adjoint, the expansion of axes of one element. */
import { apply, type Expr, filled, type Op, type Shape, ShapeError, sameShape, scalarValue, sizeOf } from "../expr.ts";
import { insertAt, reshape, strides, walk } from "./shape.ts";

/** Axes counted from the end when negative, sorted. */
export const normalizeAxes = (axes: readonly number[], rank: number): number[] =>
  axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);

export const keptShape = (shape: Shape, axes: readonly number[]): number[] =>
  shape.map((n, i) => (axes.includes(i) ? 1 : n));

/** Axes of a reduction once a trial axis stands among them. */
export const shiftAxes = (axes: readonly number[], trialAxis: number): number[] =>
  axes.map((axis) => (axis < trialAxis ? axis : axis + 1));

export function reductionType(name: string) {
  return ([x]: readonly { shape: Shape; dtype: Expr["dtype"] }[], { axes }: { axes: readonly number[] }) => {
    if (axes.length === 0 || axes.some((axis) => axis >= x.shape.length)) {
      throw new ShapeError(name, [x], `has no axes ${axes.join(",")}`);
    }
    return { shape: keptShape(x.shape, axes), dtype: x.dtype };
  };
}

/** Folds the values of each cell of the result; all reductions keep their axes with one element. */
export function fold(
  x: Float64Array,
  y: Expr,
  start: number,
  combine: (accumulated: number, value: number) => number,
): Float64Array {
  const result = new Float64Array(sizeOf(y.shape)).fill(start);
  const to = strides(y.shape).map((s, i) => (y.shape[i] === 1 ? 0 : s));
  walk(y.inputs[0].shape, to, 0, (from, at) => {
    result[at] = combine(result[at], x[from]);
  });
  return result;
}

const sumOp: Op<{ axes: readonly number[] }> = {
  name: "sum",
  type: reductionType("sum"),
  vjp: (y, g) => [expand(g, y.inputs[0].shape)],
  batch: ([x], { axes }) => ({ expr: sum(x.expr, shiftAxes(axes, x.axis!), true), axis: x.axis }),
  onnx: (e, [x], y) => e.node("ReduceSum", [x, e.ints(y.attrs.axes)], { keepdims: { int: 1 } }),
  eval: ([x], y) => fold(x, y, 0, (a, b) => a + b),
};

/** Shape after a reduction that drops its axes. */
export const dropped = (shape: Shape, axes: readonly number[]): number[] => shape.filter((_, i) => !axes.includes(i));

/** Sum over the axes (all of them by default), which are dropped unless `keep`. */
export function sum(x: Expr, axes: readonly number[] = x.shape.map((_, i) => i), keep = false): Expr {
  const list = normalizeAxes(axes, x.shape.length);
  const long = list.filter((axis) => x.shape[axis] !== 1);
  const value = scalarValue(x);
  const terms = long.reduce((product, axis) => product * x.shape[axis], 1);
  const y =
    long.length === 0
      ? x
      : value === undefined
        ? apply(sumOp, [x], { axes: long })
        : filled(keptShape(x.shape, long), value * terms, x.dtype);
  return reshape(y, keep ? keptShape(x.shape, list) : dropped(x.shape, list));
}

export const expandOp: Op<{ shape: Shape }> = {
  name: "expand",
  type([x], { shape }) {
    if (x.shape.length !== shape.length || x.shape.some((n, i) => n !== 1 && n !== shape[i])) {
      throw new ShapeError("expand", [x], `cannot become [${shape.join(",")}]`);
    }
    return { shape, dtype: x.dtype };
  },
  vjp: (y, g) => [sumTo(g, y.inputs[0].shape)],
  batch([x], { shape }, size) {
    return { expr: expand(x.expr, insertAt(shape, x.axis!, size)), axis: x.axis };
  },
  onnx: (e, [x], y) => e.node("Expand", [x, e.ints(y.shape)]),
  eval([x], y) {
    const from = y.inputs[0];
    const result = new Float64Array(sizeOf(y.shape));
    const steps = strides(from.shape).map((s, i) => (from.shape[i] === 1 ? 0 : s));
    walk(y.shape, steps, 0, (to, at) => {
      result[to] = x[at];
    });
    return result;
  },
};

/** Axes of one element repeated to the given shape; missing leading axes are added. */
export function expand(x: Expr, shape: Shape): Expr {
  const padded = reshape(x, [...new Array<number>(shape.length - x.shape.length).fill(1), ...x.shape]);
  if (sameShape(padded.shape, shape)) return padded;
  const value = scalarValue(x);
  if (value !== undefined) return filled(shape, value, x.dtype);
  return apply(expandOp, [padded], { shape });
}

/** The adjoint of broadcasting: sums x down to the given shape. */
export function sumTo(x: Expr, shape: Shape): Expr {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes = x.shape.map((_, i) => i).filter((i) => i < lead || (shape[i - lead] === 1 && x.shape[i] !== 1));
  return reshape(sum(x, axes, true), shape);
}
