/** Operations along the last axis (the classes): maxima, log-sum-exp, log-softmax, argmax, one-hot. */
import { apply, type Batched, type Expr, type Op, ShapeError, sizeOf } from "../expr.ts";
import { cast, div, equal, exp, mul, sub } from "./elementwise.ts";
import { sum } from "./reduce.ts";
import { moveAxis } from "./shape.ts";

/** The batched value with its trial axis anywhere but last, where the classes stay. */
function classesLast(x: Batched): { expr: Expr; axis: number } {
  const last = x.expr.shape.length - 1;
  return x.axis === last ? { expr: moveAxis(x.expr, last, 0), axis: 0 } : { expr: x.expr, axis: x.axis! };
}

function rowwise(
  name: string,
  make: (x: Expr) => Expr,
  rest: Pick<Op<object>, "vjp" | "onnx"> & { row: (values: Float64Array) => ArrayLike<number>; reduces: boolean },
): Op<object> {
  return {
    name,
    type([x]) {
      if (x.shape.length === 0) throw new ShapeError(name, [x], "needs an axis of classes");
      return { shape: rest.reduces ? [...x.shape.slice(0, -1), 1] : x.shape, dtype: "float32" };
    },
    ...(rest.vjp && { vjp: rest.vjp }),
    batch([x]) {
      const { expr, axis } = classesLast(x);
      return { expr: make(expr), axis };
    },
    onnx: rest.onnx,
    eval([x], y) {
      const width = y.inputs[0].shape.at(-1)!;
      const result = new Float64Array(sizeOf(y.shape));
      const out = rest.reduces ? 1 : width;
      for (let i = 0; i < x.length / width; i++) result.set(rest.row(x.subarray(i * width, (i + 1) * width)), i * out);
      return result;
    },
  };
}

const largest = (row: Float64Array): number => row.reduce((a, b) => (b > a || Number.isNaN(b) ? b : a), -Infinity);
const logSumExpOf = (row: Float64Array): number => {
  const top = largest(row);
  return Number.isFinite(top) ? top + Math.log(row.reduce((total, v) => total + Math.exp(v - top), 0)) : top;
};

const maxOp = rowwise("reduceMax", (x) => reduceMax(x), {
  reduces: true,
  row: (row) => [largest(row)],
  // Ties share the gradient evenly.
  vjp(y, g) {
    const hits = cast(equal(y.inputs[0], y), "float32");
    return [div(mul(hits, g), sum(hits, [-1], true))];
  },
  onnx: (e, [x], y) => e.node("ReduceMax", [x, e.ints([y.shape.length - 1])], { keepdims: { int: 1 } }),
});

/** Largest value of each row, [..., C] to [..., 1]. */
export const reduceMax = (x: Expr): Expr => apply(maxOp, [x], {});

const logSumExpOp = rowwise("logSumExp", (x) => logSumExp(x), {
  reduces: true,
  row: (row) => [logSumExpOf(row)],
  vjp: (y, g) => [mul(g, exp(sub(y.inputs[0], y)))],
  onnx: (e, [x], y) => e.node("ReduceLogSumExp", [x, e.ints([y.shape.length - 1])], { keepdims: { int: 1 } }),
});
/** log Σ exp of each row, [..., C] to [..., 1], without overflow. */
export const logSumExp = (x: Expr): Expr => apply(logSumExpOp, [x], {});

const logSoftmaxOp = rowwise("logSoftmax", (x) => logSoftmax(x), {
  reduces: false,
  row: (row) => row.map((v) => v - logSumExpOf(row)),
  vjp: (y, g) => [sub(g, mul(exp(y), sum(g, [-1], true)))],
  onnx: (e, [x]) => e.node("LogSoftmax", [x], { axis: { int: -1 } }),
});
/** Logarithm of the softmax of each row. */
export const logSoftmax = (x: Expr): Expr => apply(logSoftmaxOp, [x], {});
/** Probabilities: softmax of each row. */
export const softmax = (x: Expr): Expr => exp(logSoftmax(x));

const argMaxOp: Op<object> = {
  name: "argMax",
  type: ([x]) => ({ shape: x.shape.slice(0, -1), dtype: "int64" }),
  batch([x]) {
    const { expr, axis } = classesLast(x);
    return { expr: argMax(expr), axis };
  },
  onnx: (e, [x]) => e.node("ArgMax", [x], { axis: { int: -1 }, keepdims: { int: 0 } }),
  eval([x], y) {
    const width = y.inputs[0].shape.at(-1)!;
    return Float64Array.from({ length: x.length / width }, (_, i) => {
      let best = 0;
      for (let k = 1; k < width; k++) if (x[i * width + k] > x[i * width + best]) best = k;
      return best;
    });
  },
};
/** Index of the first largest value of each row, [..., C] to [...]. */
export const argMax = (x: Expr): Expr => apply(argMaxOp, [x], {});

const oneHotOp: Op<{ depth: number }> = {
  name: "oneHot",
  type([x], { depth }) {
    if (x.dtype !== "int64") throw new ShapeError("oneHot", [x], "the indices must be int64");
    return { shape: [...x.shape, depth], dtype: "float32" };
  },
  batch: ([x], { depth }) => ({ expr: oneHot(x.expr, depth), axis: x.axis }),
  onnx: (e, [x], y) =>
    e.node("OneHot", [x, e.ints([y.attrs.depth]), e.constant([0, 1], [2], "float32")], { axis: { int: -1 } }),
  eval([x], y) {
    const { depth } = y.attrs;
    const result = new Float64Array(sizeOf(y.shape));
    x.forEach((index, i) => {
      result[i * depth + index] = 1;
    });
    return result;
  },
};
/** Rows with a 1 at the index, [...] int64 to [..., depth] float32. */
export const oneHot = (indices: Expr, depth: number): Expr => apply(oneHotOp, [indices], { depth });
