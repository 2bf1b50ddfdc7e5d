import { add, sameShape } from "../../tensor/index.ts";
import { UserError } from "../../util/errors.ts";
import { listWithin } from "../within.ts";
import { type Layer, layer } from "./layer.ts";
import { under, within } from "./names.ts";
import { sequence } from "./sequence.ts";

/**
 * Layers that learn what to add to their input.   y = F(x) + S(x),   F the layers, S the shortcut: x itself where it has no layers.
 * He et al., 2016, arXiv:1512.03385, eq. 1 and 2.
 */
export const residual = layer({
  name: "residual",
  title: "residual",
  summary: "Layers that learn what to add to their input.",
  formula: "y = F(x) + S(x)",
  reference: "He et al., 2016, arXiv:1512.03385, eq. 1 and 2",
  primary: "layers",
  params: {
    layers: listWithin<Layer>({ kind: "layer" }, "F: layers whose result is added"),
    shortcut: listWithin<Layer>(
      { kind: "layer" },
      "S: layers that bring the input to the same shape; none: the input itself",
      { min: 0 },
    ),
  },
  build(input, params) {
    const branch = sequence(params.layers, input);
    const shortcut = sequence(params.shortcut, input, "shortcut's layer");
    if (!sameShape(branch.output, shortcut.output)) {
      const [given, beside] = [branch, shortcut].map(({ output }) => `[${output.join(",")}]`);
      throw new UserError(`its layers give ${given}, its shortcut ${beside}; they must be equal to be added`);
    }
    return {
      output: branch.output,
      parameters: { ...branch.parameters, ...under("shortcut", shortcut.parameters) },
      buffers: { ...branch.buffers, ...under("shortcut", shortcut.buffers) },
      outputs: [...branch.outputs, ...shortcut.outputs, branch.output],
      products: branch.products + shortcut.products,
      apply(x, tensors, context) {
        const own = branch.apply(x, tensors, context);
        const beside = shortcut.apply(x, within("shortcut", tensors), {
          ...context,
          seed: (place = 0) => context.seed(branch.outputs.length + place),
        });
        return { y: add(own.y, beside.y), buffers: { ...own.buffers, ...under("shortcut", beside.buffers) } };
      },
    };
  },
});
