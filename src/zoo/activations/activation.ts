import type { Expr } from "../../tensor/index.ts";
import type { Entry, ParameterSchemas, Parameters } from "../entry.ts";

/** What an activation is: an elementwise function. One file per activation beside this one. */
export interface Activation<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  // biome-ignore lint/suspicious/noExplicitAny: the zoo holds activations of all parameter types
  readonly apply: (x: Expr, params: any) => Expr;
  /** Never falls, so that the largest of several values stays the largest: pooling may come first, on fewer values. */
  readonly monotone?: true;
  /** Where the derivative jumps; tests by finite differences keep away from there. */
  readonly kinks?: (params: Record<string, number>) => number[];
}

export function activation<S extends ParameterSchemas>(
  definition: Entry<S> & {
    apply: (x: Expr, params: Parameters<S>) => Expr;
    monotone?: true;
    kinks?: (params: Record<string, number>) => number[];
  },
): Activation<S> {
  return definition;
}
