/** A loss as a function of one number: how sure the model is of the target. */
import { UserError } from "../util/errors.ts";
import { zoo } from "../zoo/index.ts";
import { evaluateLoss, type Losses, type SpecInput } from "./plain.ts";

export interface LossPoint {
  /** Probability of the target, 0 … 1. */
  p: number;
  /** How far the target's logit lies above the others, which are equal. */
  margin: number;
  /** The loss, in its own unit. */
  value: number;
  /** ∂L/∂z of the target's logit: by how much descent raises it, with the opposite sign. */
  gradient: number;
}

/** The probability of a target whose logit lies that far above the C - 1 others.   p = 1 / (1 + (C - 1) e^-m) */
export const probabilityOf = (margin: number, classes: number): number => 1 / (1 + (classes - 1) * Math.exp(-margin));

/** The margin at which the target has that probability.   m = log((C - 1) p / (1 - p)) */
export const marginOf = (p: number, classes: number): number => Math.log(((classes - 1) * p) / (1 - p));

/**
 * A loss and its gradient on one example with logits z = (m, 0, …, 0) and the first class as its target, for each margin m.
 * Every point is a mini-batch of its own, and all classes have equally many examples: weights of classes count as 1.
 * @param classes C: the target, and others that are equally likely
 * @throws UserError when the spec makes no sense
 */
export function lossCurve(
  spec: SpecInput,
  margins: readonly number[],
  { classes = 2, losses = zoo.losses }: { classes?: number; losses?: Losses } = {},
): LossPoint[] {
  if (!Number.isInteger(classes) || classes < 2)
    throw new UserError(`classes must be a whole number >= 2, got ${classes}`);
  const others = new Array<number>(classes - 1).fill(0);
  const classCounts = new Array<number>(classes).fill(1);
  return margins.map((margin) => {
    const { mean, gradLogits } = evaluateLoss(
      spec,
      { logits: [[margin, ...others]], targets: [0], classCounts },
      losses,
    );
    return { p: probabilityOf(margin, classes), margin, value: mean, gradient: gradLogits[0][0] };
  });
}
