/** Elementwise operations, with NumPy's broadcasting. */
import {
  apply,
  type Batched,
  constant,
  type DType,
  type Expr,
  filled,
  lift,
  type Op,
  type Operand,
  type Shape,
  ShapeError,
  scalarValue,
  sizeOf,
} from "../expr.ts";
import { erf as erfFloat64 } from "../special.ts";
import { expand, expandOp, sumTo } from "./reduce.ts";
import { insertAt, moveAxis, reshape, strides, walk } from "./shape.ts";

/** The shape that broadcasting gives, or undefined when the shapes do not fit. */
export function broadcastShape(shapes: readonly Shape[]): number[] | undefined {
  const rank = Math.max(...shapes.map((s) => s.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (let i = 0; i < shape.length; i++) {
      const at = rank - shape.length + i;
      if (shape[i] !== 1 && result[at] !== 1 && result[at] !== shape[i]) return undefined;
      if (shape[i] !== 1) result[at] = shape[i];
    }
  }
  return result;
}

/** Operands rearranged so that all trial axes meet at one place of the broadcast result. */
function alignTrials(inputs: readonly Batched[]): { exprs: Expr[]; axis: number } {
  const ranks = inputs.map((x) => x.expr.shape.length - (x.axis === null ? 0 : 1));
  const rank = Math.max(...ranks);
  // The largest operand keeps its layout; its trial axis, seen from the full rank, is where the others go.
  let lead = -1;
  inputs.forEach((x, i) => {
    if (x.axis !== null && (lead < 0 || sizeOf(x.expr.shape) > sizeOf(inputs[lead].expr.shape))) lead = i;
  });
  const axis = inputs[lead].axis! + rank - ranks[lead];
  const exprs = inputs.map((x, i) => {
    if (x.axis === null)
      return axis <= rank - ranks[i] ? x.expr : reshape(x.expr, insertAt(x.expr.shape, axis - (rank - ranks[i]), 1));
    const full = [...new Array<number>(rank - ranks[i]).fill(1), ...x.expr.shape];
    return moveAxis(reshape(x.expr, full), x.axis + rank - ranks[i], axis);
  });
  return { exprs, axis };
}

interface ElementwiseDefinition {
  name: string;
  /** The ONNX operator, or the nodes that say it. */
  onnx: string | Op<object>["onnx"];
  /** One number for one element of each operand. */
  f: (a: number, b: number, c: number) => number;
  /** Gradients before they are summed down to the operands' shapes. Absent: no gradient (steps and comparisons). */
  vjp?: (y: Expr, g: Expr, inputs: readonly Expr[]) => (Expr | null)[];
  /** Type of the result; that of the last operand unless said. */
  dtype?: DType;
}

function elementwise(definition: ElementwiseDefinition): (...operands: Expr[]) => Expr {
  const { name, onnx, f, vjp } = definition;
  const op: Op<object> = {
    name,
    type(inputs) {
      const shape = broadcastShape(inputs.map((x) => x.shape));
      if (!shape) throw new ShapeError(name, inputs, "the shapes do not broadcast");
      return { shape, dtype: definition.dtype ?? inputs.at(-1)!.dtype };
    },
    ...(vjp && {
      vjp: (y: Expr, g: Expr) => vjp(y, g, y.inputs).map((grad, i) => grad && sumTo(grad, y.inputs[i].shape)),
    }),
    batch(inputs) {
      const { exprs, axis } = alignTrials(inputs);
      return { expr: build(exprs), axis };
    },
    onnx: typeof onnx === "string" ? (e, inputs) => e.node(onnx, inputs) : onnx,
    eval(inputs, y) {
      const steps = y.inputs.map((x) => {
        const own = strides(x.shape).map((s, i) => (x.shape[i] === 1 ? 0 : s));
        return [...new Array<number>(y.shape.length - own.length).fill(0), ...own];
      });
      const aligned = inputs.map((x, i) => {
        if (x.length === sizeOf(y.shape)) return x;
        const wide = new Float64Array(sizeOf(y.shape));
        walk(y.shape, steps[i], 0, (to, from) => {
          wide[to] = x[from];
        });
        return wide;
      });
      const [a, b = a, c = a] = aligned;
      return a.map((value, i) => f(value, b[i], c[i]));
    },
  };
  // An expanded operand, or a constant of one number, need not be written out when another has the full shape anyway.
  const build = (operands: readonly Expr[]): Expr => {
    const shapes = operands.map((x) => x.shape);
    const inner = operands.map((x) => (x.op === expandOp ? x.inputs[0] : slimConstant(x)));
    const full = broadcastShape(shapes);
    const slim = operands.map((x, i) => {
      if (inner[i] === x) return x;
      const others = shapes.map((s, j) => (j === i ? inner[i].shape : s));
      return String(broadcastShape(others)) === String(full) ? inner[i] : x;
    });
    return apply(op, keepOne(operands, slim), {});
  };
  return (...operands) => build(operands);
}

/** A constant of one number without its shape. */
function slimConstant(x: Expr): Expr {
  const value = scalarValue(x);
  return value === undefined || x.shape.length === 0 ? x : filled([], value, x.dtype);
}

/** Whether y broadcasts to x's shape, so that an operation of both has that shape. */
const fitsIn = (y: Expr, x: Expr): boolean => String(broadcastShape([x.shape, y.shape])) === String(x.shape);

/** When several operands could be slimmed, the last of them stays wide: together they must still give the full shape. */
function keepOne(operands: readonly Expr[], slim: readonly Expr[]): Expr[] {
  const full = String(broadcastShape(operands.map((x) => x.shape)));
  if (String(broadcastShape(slim.map((x) => x.shape))) === full) return [...slim];
  const last = slim.findLastIndex((x, i) => x !== operands[i]);
  return slim.map((x, i) => (i === last ? operands[i] : x));
}

// ---- arithmetic

const addOp = elementwise({ name: "add", onnx: "Add", f: (a, b) => a + b, vjp: (_, g) => [g, g] });
const subOp = elementwise({ name: "sub", onnx: "Sub", f: (a, b) => a - b, vjp: (_, g) => [g, neg(g)] });
const mulOp = elementwise({
  name: "mul",
  onnx: "Mul",
  f: (a, b) => a * b,
  vjp: (_, g, [a, b]) => [mul(g, b), mul(g, a)],
});
const divOp = elementwise({
  name: "div",
  onnx: "Div",
  f: (a, b) => a / b,
  vjp: (y, g, [, b]) => [div(g, b), neg(div(mul(g, y), b))],
});
const negOp = elementwise({ name: "neg", onnx: "Neg", f: (a) => -a, vjp: (_, g) => [neg(g)] });

export function add(a: Operand, b: Operand): Expr {
  const [x, y] = [lift(a), lift(b)];
  if (scalarValue(y) === 0 && fitsIn(y, x)) return x;
  if (scalarValue(x) === 0 && fitsIn(x, y)) return y;
  return addOp(x, y);
}

export function sub(a: Operand, b: Operand): Expr {
  const [x, y] = [lift(a), lift(b)];
  return scalarValue(y) === 0 && fitsIn(y, x) ? x : subOp(x, y);
}

/** a·b; constant factors of a product are gathered into one, so that big tensors are scaled once. */
export function mul(a: Operand, b: Operand): Expr {
  const [x, y] = [lift(a), lift(b)];
  const [p, q] = [scalarValue(x), scalarValue(y)];
  if (p === undefined && q === undefined) return mulOp(x, y);
  const shape = broadcastShape([x.shape, y.shape]);
  if (!shape) return mulOp(x, y); // which says what is wrong
  if (p !== undefined && q !== undefined) return filled(shape, p * q);
  return expand(scaled(p === undefined ? x : y, (p ?? q)!), shape);
}

/** x times a number. */
function scaled(x: Expr, factor: number): Expr {
  if (factor === 1) return x;
  if (factor === -1) return neg(x);
  if (x.op.name === "neg") return scaled(x.inputs[0], -factor);
  const inner = x.op.name === "mul" ? scalarValue(x.inputs[1]) : undefined;
  return inner === undefined ? mulOp(x, constant(factor)) : scaled(x.inputs[0], inner * factor);
}

export function div(a: Operand, b: Operand): Expr {
  const [x, y] = [lift(a), lift(b)];
  const [p, divisor] = [scalarValue(x), scalarValue(y)];
  if (divisor === undefined) return divOp(x, y);
  const shape = broadcastShape([x.shape, y.shape]);
  if (p !== undefined && shape) return filled(shape, p / divisor);
  return Math.log2(Math.abs(divisor)) % 1 === 0 ? mul(x, filled(y.shape, 1 / divisor)) : divOp(x, y);
}

export function neg(a: Operand): Expr {
  const x = lift(a);
  const value = scalarValue(x);
  if (value !== undefined) return filled(x.shape, -value);
  return x.op.name === "neg" ? x.inputs[0] : negOp(x);
}

// ---- functions of one operand

type Unary = (a: Operand) => Expr;
const unary = (definition: ElementwiseDefinition): Unary => {
  const make = elementwise(definition);
  return (a) => make(lift(a));
};

export const exp = unary({ name: "exp", onnx: "Exp", f: Math.exp, vjp: (y, g) => [mul(g, y)] });
export const log = unary({ name: "log", onnx: "Log", f: Math.log, vjp: (_, g, [x]) => [div(g, x)] });
/** exp(x) - 1 without cancellation near 0. ONNX has no such operator: tanh(x/2)·(exp(x) + 1) is the same. */
export const expm1 = unary({
  name: "expm1",
  onnx(e, [x]) {
    const one = e.constant([1], [], "float32");
    const half = e.constant([0.5], [], "float32");
    return e.node("Mul", [e.node("Tanh", [e.node("Mul", [x, half])]), e.node("Add", [e.node("Exp", [x]), one])]);
  },
  f: Math.expm1,
  vjp: (_, g, [x]) => [mul(g, exp(x))],
});
/**
 * log(1 + x) without cancellation near 0. ONNX has no such operator: where u = 1 + x rounds, log(u)·x / (u - 1) makes up for it
 * (Kahan; Goldberg, 1991, theorem 4).
 */
export const log1p = unary({
  name: "log1p",
  onnx(e, [x]) {
    const one = e.constant([1], [], "float32");
    const u = e.node("Add", [x, one]);
    const unseen = e.node("Equal", [u, one]);
    const rounded = e.node("Where", [unseen, one, e.node("Sub", [u, one])]);
    return e.node("Where", [unseen, x, e.node("Mul", [e.node("Log", [u]), e.node("Div", [x, rounded])])]);
  },
  f: Math.log1p,
  vjp: (_, g, [x]) => [div(g, add(x, 1))],
});
export const sqrt = unary({ name: "sqrt", onnx: "Sqrt", f: Math.sqrt, vjp: (y, g) => [div(mul(g, 0.5), y)] });
export const abs = unary({ name: "abs", onnx: "Abs", f: Math.abs, vjp: (_, g, [x]) => [mul(g, sign(x))] });
/** -1, 0 or 1; its gradient is zero. */
export const sign = unary({ name: "sign", onnx: "Sign", f: Math.sign });
export const square: Unary = (a) => mul(a, a);
export const reciprocal: Unary = (a) => div(1, a);
export const tanh = unary({
  name: "tanh",
  onnx: "Tanh",
  f: Math.tanh,
  vjp: (y, g) => [mul(g, sub(1, mul(y, y)))],
});
/** 1 / (1 + exp(-x)). The runtime's own Sigmoid is off by 1e-7 everywhere, which is all there is of it far below 0. */
export const sigmoid = unary({
  name: "sigmoid",
  onnx(e, [x]) {
    const one = e.constant([1], [], "float32");
    return e.node("Div", [one, e.node("Add", [e.node("Exp", [e.node("Neg", [x])]), one])]);
  },
  f: (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  vjp: (y, g) => [mul(g, mul(y, sub(1, y)))],
});
/** log(1 + exp(x)), without overflow. */
export const softplus = unary({
  name: "softplus",
  onnx: "Softplus",
  f: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  vjp: (_, g, [x]) => [mul(g, sigmoid(x))],
});
/** The error function. */
export const erf = unary({
  name: "erf",
  onnx: "Erf",
  f: erfFloat64,
  vjp: (_, g, [x]) => [mul(mul(g, exp(neg(mul(x, x)))), 2 / Math.sqrt(Math.PI))],
});
/** max(x, 0); the gradient at 0 is 0. */
export const relu = unary({
  name: "relu",
  onnx: "Relu",
  f: (x) => (x > 0 || Number.isNaN(x) ? x : 0),
  vjp: (y, g) => [mul(g, step(y, 0))],
});
/** x for x > 0, else exp(x) - 1. */
export const elu = unary({
  name: "elu",
  onnx: "Elu",
  f: (x) => (x > 0 ? x : Math.expm1(x)),
  vjp: (y, g) => [mul(g, add(minimum(y, 0), 1))],
});
/** Passes the value and stops the gradient. */
export const stopGradient = unary({ name: "stopGradient", onnx: "Identity", f: (x) => x });

/** x to a constant power. */
export function pow(a: Operand, exponent: number): Expr {
  const x = lift(a);
  if (exponent === 0) return filled(x.shape, 1);
  if (exponent === 1) return x;
  if (exponent === 2) return mul(x, x);
  if (exponent === 0.5) return sqrt(x);
  if (exponent === -1) return div(1, x);
  return powOp(x, constant(exponent));
}
const powOp = elementwise({
  name: "pow",
  onnx: "Pow",
  f: (a, b) => a ** b,
  vjp: (_, g, [x, exponent]) => [mul(g, mul(pow(x, scalarValue(exponent)! - 1), exponent)), null],
});

// ---- comparisons and choices

const comparison = (name: string, onnx: string, f: (a: number, b: number) => boolean) => {
  const make = elementwise({ name, onnx, f: (a, b) => (f(a, b) ? 1 : 0), dtype: "bool" });
  return (a: Operand, b: Operand): Expr => make(lift(a), lift(b));
};
export const greater = comparison("greater", "Greater", (a, b) => a > b);
export const greaterOrEqual = comparison("greaterOrEqual", "GreaterOrEqual", (a, b) => a >= b);
export const equal = comparison("equal", "Equal", (a, b) => a === b);

const whereOp = elementwise({
  name: "where",
  onnx: "Where",
  f: (c, a, b) => (c ? a : b),
  vjp: (_, g, [c]) => [null, where(c, g, 0), where(c, 0, g)],
});
/** a where the condition holds, else b. Both are computed; neither's gradient sees the other's values. */
export const where = (condition: Expr, a: Operand, b: Operand): Expr => whereOp(condition, lift(a), lift(b));

/** Types that values are cast to, by their numbers in ONNX. */
const CASTS = { float32: 1, int32: 6, int64: 7 } as const;
type CastType = keyof typeof CASTS;

const castOps = Object.fromEntries(
  (Object.keys(CASTS) as CastType[]).map((dtype) => {
    const op: Op<object> = {
      name: `cast to ${dtype}`,
      type: ([x]) => ({ shape: x.shape, dtype }),
      batch: ([x]) => ({ expr: cast(x.expr, dtype), axis: x.axis }),
      onnx: (e, [x]) => e.node("Cast", [x], { to: { int: CASTS[dtype] } }),
      eval: ([x]) => (dtype === "float32" ? x : x.map(Math.trunc)),
    };
    return [dtype, op];
  }),
) as Record<CastType, Op<object>>;

/** The same values in another type; meant for masks, labels and pixels, so no gradient flows back. */
export const cast = (x: Expr, dtype: CastType): Expr => (x.dtype === dtype ? x : apply(castOps[dtype], [x], {}));

/** 1 where a > b, else 0. */
export const step = (a: Operand, b: Operand): Expr => cast(greater(a, b), "float32");

const maximumOp = elementwise({
  name: "maximum",
  onnx: "Max",
  f: (a, b) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.max(a, b)),
  vjp(_, g, [a, b]) {
    const first = mul(g, cast(greaterOrEqual(a, b), "float32"));
    return [first, sub(g, first)];
  },
});
const minimumOp = elementwise({
  name: "minimum",
  onnx: "Min",
  f: (a, b) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.min(a, b)),
  vjp(_, g, [a, b]) {
    const first = mul(g, cast(greaterOrEqual(b, a), "float32"));
    return [first, sub(g, first)];
  },
});
/** The larger of two; where equal, the gradient goes to the first. */
export const maximum = (a: Operand, b: Operand): Expr => maximumOp(lift(a), lift(b));
/** The smaller of two; where equal, the gradient goes to the first. */
export const minimum = (a: Operand, b: Operand): Expr => minimumOp(lift(a), lift(b));
/** x held between two numbers. */
export const clip = (x: Operand, low: number, high: number): Expr => minimum(maximum(x, low), high);
