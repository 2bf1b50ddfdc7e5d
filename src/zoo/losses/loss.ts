/** What a loss is. One file per loss beside this one; `laws.test.ts` holds for all of them. */
import {
  constant,
  div,
  type Expr,
  greater,
  log,
  logSumExp,
  maximum,
  mul,
  reshape,
  sub,
  sum,
  where,
} from "../../tensor/index.ts";
import type { Entry, ParameterSchemas, Parameters } from "../entry.ts";

/** What a loss may know beside logits and targets. */
export interface LossContext {
  /** Number of classes C. */
  classes: number;
  /** False when the loss is only measured; weights that exist for training alone are then left out. */
  training: boolean;
  /** Number of training examples of each class, in the training split. */
  classCounts: readonly number[];
}

/** Losses of the examples, and the weights by whose sum their sum is divided; without weights: their number. */
export interface LossTerms {
  /** [N] */
  perExample: Expr;
  /** [N] */
  weights?: Expr;
}

/** What the member promises; `laws.test.ts` checks it. */
export interface LossLaws {
  /** Never below 0. */
  nonNegative?: boolean;
  /** Adding a number to all logits of an example changes nothing. */
  shiftInvariant?: boolean;
  /** Goes to 0, with its defaults, when the target's logit exceeds the others by far. */
  vanishesWhenSure?: boolean;
  /** Special cases that are other losses. */
  equals?: { at: Record<string, unknown>; loss: Record<string, Record<string, unknown>> }[];
}

export interface Loss<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  /**
   * @param logits [N, C] float32
   * @param targets [N, C] float32, the distribution that is wanted: one-hot for plain labels
   * @returns [N], or with weights
   */
  // biome-ignore lint/suspicious/noExplicitAny: the zoo holds losses of all parameter types
  readonly perExample: (logits: Expr, targets: Expr, params: any, context: LossContext) => Expr | LossTerms;
  readonly laws: LossLaws;
}

export function loss<S extends ParameterSchemas>(
  definition: Omit<Entry<S>, "kind"> & {
    perExample: (logits: Expr, targets: Expr, params: Parameters<S>, context: LossContext) => Expr | LossTerms;
    laws: LossLaws;
  },
): Loss<S> {
  return definition;
}

export const termsOf = (result: Expr | LossTerms): LossTerms =>
  "perExample" in result ? result : { perExample: result };

// ---- words that several losses use

/** The value at the target: Σ_k t_k x_k, [N, C] to [N]. */
export const atTarget = (x: Expr, targets: Expr): Expr => sum(mul(x, targets), [-1]);

/** The value at the target as a column, [N, C] to [N, 1]. */
export const atTargetColumn = (x: Expr, targets: Expr): Expr => sum(mul(x, targets), [-1], true);

/**
 * Log-odds against the target, d = log((1 - p_y) / p_y) = logsumexp over the other classes - z_y, [N].
 * In its terms -log p_y = softplus(d), p_y = sigmoid(-d) and log(1 - p_y) = -softplus(-d): no difference of nearly equal
 * numbers, whatever the logits. Needs one-hot targets.
 */
export function logOdds(logits: Expr, targets: Expr): Expr {
  const others = logSumExp(sub(logits, mul(targets, 3e38)));
  return sub(reshape(others, [logits.shape[0]]), atTarget(logits, targets));
}

/** Σ_k t_k log t_k with 0·log 0 = 0, [N]: the negative entropy of the targets. */
export function negativeEntropy(targets: Expr): Expr {
  const safe = where(greater(targets, 0), targets, 1);
  return sum(mul(targets, log(safe)), [-1]);
}

/** 1 / number of the mini-batch's examples of each class, [1, C]; 0 for a class without any. */
export function inverseBatchCounts(targets: Expr): Expr {
  const counts = sum(targets, [0], true);
  return where(greater(counts, 0), div(1, maximum(counts, 1e-30)), 0);
}

/** Constant weights of the classes, [1, C]. */
export const classRow = (weights: readonly number[]): Expr => constant(weights, [1, weights.length]);
