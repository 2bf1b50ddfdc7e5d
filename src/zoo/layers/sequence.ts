import type { Expr, Shape } from "../../tensor/index.ts";
import type { Chosen } from "../entry.ts";
import { type BuiltLayer, blaming, type Layer } from "./layer.ts";
import { under, within } from "./names.ts";

/**
 * Layers one after the other, as one layer for inputs of the given shape. Each tensor is called `<layer><number>.<tensor>`, where the
 * number counts the layers of one kind. No layers at all give back what they get.
 * @param what how errors call one of them
 */
export function sequence(layers: readonly Chosen<Layer>[], input: Shape, what = "layer"): BuiltLayer {
  const counts: Record<string, number> = {};
  const outputs: Shape[] = [];
  let output = input;
  const parts = layers.map(({ entry, params }, i) => {
    const layer = blaming(`${what} ${i + 1}, `, () => entry.build(output, params));
    const place = outputs.length;
    outputs.push(...layer.outputs);
    output = layer.output;
    counts[entry.name] = (counts[entry.name] ?? 0) + 1;
    return { name: `${entry.name}${counts[entry.name]}`, layer, place };
  });
  const all = <T>(of: (layer: BuiltLayer) => Record<string, T>): Record<string, T> =>
    Object.assign({}, ...parts.map(({ name, layer }) => under(name, of(layer))));
  return {
    output,
    parameters: all((layer) => layer.parameters),
    buffers: all((layer) => layer.buffers),
    outputs,
    products: parts.reduce((total, { layer }) => total + layer.products, 0),
    apply(x, tensors, context) {
      let y = x;
      const buffers: Record<string, Expr> = {};
      for (const { name, layer, place } of context.poolFirst ? poolingFirst(parts) : parts) {
        const seed = (inner = 0): Expr => context.seed(place + inner);
        const pass = layer.apply(y, within(name, tensors), { ...context, seed });
        y = pass.y;
        Object.assign(buffers, under(name, pass.buffers));
      }
      return { y, buffers };
    },
  };
}

/** The parts with each pooling right behind an activation before it. */
function poolingFirst<P extends { layer: BuiltLayer }>(parts: readonly P[]): P[] {
  const order = [...parts];
  for (let i = 1; i < order.length; i++) {
    const [before, here] = [order[i - 1], order[i]];
    if (before.layer.activates && here.layer.selects) [order[i - 1], order[i]] = [here, before];
  }
  return order;
}
