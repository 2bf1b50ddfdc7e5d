/**
 * The last rewriting before a graph is written: what is added to a matrix product, and what scales it, becomes part of it. A runtime's
 * Gemm does for almost nothing what would be further passes over memory: biases, momentum, weight decay, the learning rate.
 */
import { type Expr, scalarValue, sizeOf, topological } from "./expr.ts";
import { add, mul } from "./ops/elementwise.ts";
import { gemm, isMatrixProduct } from "./ops/matmul.ts";
import { maxPoolGradientOp } from "./ops/pool.ts";
import { sum } from "./ops/reduce.ts";
import { reshape } from "./ops/shape.ts";

/** Sums smaller than this gain nothing. */
const WORTH_IT = 4096;

/** A multiple of an expression. */
interface Term {
  x: Expr;
  factor: number;
}

const constantFactor = (x: Expr): number | undefined => (x.op.name === "mul" ? scalarValue(x.inputs[1]) : undefined);

/** x without the constants that multiply it. */
function unscaled(x: Expr, factor = 1): Term {
  const own = constantFactor(x);
  if (own !== undefined && own !== 0) return unscaled(x.inputs[0], factor * own);
  if (x.op.name === "neg") return unscaled(x.inputs[0], -factor);
  return { x, factor };
}

/** Whether b, [..., N], can be added to each row of a [M, N] matrix that has been given the shape of `x`. */
const isRow = (b: Expr, x: Expr): boolean =>
  b.shape.every((n, i) => n === x.shape[x.shape.length - b.shape.length + i] || n === 1) &&
  b.shape.at(-1) === x.shape.at(-1) &&
  sizeOf(b.shape) < sizeOf(x.shape);

/** The terms of a sum, constant factors carried to each of them. */
function terms(sum: Expr, factor = 1): Term[] {
  const { x, factor: own } = unscaled(sum, factor);
  if (x.op.name !== "add") return [{ x, factor: own }];
  const whole = x.inputs.filter((part) => sizeOf(part.shape) === sizeOf(x.shape));
  const rows = x.inputs.filter((part) => !whole.includes(part) && isRow(part, x));
  if (whole.length + rows.length < x.inputs.length) return [{ x, factor: own }];
  return [...whole.flatMap((part) => terms(part, own)), ...rows.map((part) => unscaled(part, own))];
}

/** The product of two matrices below reshapes and scales, if that is what x is. */
function productOf({ x, factor }: Term): Term | undefined {
  const inner = x.op.name === "reshape" ? unscaled(x.inputs[0], factor) : { x, factor };
  if (!isMatrixProduct(inner.x)) return undefined;
  let alpha = inner.factor;
  const operands = inner.x.inputs.map((operand) => {
    const below = operand.op.name === "reshape" ? unscaled(operand.inputs[0]) : unscaled(operand);
    alpha *= below.factor;
    return below.factor === 1 ? operand : reshape(below.x, operand.shape);
  });
  return { x: { ...inner.x, inputs: operands }, factor: alpha };
}

/** A sum with one product among its terms, as a Gemm; undefined when it is none. */
function fusedSum(node: Expr): Expr | undefined {
  if (node.op.name !== "add" || sizeOf(node.shape) < WORTH_IT) return undefined;
  const all = terms(node);
  const at = all.findIndex((term) => productOf(term));
  if (at < 0 || all.length < 2) return undefined;
  const product = productOf(all[at])!;
  const [rows, columns] = product.x.shape;
  const others = all.filter((_, i) => i !== at);
  const isWhole = (t: Term): boolean => sizeOf(t.x.shape) === rows * columns;
  if (!others.every((t) => isWhole(t) || sizeOf(t.x.shape) === columns)) return undefined;
  // The largest of the others is scaled by the Gemm, the rest are brought to its scale.
  const [first, ...rest] = [...others].sort((a, b) => sizeOf(b.x.shape) - sizeOf(a.x.shape));
  const flat = (t: Term): Expr => reshape(t.x, isWhole(t) ? [rows, columns] : [columns]);
  const c = rest.reduce((total, t) => add(total, mul(flat(t), t.factor / first.factor)), flat(first));
  return reshape(gemm(product.x, c, product.factor, first.factor), node.shape);
}

/** A sum over all pixels of what a max pooling hands back is the sum of what it was given: nothing is lost on the way, and it is smaller. */
function sumBeforeRouting(node: Expr): Expr | undefined {
  const [x] = node.inputs;
  if (node.op.name !== "sum" || x.op !== maxPoolGradientOp) return undefined;
  const { axes } = node.attrs as { axes: readonly number[] };
  return axes.includes(2) && axes.includes(3) ? sum(x.inputs[1], axes, true) : undefined;
}

/** The additions within a sum: they vanish when the sum is fused. */
function additions(sum: Expr): Expr[] {
  const { x } = unscaled(sum);
  return x.op.name === "add" ? [x, ...x.inputs.flatMap(additions)] : [];
}

/** The same results with sums fused into products. */
export function fuse<R extends Record<string, Expr>>(outputs: R): R {
  const all = topological(Object.values(outputs));
  // Users first: the whole of a chain of additions is one Gemm, not its innermost link.
  const fused = new Map<Expr, Expr>();
  const within = new Set<Expr>();
  for (const node of [...all].reverse()) {
    const better = within.has(node) ? undefined : (fusedSum(node) ?? sumBeforeRouting(node));
    if (!better) continue;
    fused.set(node, better);
    for (const inner of additions(node)) within.add(inner);
  }
  const done = new Map<Expr, Expr>();
  const rebuild = (nodes: readonly Expr[]): void => {
    for (const node of nodes) {
      if (done.has(node)) continue;
      const better = fused.get(node);
      if (better) {
        rebuild(topological([better]));
        done.set(node, done.get(better)!);
        continue;
      }
      const inputs = node.inputs.map((x) => done.get(x)!);
      done.set(node, inputs.every((x, i) => x === node.inputs[i]) ? node : { ...node, inputs });
    }
  };
  rebuild(all);
  return Object.fromEntries(Object.entries(outputs).map(([name, x]) => [name, done.get(x)!])) as R;
}
