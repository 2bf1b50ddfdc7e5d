import type { Expr, Operand } from "../../tensor/index.ts";
import type { Entry, ParameterSchemas, Parameters } from "../entry.ts";

/** Parameters in which trials that are updated together may differ; all others are equal among them. */
export const VARYING = ["learningRate", "momentum", "weightDecay"] as const;

/**
 * Parameters of an optimizer inside a graph. Those that may vary are numbers where all trials agree, else expressions that hold each
 * trial's. Zero is always a number, so `momentum === 0` may decide what is built.
 */
export type Hyper<P> = { [K in keyof P]: K extends (typeof VARYING)[number] ? Operand : P[K] };

/** One parameter tensor before an update, or after it. */
export interface OptimizerState {
  parameter: Expr;
  /** The optimizer's own tensors of the parameter's shape, by name; zeros before the first step. */
  slots: Record<string, Expr>;
}

/** What an optimizer is: factors by the step, computed in float64 outside the graph, and an update inside it. */
export interface Optimizer<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  /** Names of the tensors it keeps for each parameter. */
  // biome-ignore lint/suspicious/noExplicitAny: the zoo holds optimizers of all parameter types
  readonly slots: (params: any) => readonly string[];
  /** The slot by which the network is evaluated in place of the parameters, if there is one. */
  readonly evaluated?: string;
  /**
   * Numbers that change with the step.
   * @param learningRate the scheduled one
   * @param t the step, counted from 1
   */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly factors: (params: any, learningRate: number, t: number) => Record<string, number>;
  readonly update: (
    state: OptimizerState,
    gradient: Expr,
    // biome-ignore lint/suspicious/noExplicitAny: as above
    params: any,
    factors: Record<string, Expr>,
  ) => OptimizerState;
}

export function optimizer<S extends ParameterSchemas, F extends string>(
  definition: Entry<S> & {
    slots: (params: Parameters<S>) => readonly string[];
    factors: (params: Parameters<S>, learningRate: number, t: number) => Record<F, number>;
    update: (
      state: OptimizerState,
      gradient: Expr,
      params: Hyper<Parameters<S>>,
      factors: Record<F, Expr>,
    ) => OptimizerState;
  },
): Optimizer<S> {
  return definition as unknown as Optimizer<S>;
}
