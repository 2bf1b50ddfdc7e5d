/** Reverse-mode gradients, from expressions to expressions. */
import { constant, type Expr, type Shape, sizeOf, topological } from "./expr.ts";
import { add } from "./ops/elementwise.ts";
import { concat, padOp } from "./ops/shape.ts";

const filled = (shape: Shape, value: number): Expr => constant(new Float64Array(sizeOf(shape)).fill(value), shape);

/**
 * Gradients of the sum of `y`'s elements with respect to the given expressions, which keep their shapes.
 * What y does not depend on has a gradient of zeros.
 */
export function grad(y: Expr, wrt: readonly Expr[]): Expr[] {
  const order = topological([y]);
  const wanted = new Set<Expr>(wrt);
  const needs = new Set<Expr>();
  for (const node of order) if (wanted.has(node) || node.inputs.some((x) => needs.has(x))) needs.add(node);

  const contributions = new Map<Expr, Expr[]>([[y, [filled(y.shape, 1)]]]);
  const gradients = new Map<Expr, Expr>();
  for (const node of order.reverse()) {
    const parts = contributions.get(node);
    if (!parts || !needs.has(node)) continue;
    const g = total(parts);
    if (wanted.has(node)) gradients.set(node, g);
    if (!node.op.vjp || !node.inputs.some((x) => needs.has(x))) continue;
    node.op.vjp(node, g).forEach((part, i) => {
      const x = node.inputs[i];
      if (!part || !needs.has(x)) return;
      const list = contributions.get(x);
      if (list) list.push(part);
      else contributions.set(x, [part]);
    });
  }
  return wrt.map((x) => gradients.get(x) ?? filled(x.shape, 0));
}

/** The sum of contributions; slices that tile an axis are joined instead of being padded with zeros and added. */
function total(parts: readonly Expr[]): Expr {
  return tiles(parts) ?? parts.reduce((a, b) => add(a, b));
}

function tiles(parts: readonly Expr[]): Expr | undefined {
  if (parts.length < 2 || parts.some((p) => p.op !== padOp || p.attrs.step !== 1)) return undefined;
  const { axis } = parts[0].attrs;
  if (parts.some((p) => p.attrs.axis !== axis)) return undefined;
  const sorted = [...parts].sort((a, b) => a.attrs.start - b.attrs.start);
  let end = 0;
  const pieces: Expr[] = [];
  for (const part of sorted) {
    const [inner] = part.inputs;
    const start: number = part.attrs.start;
    if (start < end) return undefined;
    if (start > end) pieces.push(gap(part.shape, axis, start - end));
    pieces.push(inner);
    end = start + inner.shape[axis];
  }
  const size = sorted[0].shape[axis];
  if (end < size) pieces.push(gap(sorted[0].shape, axis, size - end));
  return concat(pieces, axis);
}

const gap = (shape: Shape, axis: number, length: number): Expr =>
  filled(
    shape.map((n, i) => (i === axis ? length : n)),
    0,
  );
