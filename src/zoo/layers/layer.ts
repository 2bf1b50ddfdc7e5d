import type { Expr, Shape } from "../../tensor/index.ts";
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
  /** A seed for random numbers of this layer in this step (int64); training only. */
  seed: () => Expr;
}

/** A layer for inputs of a known shape. */
export interface BuiltLayer {
  /** Shape of one example's output. */
  output: Shape;
  parameters?: Record<string, ParameterShape>;
  buffers?: Record<string, BufferShape>;
  /** Whether it is the trial's activation and nothing else. */
  activates?: true;
  /** Whether its results are the largest of some of its inputs each. */
  selects?: true;
  /**
   * @param x [N, ...input]
   * @param tensors the layer's parameters and buffers by name
   * @returns [N, ...output], with the changed buffers where there are any
   */
  apply(
    x: Expr,
    tensors: Record<string, Expr>,
    context: LayerContext,
  ): Expr | { y: Expr; buffers: Record<string, Expr> };
}

export interface Layer<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  // biome-ignore lint/suspicious/noExplicitAny: the zoo holds layers of all parameter types
  readonly build: (input: Shape, params: any) => BuiltLayer;
}

export function layer<S extends ParameterSchemas>(
  definition: Entry<S> & { build: (input: Shape, params: Parameters<S>) => BuiltLayer },
): Layer<S> {
  return definition;
}
