import type { Expr } from "../../tensor/index.ts";
import type { Entry, ParameterSchemas, Parameters } from "../entry.ts";

/** All gradients of one trial, by the names of the parameters. */
export type Gradients = Record<string, Expr>;

/** What a clipping is: gradients to gradients, before the optimizer sees them and adds any weight decay. */
export interface Clipping<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  // biome-ignore lint/suspicious/noExplicitAny: the zoo holds clippings of all parameter types
  readonly apply: (gradients: Gradients, params: any) => Gradients;
}

export function clipping<S extends ParameterSchemas>(
  definition: Entry<S> & { apply: (gradients: Gradients, params: Parameters<S>) => Gradients },
): Clipping<S> {
  return definition;
}
