import { UserError } from "../util/errors.ts";
import { random } from "../util/random.ts";

/**
 * Sets a part of some examples aside, each class in proportion.
 *
 * Rounding: a class of n_k among n examples gives floor(wanted * n_k / n); the examples still wanting come one each from the
 * classes with the largest remainders, the lower class first among equals. So the size is exact and no class is off by one or more.
 * @param labels [n] class of each example
 * @param amount how many to set aside: a whole number, or a fraction below 1 (rounded to a whole number of examples)
 * @param purpose what for; parts for different purposes are drawn independently
 * @param fold which part of that size: parts 0, 1, … have no example in common until there are no more
 * @returns places in `labels`, ascending
 */
export function carve(
  labels: Uint8Array,
  amount: number,
  seed: number,
  purpose: "validation" | "test",
  fold = 0,
): { rest: Uint32Array; carved: Uint32Array } {
  const count = labels.length;
  const wanted = wholeNumber(amount, count);
  if (!(amount >= 0) || !Number.isInteger(wanted) || wanted >= count) {
    throw new UserError(
      `${purpose}: ${amount} of ${count} examples cannot be set aside; expected a whole number below ${count}, or a fraction below 1`,
    );
  }
  const classes = byClass(
    labels,
    Uint32Array.from(labels, (_, i) => i),
  );
  const exact = classes.map((members) => (wanted * members.length) / count);
  const shares = exact.map(Math.floor);
  const left = wanted - shares.reduce((sum, share) => sum + share, 0);
  const remainder = (k: number): number => (wanted * classes[k].length) % count;
  const byRemainder = shares.map((_, k) => k).sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const k of byRemainder.slice(0, left)) shares[k]++;

  const chosen = new Set(choose(classes, shares, seed, purpose, fold));
  return {
    rest: Uint32Array.from(labels.keys()).filter((i) => !chosen.has(i)),
    carved: Uint32Array.from(chosen).sort(),
  };
}

/**
 * Sets a part of the training examples aside for validation, see `carve`.
 * @param count number of training examples
 */
export function carveValidation(
  count: number,
  labels: Uint8Array,
  validation: number,
  seed: number,
): { train: Uint32Array; validation: Uint32Array } {
  if (labels.length !== count) throw new RangeError(`carveValidation: ${labels.length} labels for ${count} examples`);
  const { rest, carved } = carve(labels, validation, seed, "validation");
  return { train: rest, validation: carved };
}

/** An amount of examples as a study says it: a whole number, or a fraction below 1 of `count`, rounded. */
export const wholeNumber = (amount: number, count: number): number =>
  amount < 1 ? Math.round(amount * count) : amount;

/** What the classes get of a subset. */
export type Shares = "equal" | "proportional";

/**
 * A random subset. Its classes are
 * - `equal` in number as far as there are enough of each; what a scarce class lacks comes from the others,
 * - or `proportional` to their numbers among the examples: the shares that Webster's method gives them.
 *
 * Both come of one queue: the j-th example of a class of n_k, in the class's random order, is due at j (equal) or at
 * (j + 1/2) / n_k (proportional), and the first n are taken. So with one seed a larger subset contains the smaller, which shares
 * rounded by largest remainders would not grant. Classes whose examples are due together come in random order.
 * @param indices the examples to draw from, for example the training part of a split
 * @param labels [all examples] class of each
 * @param n size of the subset; all of `indices` when there are no more
 * @returns indices, ascending
 */
export function subset(
  indices: Uint32Array,
  labels: Uint8Array,
  n: number,
  seed: number,
  shares: Shares = "equal",
): Uint32Array {
  if (!Number.isInteger(n) || n < 0) throw new UserError(`limit: expected a whole number >= 0, got ${n}`);
  if (n >= indices.length) return Uint32Array.from(indices).sort();
  const classes = byClass(labels, indices);
  const turn = random(seed, "subset", "turn").permutation(classes.length);
  const queue = [...turn].flatMap((k) => {
    const count = classes[k].length;
    const order = random(seed, "subset", k).permutation(count);
    return Array.from(order, (place, j) => ({ i: classes[k][place], due: shares === "equal" ? j : (j + 0.5) / count }));
  });
  queue.sort((a, b) => a.due - b.due); // stable: equals stay in the order of `turn`
  return Uint32Array.from(queue.slice(0, n), ({ i }) => i).sort();
}

/** The examples of each class, ascending; of as many classes as are seen, or of `least` if that is more. */
export function byClass(labels: Uint8Array, indices: Uint32Array, least = 0): number[][] {
  const classes: number[][] = Array.from({ length: least }, () => []);
  for (const i of Uint32Array.from(indices).sort()) {
    while (classes.length <= labels[i]) classes.push([]);
    classes[labels[i]].push(i);
  }
  return classes;
}

/**
 * `counts[k]` members of each class: the first in a random order of the class's own, so that larger counts contain the smaller, or as
 * many from another place of that order.
 */
export function choose(
  classes: readonly number[][],
  counts: readonly number[],
  seed: number,
  purpose: string,
  fold = 0,
): number[] {
  return classes.flatMap((members, k) => {
    const order = random(seed, purpose, k).permutation(members.length);
    return Array.from({ length: counts[k] }, (_, j) => members[order[(fold * counts[k] + j) % members.length]]);
  });
}
