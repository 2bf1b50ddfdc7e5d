import { UserError } from "../util/errors.ts";
import { total } from "./sums.ts";

/** Counts of a classifier's answers: confusion[target][predicted] = number of examples. */
export type Confusion = readonly (readonly number[])[];

/**
 * Counts each pair of a target and a prediction.
 * @param targets [N] classes, 0 … C-1
 * @param predictions [N] classes, 0 … C-1
 * @returns [C][C], rows by target
 */
export function confusionMatrix(
  targets: readonly number[],
  predictions: readonly number[],
  classes: number,
): number[][] {
  if (predictions.length !== targets.length)
    throw new UserError(`${predictions.length} predictions for ${targets.length} targets`);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  const checked = (what: string, value: number, i: number): number => {
    if (counts[value] === undefined)
      throw new UserError(`${what}[${i}] is ${value}; expected a class from 0 to ${classes - 1}`);
    return value;
  };
  for (const [i, target] of targets.entries())
    counts[checked("targets", target, i)][checked("predictions", predictions[i], i)]++;
  return counts;
}

/** The sums that measures are made of. */
export interface Marginals {
  /** [C] examples of each class that were recognized. */
  hits: number[];
  /** [C] examples of each class. */
  support: number[];
  /** [C] examples that were taken for each class. */
  predicted: number[];
  /** All examples. */
  n: number;
}

export function marginals(confusion: Confusion): Marginals {
  const wrong = confusion.findIndex((row) => row.length !== confusion.length);
  if (wrong >= 0)
    throw new UserError(
      `confusion[${wrong}] has ${confusion[wrong].length} counts; expected one for each of ${confusion.length} classes`,
    );
  const support = confusion.map(total);
  return {
    hits: confusion.map((row, k) => row[k]),
    support,
    predicted: confusion.map((_, k) => total(confusion.map((row) => row[k]))),
    n: total(support),
  };
}

/** Examples of each class, [C]. */
export const support = (confusion: Confusion): number[] => marginals(confusion).support;
