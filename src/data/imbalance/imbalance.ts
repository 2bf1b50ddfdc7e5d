/** What class imbalance is. One file per kind beside this one; `laws.test.ts` holds for all of them. */
import { UserError } from "../../util/errors.ts";
import { random } from "../../util/random.ts";
import { choice, type Entry, type ParameterSchemas, type Parameters, requiredNumber } from "../../zoo/entry.ts";
import { byClass, choose } from "../split.ts";

export interface Imbalance<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  /**
   * How many times fewer examples than the first class each has, [C], from 1 up to the ratio.
   * @param classes their number C
   * @throws UserError when the parameters do not fit it
   */
  // biome-ignore lint/suspicious/noExplicitAny: the list holds imbalances of all parameter types
  readonly divisors: (params: any, classes: number) => number[];
}

/** What all kinds may be asked. */
const shared = {
  rare: choice("which classes are rare: the last in the order of the labels, or a random choice for each seed", [
    "last",
    "random",
  ]),
};

export function imbalance<S extends ParameterSchemas>(
  definition: Entry<S> & { divisors: (params: Parameters<S>, classes: number) => number[] },
): Imbalance<S & typeof shared> {
  return { ...definition, params: { ...definition.params, ...shared } };
}

export const ratio = requiredNumber("examples of the largest class to those of the smallest", { min: 1 });

/**
 * Sizes of the classes: floor(N / divisor), with N the largest head for which every class has enough examples. So the ratio is the one
 * that was asked for, whatever the classes had before, and with balanced classes N is their size. The sizes of CIFAR-10 with a long
 * tail of 100 are those of Cui et al.'s code: 5000, 2997, 1796, …, 50.
 * @param available examples of each class
 * @param divisors of each class
 */
export function classSizes(available: readonly number[], divisors: readonly number[]): number[] {
  // A whole number that rounding has put just below itself counts as itself.
  const floor = (value: number): number => Math.floor(value * (1 + 1e-12));
  const head = Math.min(...available.map((n, k) => floor(n * divisors[k])));
  return divisors.map((divisor) => floor(head / divisor));
}

/**
 * The examples that the imbalance leaves, drawn from each class by the seed: what a class keeps of few is among what it keeps of many.
 * @param indices the examples to draw from
 * @param labels [all examples] class of each
 * @param divisors of the classes from the most common to the rarest, see `Imbalance`
 * @param rare which classes these are: the order of the labels, or a random one
 * @returns indices, ascending
 */
export function unbalanced(
  indices: Uint32Array,
  labels: Uint8Array,
  divisors: readonly number[],
  rare: "last" | "random",
  seed: number,
): Uint32Array {
  const classes = byClass(labels, indices, divisors.length);
  const ranks = rare === "last" ? classes.keys() : random(seed, "imbalance", "rank").permutation(classes.length);
  const own = [...ranks].map((rank) => divisors[rank]);
  const sizes = classSizes(
    classes.map((members) => members.length),
    own,
  );
  const empty = sizes.indexOf(0);
  if (empty >= 0) {
    const most = Math.max(...sizes);
    throw new UserError(
      `leaves class ${empty} without a training example: ${most} of the largest class / ${Number(own[empty].toPrecision(4))} is less than 1`,
      undefined,
      "a smaller ratio, or more training examples",
    );
  }
  return Uint32Array.from(choose(classes, sizes, seed, "imbalance")).sort();
}
