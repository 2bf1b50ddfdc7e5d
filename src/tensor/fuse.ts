/**
 * The last rewriting before a graph is written: what is added to a matrix product becomes part of it. A runtime's Gemm adds for
 * nothing what would be another pass over memory: biases, momentum, weight decay.
 */
import { type Expr, scalarValue, sizeOf, topological } from "./expr.ts";
import { add, mul } from "./ops/elementwise.ts";
import { gemm, isMatrixProduct } from "./ops/matmul.ts";
import { reshape } from "./ops/shape.ts";

/** Sums smaller than this gain nothing. */
const WORTH_IT = 4096;

/** The product below reshapes, if that is what x is. */
function productOf(x: Expr): Expr | undefined {
  const inner = x.op.name === "reshape" ? x.inputs[0] : x;
  return isMatrixProduct(inner) ? inner : undefined;
}

/** The terms of a sum of equal shapes. */
function terms(x: Expr): Expr[] {
  const isSum = x.op.name === "add" && x.inputs.every((i) => sizeOf(i.shape) === sizeOf(x.shape));
  return isSum ? x.inputs.flatMap(terms) : [x];
}

/** x as a multiple of something: [thing, factor]. */
function multiple(x: Expr): [Expr, number] {
  const factor = x.op.name === "mul" ? scalarValue(x.inputs[1]) : undefined;
  return factor !== undefined && factor !== 0 ? [x.inputs[0], factor] : [x, 1];
}

/** A sum with one product among its terms, as a Gemm; undefined when it is none. */
function fusedSum(node: Expr): Expr | undefined {
  if (node.op.name !== "add" || sizeOf(node.shape) < WORTH_IT) return undefined;
  const all = terms(node);
  const at = all.findIndex(productOf);
  if (at < 0 || all.length < 2) return undefined;
  const product = productOf(all[at])!;
  // The first of the others is scaled by the Gemm, the rest are brought to its scale.
  const [first, ...rest] = all.filter((_, i) => i !== at).map(multiple);
  const c = rest.reduce((total, [x, factor]) => add(total, mul(x, factor / first[1])), first[0]);
  return reshape(gemm(product, reshape(c, product.shape), first[1]), node.shape);
}

/** The additions within a sum: they vanish when the sum is fused. */
const additions = (x: Expr): Expr[] => (terms(x).length > 1 ? [x, ...x.inputs.flatMap(additions)] : []);

/** The same results with sums fused into products. */
export function fuse<R extends Record<string, Expr>>(outputs: R): R {
  const roots = Object.values(outputs);
  const all = topological(roots);
  // Users first: the whole of a chain of additions is one Gemm, not its innermost link.
  const fused = new Map<Expr, Expr>();
  const within = new Set<Expr>();
  for (const node of [...all].reverse()) {
    const better = within.has(node) ? undefined : fusedSum(node);
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
