import type { Expr, Shape } from "../../tensor/index.ts";
import { UserError } from "../../util/errors.ts";
import { random } from "../../util/random.ts";
import { type Chosen, choose, type Entry, type ParameterSchemas, type Parameters } from "../entry.ts";
import * as initializers from "../initializers/index.ts";
import * as layers from "../layers/index.ts";
import { type BuiltLayer, blaming, type LayerContext, type ParameterShape } from "../layers/layer.ts";
import { sequence } from "../layers/sequence.ts";
import { within } from "../within.ts";

/** A layer as a model names it: `"flatten"`, `{ dense: 10 }`, `{ conv2d: { filters: 6, kernel: 5 } }`. */
export type LayerSpec = string | Record<string, unknown>;

/** What a model is: a list of layers for given inputs. One file per model beside this one. */
export interface Model<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  // biome-ignore lint/suspicious/noExplicitAny: the zoo holds models of all parameter types
  readonly layers: (input: Shape, classes: number, params: any) => LayerSpec[];
}

const initializer = within<initializers.Initializer>(
  { kind: "initializer", zoo: () => initializers },
  "how the weights begin: pytorch, xavier, he, lecun or { normal: standard deviation }",
  "pytorch",
);

/** Every model also says how its weights begin. */
export function model<S extends ParameterSchemas>(
  definition: Entry<S> & { layers: (input: Shape, classes: number, params: Parameters<S>) => LayerSpec[] },
): Model<S & { init: typeof initializer }> {
  return { ...definition, params: { ...definition.params, init: initializer } };
}

/** A model for inputs of a known shape: named tensors and a forward pass. */
export interface BuiltModel extends Pick<BuiltLayer, "parameters" | "buffers" | "outputs" | "products"> {
  /** The numbers that a tensor begins with: a function of the seed, the tensor's name and the parameters' initializer alone. */
  initial(name: string, seed: number, params: Record<string, unknown>): Float32Array;
  /**
   * @param x [N, ...input]
   * @returns logits [N, classes] and the buffers as the pass leaves them
   */
  forward(
    x: Expr,
    tensors: Record<string, Expr>,
    context: Omit<LayerContext, "seed"> & { seed?: (layer: number) => Expr },
  ): { logits: Expr; buffers: Record<string, Expr> };
}

/** Lays out the model's layers for inputs of the given shape; `sequence` names its tensors. */
export function buildModel(entry: Model, params: Record<string, unknown>, input: Shape, classes: number): BuiltModel {
  const fitting = `the model "${entry.name}" does not fit inputs of [${input.join(",")}]: `;
  const { output, apply, parameters, buffers, outputs, products } = blaming(fitting, () =>
    sequence(
      entry.layers(input, classes, params).map((spec) => choose("layer", layers, spec)),
      input,
    ),
  );
  if (String(output) !== String([classes])) {
    throw new UserError(
      `the model "${entry.name}" ends with [${output.join(",")}] instead of one output for each of ${classes} classes`,
    );
  }
  return {
    parameters,
    buffers,
    outputs,
    products,
    initial(name, seed, params) {
      const tensor = parameters[name] ?? buffers[name];
      const size = tensor.shape.reduce((n, s) => n * s, 1);
      if (tensor.fill !== undefined) return new Float32Array(size).fill(tensor.fill);
      const { init } = params as { init: Chosen<initializers.Initializer> };
      const stream = random(seed, "init", name);
      return Float32Array.from({ length: size }, (_, i) =>
        init.entry.draw(stream, i, tensor as ParameterShape, init.params),
      );
    },
    forward(x, tensors, { seed: seedOf, ...context }) {
      const seed = (place = 0): Expr => {
        if (!seedOf) throw new Error(`the model "${entry.name}" needs random numbers, and none were given`);
        return seedOf(place);
      };
      const { y: logits, buffers: changed } = apply(x, tensors, { ...context, seed });
      const kept = Object.fromEntries(Object.keys(buffers).map((name) => [name, tensors[name]]));
      return { logits, buffers: { ...kept, ...changed } };
    },
  };
}
