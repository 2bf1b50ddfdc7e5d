/** Reference evaluation in float64: slow, plain and independent of any kernel. Tests and small tools use it. */
import { type Expr, inputOp, sizeOf, topological } from "./expr.ts";

/**
 * Values of expressions, in row-major order.
 * @param feeds a value for each input by its name
 */
export function evaluate(roots: readonly Expr[], feeds: Record<string, ArrayLike<number>> = {}): Float64Array[] {
  const values = new Map<Expr, Float64Array>();
  for (const node of topological(roots)) {
    if (node.op === inputOp && node.attrs.name in feeds) {
      const data = Float64Array.from(feeds[node.attrs.name]);
      if (data.length !== sizeOf(node.shape)) {
        throw new Error(
          `input "${node.attrs.name}" has ${data.length} values, its shape [${node.shape.join(",")}] needs ${sizeOf(node.shape)}`,
        );
      }
      values.set(node, data);
    } else {
      values.set(
        node,
        node.op.eval(
          node.inputs.map((x) => values.get(x)!),
          node,
        ),
      );
    }
  }
  return roots.map((root) => values.get(root)!);
}
