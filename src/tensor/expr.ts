/**
 * Expressions: immutable nodes of a computation with static shapes. A model, its loss, the gradient of that and the
 * optimizer's update are all expressions; nothing is computed until one is emitted as ONNX or evaluated in float64.
 */
import type { Emitter } from "./emitter.ts";

export type DType = "float32" | "int32" | "int64" | "uint8" | "bool";
export type Shape = readonly number[];

export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

// biome-ignore lint/suspicious/noExplicitAny: each operation knows the type of its own attributes
type Attributes = any;

export interface Expr extends TensorType {
  readonly op: Op<Attributes>;
  readonly inputs: readonly Expr[];
  readonly attrs: Attributes;
}

/** An expression that holds the values of all trials along one of its axes. */
export interface Batched {
  readonly expr: Expr;
  /** The trial axis, or null when all trials share the value. */
  readonly axis: number | null;
}

/** A primitive: all that is known of one operation. What is a composition of others needs no operation of its own. */
export interface Op<A> {
  readonly name: string;
  /** Shape and type of the result; throws a ShapeError that names the operation and the shapes. */
  type(inputs: readonly TensorType[], attrs: A): TensorType;
  /**
   * Vector-Jacobian product: the gradient for each input, given the gradient `g` of the result `y`; null where there is none.
   * Absent when the operation has no useful gradient (comparisons, indices): the gradient stops there.
   */
  vjp?(y: Expr, g: Expr): (Expr | null)[];
  /** The same operation on all trials at once. At least one input has a trial axis, of the given size. */
  batch(inputs: readonly Batched[], attrs: A, size: number): Batched;
  /** Adds the operation's ONNX nodes and returns the name of its output. */
  onnx(e: Emitter, inputs: readonly string[], y: Expr): string;
  /** Reference evaluation in float64; integers and booleans are numbers too. */
  eval(inputs: readonly Float64Array[], y: Expr): Float64Array;
}

export class ShapeError extends Error {
  override readonly name = "ShapeError";
  constructor(op: string, inputs: readonly TensorType[], why: string) {
    super(`${op}(${inputs.map((t) => `${t.dtype}[${t.shape.join(",")}]`).join(", ")}): ${why}`);
  }
}

/** Makes a node of an operation, with its shape inferred. */
export function apply<A>(op: Op<A>, inputs: readonly Expr[], attrs: A): Expr {
  const { shape, dtype } = op.type(inputs, attrs);
  return { op, inputs, attrs, shape, dtype };
}

export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, i) => n === b[i]);

/** The nodes below the given ones, each once, inputs before their users. Not recursive: graphs may be deep. */
export function topological(roots: readonly Expr[]): Expr[] {
  const order: Expr[] = [];
  const seen = new Set<Expr>();
  const stack: { node: Expr; next: number }[] = [];
  const visit = (node: Expr): void => {
    if (seen.has(node)) return;
    seen.add(node);
    stack.push({ node, next: 0 });
  };
  for (const root of roots) {
    visit(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (top.next < top.node.inputs.length) visit(top.node.inputs[top.next++]);
      else order.push(stack.pop()!.node);
    }
  }
  return order;
}

const leafBatch = (): never => {
  throw new Error("a leaf has no inputs to batch");
};

/** A value fed at every run. */
export const inputOp: Op<{ name: string } & TensorType> = {
  name: "input",
  type: (_, { shape, dtype }) => ({ shape, dtype }),
  batch: leafBatch,
  onnx: (e, _, y) => e.input(y.attrs.name, y),
  eval: (_, y) => {
    throw new Error(`no value was given for the input "${y.attrs.name}"`);
  },
};

/** A value fixed when the graph is built. One number may stand for a whole tensor of it. */
export const constantOp: Op<{ data: Float64Array } & TensorType> = {
  name: "constant",
  type: (_, { shape, dtype }) => ({ shape, dtype }),
  batch: leafBatch,
  onnx(e, _, y) {
    const { data } = y.attrs;
    if (data.length === sizeOf(y.shape)) return e.constant(data, y.shape, y.dtype);
    return e.node("Expand", [e.constant(data, [1], y.dtype), e.ints(y.shape)]);
  },
  eval(_, y) {
    const { data } = y.attrs;
    return data.length === sizeOf(y.shape) ? data : new Float64Array(sizeOf(y.shape)).fill(data[0]);
  },
};

export function input(name: string, shape: Shape, dtype: DType = "float32"): Expr {
  return apply(inputOp, [], { name, shape, dtype });
}

export function constant(value: number | ArrayLike<number>, shape?: Shape, dtype: DType = "float32"): Expr {
  const data = typeof value === "number" ? Float64Array.of(value) : Float64Array.from(value);
  const actual = shape ?? (typeof value === "number" ? [] : [data.length]);
  if (sizeOf(actual) !== data.length) {
    throw new Error(`constant: ${data.length} values do not fill the shape [${actual.join(",")}]`);
  }
  return apply(constantOp, [], { data, shape: actual, dtype });
}

/** A tensor of one number. */
export const filled = (shape: Shape, value: number, dtype: DType = "float32"): Expr =>
  apply(constantOp, [], { data: Float64Array.of(value), shape, dtype });

/** What the builders take where a number may stand for a constant. */
export type Operand = Expr | number;

export const lift = (x: Operand): Expr => (typeof x === "number" ? constant(x) : x);

/** The number that a constant consists of, else undefined. */
export function scalarValue(x: Expr): number | undefined {
  return x.op === constantOp && x.attrs.data.length === 1 ? x.attrs.data[0] : undefined;
}
