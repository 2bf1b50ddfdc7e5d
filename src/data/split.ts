import { UserError } from "../util/errors.ts";
import { random } from "../util/random.ts";

/**
 * Sets a part of the training examples aside for validation, each class in proportion.
 *
 * Rounding: a class of n_k among n examples gives floor(validation * n_k / n); the examples still wanting come one each from the
 * classes with the largest remainders, the lower class first among equals. So the size is exact and no class is off by one or more.
 * @param count number of training examples
 * @param labels [count] class of each
 * @param validation how many to set aside: a whole number, or a fraction below 1 (rounded to a whole number of examples)
 * @returns indices into the training set, ascending
 */
export function carveValidation(
  count: number,
  labels: Uint8Array,
  validation: number,
  seed: number,
): { train: Uint32Array; validation: Uint32Array } {
  if (labels.length !== count) throw new RangeError(`carveValidation: ${labels.length} labels for ${count} examples`);
  const wanted = validation < 1 ? Math.round(validation * count) : validation;
  if (!(validation >= 0) || !Number.isInteger(wanted) || wanted >= count) {
    throw new UserError(
      `validation: ${validation} of ${count} training examples cannot be set aside; expected a whole number below ${count}, or a fraction below 1`,
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

  const chosen = choose(classes, shares, seed, "validation");
  return { train: Uint32Array.from(labels.keys()).filter((i) => !chosen.has(i)), validation: sorted(chosen) };
}

/**
 * A random subset with the classes in equal numbers, as far as there are enough of each; what a scarce class lacks comes from the
 * others. Classes that get one more than others are drawn at random. With one seed a larger subset contains the smaller.
 * @param indices the examples to draw from, for example the training part of a split
 * @param labels [all examples] class of each
 * @param n size of the subset; all of `indices` when there are no more
 * @returns indices, ascending
 */
export function subset(indices: Uint32Array, labels: Uint8Array, n: number, seed: number): Uint32Array {
  if (!Number.isInteger(n) || n < 0) throw new UserError(`limit: expected a whole number >= 0, got ${n}`);
  if (n >= indices.length) return Uint32Array.from(indices).sort();
  const classes = byClass(labels, indices);
  const turn = random(seed, "subset", "turn").permutation(classes.length);
  const shares = classes.map(() => 0);
  let left = n;
  while (left > 0) {
    const open = [...turn].filter((k) => shares[k] < classes[k].length);
    const each = Math.max(
      1,
      Math.min(Math.floor(left / open.length), ...open.map((k) => classes[k].length - shares[k])),
    );
    for (const k of open.slice(0, left)) {
      shares[k] += each;
      left -= each;
    }
  }
  return sorted(choose(classes, shares, seed, "subset"));
}

/** The examples of each class, ascending. */
function byClass(labels: Uint8Array, indices: Uint32Array): number[][] {
  const classes: number[][] = [];
  for (const i of Uint32Array.from(indices).sort()) {
    while (classes.length <= labels[i]) classes.push([]);
    classes[labels[i]].push(i);
  }
  return classes;
}

/** The first `shares[k]` of each class's members in an order of its own. */
function choose(classes: readonly number[][], shares: readonly number[], seed: number, purpose: string): Set<number> {
  return new Set(
    classes.flatMap((members, k) => {
      const order = random(seed, purpose, k).permutation(members.length);
      return Array.from(order.subarray(0, shares[k]), (place) => members[place]);
    }),
  );
}

const sorted = (indices: Set<number>): Uint32Array => Uint32Array.from(indices).sort();
