import { UserError } from "../util/errors.ts";

/** [N][C] numbers for the classes of each example: probabilities, or logits where their order alone matters. */
export type Scores = readonly ArrayLike<number>[];

/** Checks that every example has a score for each class and a target among them. */
export function checkScores(scores: Scores, targets: readonly number[]): void {
  if (scores.length !== targets.length)
    throw new UserError(`${targets.length} targets for the scores of ${scores.length} examples`);
  const classes = scores[0]?.length ?? 0;
  for (const [i, target] of targets.entries()) {
    if (scores[i].length !== classes)
      throw new UserError(`scores[${i}] has ${scores[i].length} classes; the first example has ${classes}`);
    if (!Number.isInteger(target) || target < 0 || target >= classes)
      throw new UserError(`targets[${i}] is ${target}; expected a class from 0 to ${classes - 1}`);
  }
}

/** The mean of what each example gives; NaN of no examples. */
export function meanOf(scores: Scores, targets: readonly number[], f: (row: ArrayLike<number>, y: number) => number) {
  checkScores(scores, targets);
  let sum = 0;
  for (const [i, target] of targets.entries()) sum += f(scores[i], target);
  return sum / targets.length;
}

/** The place of the largest score; of several equal ones the first, as NumPy's `argmax`. */
export function argmax(row: ArrayLike<number>): number {
  let best = 0;
  for (let k = 1; k < row.length; k++) if (row[k] > row[best]) best = k;
  return best;
}

/** The class with the highest score for each example, [N]. */
export const predictions = (scores: Scores): number[] => scores.map(argmax);

/** log Σ_k exp z_k, without overflow. */
export function logSumExp(row: ArrayLike<number>): number {
  const largest = row[argmax(row)];
  let sum = 0;
  for (let k = 0; k < row.length; k++) sum += Math.exp(row[k] - largest);
  return largest + Math.log(sum);
}

/** Probabilities of logits, [N][C].   p_k = exp z_k / Σ_j exp z_j. Bridle, 1990. */
export const softmax = (logits: Scores): number[][] =>
  logits.map((row) => {
    const size = logSumExp(row);
    return Array.from(row, (z) => Math.exp(z - size));
  });
