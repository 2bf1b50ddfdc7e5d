import { type Expr, type Shape, sizeOf } from "../../tensor/index.ts";
import { UserError } from "../../util/errors.ts";
import type { Entry, ParameterSchemas, Parameters } from "../entry.ts";
import type { Fans } from "../initializers/index.ts";

/** A tensor that training changes. */
export interface ParameterShape extends Fans {
  shape: Shape;
  /** Fixed beginning, where the initializer has no say (scales of normalizations). */
  fill?: number;
}

/** A tensor that the forward pass changes (running statistics), without a gradient. */
export interface BufferShape {
  shape: Shape;
  fill: number;
}

/** What a layer may know when it computes. */
export interface LayerContext {
  training: boolean;
  /** The trial's activation. */
  activation: (x: Expr) => Expr;
  /** Whether the activation is monotone, so that a pooling behind it may come before it: the same values from fewer. */
  poolFirst?: boolean;
  /** A seed for random numbers of this layer in this step (int64), or of the given place among the layers within; training only. */
  seed: (place?: number) => Expr;
}

/** What a layer gives. */
export interface Pass {
  /** [N, ...output] */
  y: Expr;
  /** The buffers as the pass leaves them; those that are not there stay as they are. */
  buffers: Record<string, Expr>;
}

/** A layer for inputs of a known shape. */
export interface BuiltLayer {
  /** Shape of one example's output. */
  output: Shape;
  parameters: Record<string, ParameterShape>;
  buffers: Record<string, BufferShape>;
  /** Outputs, for one example, of all layers within and of the layer itself. */
  outputs: readonly Shape[];
  /** Products of weights and values in one example's forward pass. */
  products: number;
  /** Whether it is the trial's activation and nothing else. */
  activates?: true;
  /** Whether its results are the largest of some of its inputs each. */
  selects?: true;
  /**
   * @param x [N, ...input]
   * @param tensors the layer's parameters and buffers by name
   */
  apply(x: Expr, tensors: Record<string, Expr>, context: LayerContext): Pass;
}

/** What a layer's author says of it; the rest follows. */
interface LayerParts extends Partial<Omit<BuiltLayer, "output" | "apply">> {
  output: Shape;
  apply(x: Expr, tensors: Record<string, Expr>, context: LayerContext): Expr | Pass;
}

export interface Layer extends Entry {
  /** @throws UserError when the layer does not fit such inputs */
  // biome-ignore lint/suspicious/noExplicitAny: the zoo holds layers of all parameter types
  readonly build: (input: Shape, params: any) => BuiltLayer;
}

export function layer<S extends ParameterSchemas>({
  build,
  ...entry
}: Entry<S> & { build: (input: Shape, params: Parameters<S>) => LayerParts }): Layer {
  return {
    ...(entry as unknown as Entry),
    build: (input, params) => blaming(`${entry.name}: `, () => complete(build(input, params))),
  };
}

/** What `build` gives; its errors begin with the words that say whose they are. */
export function blaming<T>(whose: string, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(whose + error.message, error.where, error.hint);
  }
}

function complete({
  output,
  parameters = {},
  buffers = {},
  outputs = [output],
  apply,
  ...rest
}: LayerParts): BuiltLayer {
  // Every weight is used at every place of the output: once in a dense layer, at each pixel in a convolution.
  const { products = parameters.weight ? sizeOf(parameters.weight.shape) * sizeOf(output.slice(1)) : 0 } = rest;
  return {
    output,
    parameters,
    buffers,
    outputs,
    products,
    ...(rest.activates && { activates: true }),
    ...(rest.selects && { selects: true }),
    apply(x, tensors, context) {
      const result = apply(x, tensors, context);
      return "y" in result ? result : { y: result, buffers: {} };
    },
  };
}
