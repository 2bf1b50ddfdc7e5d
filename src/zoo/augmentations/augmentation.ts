/** What an augmentation is. One file per augmentation beside this one; `laws.test.ts` holds for all of them. */
import { constant, type Expr, input, reshape, type Shape, slice } from "../../tensor/index.ts";
import type { Chosen, Entry, ParameterSchemas, Parameters } from "../entry.ts";
import { blaming } from "../layers/layer.ts";

/** Targets of a mini-batch, and what they count. */
export interface Targets {
  /** [N, C], the distributions that are wanted. */
  wanted: Expr;
  /** [N], each example's share of its loss; all of it where absent. */
  share?: Expr;
}

/** A mini-batch on its way into the network. */
export interface Batch {
  /** [N, ...shape], in the scale of the network. */
  x: Expr;
  /** More than one where examples are mixed: the loss of an example is the sum of its losses by each, times the shares. */
  targets: readonly Targets[];
}

export interface AugmentationContext {
  /** What a pixel of the value 0 is in the scale of the network, [channels, 1, 1] or a scalar. */
  black: Expr;
}

/** Changes training examples at random, anew in each epoch; evaluation sees them as they are. */
export interface Augmentation<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  /**
   * The numbers that each example needs, each as a function of a number uniform in [0, 1).
   * @param shape of an example
   */
  // biome-ignore lint/suspicious/noExplicitAny: the zoo holds augmentations of all parameter types
  readonly draws: (params: any, shape: Shape) => readonly ((uniform: number) => number)[];
  /**
   * @param drawn [N, draws], the numbers
   * @throws UserError when such examples cannot be changed so
   */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly apply: (batch: Batch, drawn: Expr, params: any, context: AugmentationContext) => Batch;
}

export function augmentation<S extends ParameterSchemas>({
  apply,
  ...definition
}: Entry<S> & {
  draws: (params: Parameters<S>, shape: Shape) => readonly ((uniform: number) => number)[];
  apply: (batch: Batch, drawn: Expr, params: Parameters<S>, context: AugmentationContext) => Batch;
}): Augmentation<S> {
  return {
    ...definition,
    apply: (batch, drawn, params, context) =>
      blaming(`${definition.name}: `, () => apply(batch, drawn, params, context)),
  };
}

/** The numbers of one draw, shaped to go with tensors of so many axes: [N, 1, 1, …]. */
export const drawnAt = (drawn: Expr, place: number, rank: number): Expr =>
  reshape(slice(drawn, 1, place, place + 1), [drawn.shape[0], ...new Array<number>(rank - 1).fill(1)]);

/**
 * Applies the augmentation to examples of a shape, to see what it has against them.
 * @throws UserError
 */
export function tryOnExamples({ entry, params }: Chosen<Augmentation>, shape: Shape): void {
  const targets = [{ wanted: input("targets", [2, 2]) }];
  const drawn = input("drawn", [2, entry.draws(params, shape).length]);
  entry.apply({ x: input("x", [2, ...shape]), targets }, drawn, params, { black: constant(0) });
}
