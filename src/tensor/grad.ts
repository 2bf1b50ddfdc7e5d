/** Reverse-mode gradients, from expressions to expressions. */
import { type Expr, filled, topological } from "./expr.ts";
import { add } from "./ops/elementwise.ts";
import { concat, padOp, placeOp, take } from "./ops/shape.ts";

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

/** The sum of contributions; slices that share nothing are joined instead of being padded with zeros and added. */
function total(parts: readonly Expr[]): Expr {
  return joined(parts) ?? parts.reduce((a, b) => add(a, b));
}

/** Where along which axis a slice's gradient goes, and the gradient. */
function placement(part: Expr): { inner: Expr; axis: number; places: readonly number[] } | undefined {
  const [inner] = part.inputs;
  const { axis, start, step, indices } = part.attrs;
  if (part.op === placeOp) return { inner, axis, places: indices };
  if (part.op !== padOp) return undefined;
  return { inner, axis, places: Array.from({ length: inner.shape[axis] }, (_, i) => start + i * step) };
}

function joined(parts: readonly Expr[]): Expr | undefined {
  const pieces = parts.map(placement);
  const [first] = pieces;
  if (parts.length < 2 || !first || pieces.some((p) => p?.axis !== first.axis)) return undefined;
  const { axis } = first;
  const places = pieces.flatMap((p) => p!.places);
  if (new Set(places).size !== places.length) return undefined;
  const size = parts[0].shape[axis];
  const row = parts[0].shape.map((n, i) => (i === axis ? size - places.length : n));
  const rest = Array.from({ length: size }, (_, i) => i).filter((i) => !places.includes(i));
  const inOrder = [
    ...pieces.map((p) => p!),
    ...(rest.length > 0 ? [{ inner: filled(row, 0), places: rest }] : []),
  ].sort((a, b) => a.places[0] - b.places[0]);
  const order = inOrder.flatMap((p) => p.places);
  const whole = concat(
    inOrder.map((p) => p.inner),
    axis,
  );
  return take(
    whole,
    axis,
    Array.from({ length: size }, (_, i) => order.indexOf(i)),
  );
}
