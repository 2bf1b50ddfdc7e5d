/** Rewriting for graphs that are written once and run often: what depends on known values alone is computed beforehand. */
import { evaluate } from "./evaluate.ts";
import { constant, constantOp, type Expr, inputOp, sizeOf, topological } from "./expr.ts";

/**
 * The same results, with every expression of known inputs and constants alone replaced by its value, and constants of one number written
 * out in full. Known inputs that are used as they are stay inputs.
 * @param known values of inputs by their names
 */
export function fold<R extends Record<string, Expr>>(outputs: R, known: Readonly<Record<string, Float32Array>>): R {
  const isWrittenOut = ({ op, attrs, shape }: Expr): boolean =>
    op === inputOp || (op === constantOp && attrs.data.length === sizeOf(shape));
  const isKnown = new Map<Expr, boolean>();
  const done = new Map<Expr, Expr>();
  for (const node of topological(Object.values(outputs))) {
    const given =
      node.op === inputOp ? Object.hasOwn(known, node.attrs.name) : node.inputs.every((x) => isKnown.get(x));
    isKnown.set(node, given);
    if (given) continue; // computed where something unknown uses it
    const inputs = node.inputs.map((x) => {
      if (!isKnown.get(x) || isWrittenOut(x)) return done.get(x) ?? x;
      const value = done.get(x) ?? constant(evaluate([x], known)[0], x.shape, x.dtype);
      done.set(x, value);
      return value;
    });
    done.set(node, inputs.every((x, i) => x === node.inputs[i]) ? node : { ...node, inputs });
  }
  return Object.fromEntries(Object.entries(outputs).map(([name, x]) => [name, done.get(x) ?? x])) as R;
}
