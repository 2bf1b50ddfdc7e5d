import { z } from "zod";
import { type Expr, type Shape, sizeOf } from "../../tensor/index.ts";
import { UserError } from "../../util/errors.ts";
import { random } from "../../util/random.ts";
import { choose, type Entry, type ParameterSchemas, type Parameters } from "../entry.ts";
import * as initializers from "../initializers/index.ts";
import * as layers from "../layers/index.ts";
import type { BufferShape, BuiltLayer, LayerContext, ParameterShape } from "../layers/layer.ts";

/** A layer as a model or a study file names it: `"flatten"`, `{ dense: 10 }`, `{ conv2d: { filters: 6, kernel: 5 } }`. */
export type LayerSpec = string | Record<string, unknown>;

/** What a model is: a list of layers for given inputs. One file per model beside this one. */
export interface Model<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  // biome-ignore lint/suspicious/noExplicitAny: the zoo holds models of all parameter types
  readonly layers: (input: Shape, classes: number, params: any) => LayerSpec[];
}

const initializer = z
  .union([z.string(), z.record(z.string(), z.unknown())])
  .default("pytorch")
  .transform((said, context) => {
    try {
      return choose("initializer", initializers, said).spec;
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
      return z.NEVER;
    }
  })
  .describe("how the weights begin: pytorch, xavier, he, lecun or { normal: standard deviation }");

/** Every model also says how its weights begin. */
export function model<S extends ParameterSchemas>(
  definition: Entry<S> & { layers: (input: Shape, classes: number, params: Parameters<S>) => LayerSpec[] },
): Model<S & { init: typeof initializer }> {
  return { ...definition, params: { ...definition.params, init: initializer } };
}

/** A model for inputs of a known shape: named tensors and a forward pass. */
export interface BuiltModel {
  parameters: Record<string, ParameterShape>;
  buffers: Record<string, BufferShape>;
  /** Shape of one example after each layer. */
  outputs: Shape[];
  /** Products of weights and values in one example's forward pass. */
  products: number;
  /** The numbers that a tensor begins with: a function of the seed, the tensor's name and the initializer alone. */
  initial(name: string, seed: number, init: unknown): Float32Array;
  /**
   * @param x [N, ...input]
   * @returns logits [N, classes] and the buffers as the pass leaves them
   */
  forward(
    x: Expr,
    tensors: Record<string, Expr>,
    context: Omit<LayerContext, "seed"> & {
      seed?: (layer: number) => Expr;
      /** Whether the activation is monotone, so that a pooling behind it may come before it: the same values from fewer. */
      poolFirst?: boolean;
    },
  ): { logits: Expr; buffers: Record<string, Expr> };
}

/** Lays out the model's layers for inputs of the given shape; each tensor is called `<layer><number>.<tensor>`. */
export function buildModel(entry: Model, params: Record<string, unknown>, input: Shape, classes: number): BuiltModel {
  const counts: Record<string, number> = {};
  let shape = input;
  const built: { name: string; layer: BuiltLayer }[] = entry.layers(input, classes, params).map((spec) => {
    const { entry, params } = choose("layer", layers, spec);
    const layer = entry.build(shape, params);
    shape = layer.output;
    counts[entry.name] = (counts[entry.name] ?? 0) + 1;
    return { name: `${entry.name}${counts[entry.name]}`, layer };
  });
  if (String(shape) !== String([classes])) {
    throw new UserError(
      `the model "${entry.name}" ends with [${shape.join(",")}] instead of one output for each of ${classes} classes`,
    );
  }

  const collect = <T>(of: (layer: BuiltLayer) => Record<string, T> | undefined): Record<string, T> =>
    Object.fromEntries(
      built.flatMap(({ name, layer }) =>
        Object.entries(of(layer) ?? {}).map(([key, value]) => [`${name}.${key}`, value]),
      ),
    );
  const parameters = collect((layer) => layer.parameters);
  const buffers = collect((layer) => layer.buffers);

  // Every weight is used at every place of its layer's output: once in a dense layer, at each pixel in a convolution.
  const products = built.reduce((total, { layer: { parameters, output } }) => {
    const weights = parameters?.weight ? sizeOf(parameters.weight.shape) : 0;
    return total + weights * sizeOf(output.slice(1));
  }, 0);

  return {
    parameters,
    buffers,
    outputs: built.map(({ layer }) => layer.output),
    products,
    initial(name, seed, said) {
      const tensor = parameters[name] ?? buffers[name];
      const size = tensor.shape.reduce((n, s) => n * s, 1);
      if (tensor.fill !== undefined) return new Float32Array(size).fill(tensor.fill);
      const init = choose("initializer", initializers, said);
      const stream = random(seed, "init", name);
      return Float32Array.from({ length: size }, (_, i) =>
        init.entry.draw(stream, i, tensor as ParameterShape, init.params),
      );
    },
    forward(x, tensors, { poolFirst, ...context }) {
      let value = x;
      const changed: Record<string, Expr> = {};
      const order = built.map((_, index) => index);
      for (const at of poolFirst ? order.slice(1) : []) {
        const isPair = built[at - 1].layer.activates && built[at].layer.selects;
        if (isPair) [order[at - 1], order[at]] = [at, at - 1];
      }
      for (const index of order) {
        const { name, layer } = built[index];
        const own = Object.fromEntries(
          [...Object.keys(layer.parameters ?? {}), ...Object.keys(layer.buffers ?? {})].map((key) => [
            key,
            tensors[`${name}.${key}`],
          ]),
        );
        const seed = (): Expr => {
          if (!context.seed) throw new Error(`${name} needs random numbers, and none were given`);
          return context.seed(index);
        };
        const result = layer.apply(value, own, { ...context, seed });
        if ("y" in result) {
          value = result.y;
          for (const [key, buffer] of Object.entries(result.buffers)) changed[`${name}.${key}`] = buffer;
        } else value = result;
      }
      return {
        logits: value,
        buffers: { ...Object.fromEntries(Object.keys(buffers).map((b) => [b, tensors[b]])), ...changed },
      };
    },
  };
}
