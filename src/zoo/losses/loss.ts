/** What a loss is. One file per loss beside this one; `laws.test.ts` holds for all of them. */
import {
  add,
  constant,
  div,
  type Expr,
  expm1,
  greater,
  input,
  log,
  logSumExp,
  maximum,
  mul,
  reshape,
  sub,
  sum,
  where,
} from "../../tensor/index.ts";
import type { Chosen, Entry, ParameterSchemas, Parameters } from "../entry.ts";
import { within } from "../within.ts";

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
  /** Takes distributions as targets, not classes alone, and meets its values for classes at their one-hot rows. */
  distributions?: boolean;
  /** Why the loss may rise with the target's logit, where it may. */
  mayRise?: string;
  /** Special cases that are other losses. */
  equals?: { at: Record<string, unknown>; loss: Record<string, unknown> }[];
}

export interface Loss<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  /**
   * @param logits [N, C] float32
   * @param targets [N, C] float32, the distribution that is wanted: one-hot for plain labels
   * @returns [N], or with weights
   */
  // biome-ignore lint/suspicious/noExplicitAny: the zoo holds losses of all parameter types
  readonly perExample: (logits: Expr, targets: Expr, params: any, context: LossContext) => Expr | LossTerms;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly laws: LossLaws | ((params: any) => LossLaws);
}

export function loss<S extends ParameterSchemas>(
  definition: Omit<Entry<S>, "kind"> & {
    perExample: (logits: Expr, targets: Expr, params: Parameters<S>, context: LossContext) => Expr | LossTerms;
    laws: LossLaws | ((params: Parameters<S>) => LossLaws);
  },
): Loss<S> {
  return definition;
}

/** What a loss promises with the given parameters. */
export const lawsOf = ({ entry: { laws }, params }: Pick<Chosen<Loss>, "entry" | "params">): LossLaws =>
  typeof laws === "function" ? laws(params) : laws;

export const termsOf = (result: Expr | LossTerms): LossTerms =>
  "perExample" in result ? result : { perExample: result };

/**
 * Builds the loss for so many classes, to see what it has against them: lists of another length, unknown names in a formula.
 * @throws UserError
 */
export function tryOn({ entry, params }: Chosen<Loss>, classes: number): void {
  const row = (name: string): Expr => input(name, [1, classes]);
  const classCounts = new Array<number>(classes).fill(1);
  entry.perExample(row("logits"), row("targets"), params, { classes, classCounts, training: true });
}

// ---- losses made of losses

/** A parameter that is a loss itself. */
export const lossWithin = (description: string) => within<Loss>({ kind: "loss" }, description, "ce");

/** The inner loss's terms on logits and targets that the outer one may have changed. */
export const termsWithin = (
  { entry, params }: Chosen<Loss>,
  logits: Expr,
  targets: Expr,
  context: LossContext,
): LossTerms => termsOf(entry.perExample(logits, targets, params, context));

/** A label that stays one word within another. */
export const bracketed = (label: string): string => (/[,+]/.test(label) ? `(${label})` : label);

// ---- words that several losses use

/** The value at the target: Σ_k t_k x_k, [N, C] to [N]. */
export const atTarget = (x: Expr, targets: Expr): Expr => sum(mul(x, targets), [-1]);

/** The value at the target as a column, [N, C] to [N, 1]. */
export const atTargetColumn = (x: Expr, targets: Expr): Expr => sum(mul(x, targets), [-1], true);

/**
 * log_t x = (x^(1-t) - 1) / (1 - t) of log x: the logarithm at t = 1, x - 1 at t = 0. Without cancellation near x = 1.
 * Tsallis, 1994; the Box-Cox transform of 1 - t.
 */
export const temperedLog = (logX: Expr, t: number): Expr => (t === 1 ? logX : div(expm1(mul(logX, 1 - t)), 1 - t));

/** The targets with the part ε shared by all classes: (1 - ε) t + ε / C. */
export const smoothed = (targets: Expr, epsilon: number, { classes }: LossContext): Expr =>
  epsilon === 0 ? targets : add(mul(targets, 1 - epsilon), epsilon / classes);

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
