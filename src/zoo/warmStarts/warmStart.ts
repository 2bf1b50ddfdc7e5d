import type { Chosen, Entry, ParameterSchemas, Parameters } from "../entry.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";

/** A training before the training: only its weights, and buffers such as batch normalization's, are kept. */
export interface Before {
  optimizer: Chosen<Optimizer>;
  epochs: number;
}

/** What a warm start is: which training comes before that of a trial, with the same loss, data and batch order. */
export interface WarmStart<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  /** @param epochs those of the trial */
  // biome-ignore lint/suspicious/noExplicitAny: the zoo holds warm starts of all parameter types
  readonly before: (params: any, epochs: number) => Before | null;
}

export function warmStart<S extends ParameterSchemas>(
  definition: Entry<S> & { before: (params: Parameters<S>, epochs: number) => Before | null },
): WarmStart<S> {
  return definition;
}
