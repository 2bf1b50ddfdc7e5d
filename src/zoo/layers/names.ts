/** Names of tensors that belong to a layer within another: `conv2d1.weight` is the `weight` of `conv2d1`. */

/** The record with a layer's name before each of its own. */
export const under = <T>(layer: string, own: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(own).map(([name, value]) => [`${layer}.${name}`, value]));

/** What belongs to a layer, by the layer's own names. */
export const within = <T>(layer: string, all: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => name.startsWith(`${layer}.`))
      .map(([name, value]) => [name.slice(layer.length + 1), value]),
  );
