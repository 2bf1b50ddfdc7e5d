/** What label noise is. One file per kind beside this one; `laws.test.ts` holds for all of them. */
import { random } from "../../util/random.ts";
import { type Entry, flag, type ParameterSchemas, type Parameters, requiredNumber } from "../../zoo/entry.ts";

/**
 * Class-conditional label noise: a label changes with a probability that depends on the true class alone, never on the image
 * (Patrini et al., 2017).
 */
export interface LabelNoise<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  /**
   * The transition matrix T, [C, C]: T[i][j] is the probability that an example of class i is labelled j; each row sums to 1.
   * @param classes names of the classes in the order of their labels
   * @throws UserError when the parameters do not fit the classes
   */
  // biome-ignore lint/suspicious/noExplicitAny: the list holds noise of all parameter types
  readonly transition: (params: any, classes: readonly string[]) => number[][];
}

/** What all kinds may be asked. */
const shared = { validation: flag("also change labels of the validation split; those of the test set never change") };

export function labelNoise<S extends ParameterSchemas>(
  definition: Entry<S> & { transition: (params: Parameters<S>, classes: readonly string[]) => number[][] },
): LabelNoise<S & typeof shared> {
  return { ...definition, params: { ...definition.params, ...shared } };
}

export const rate = requiredNumber("probability that a label is changed", { min: 0, max: 1 });

/** Uniform in (0, 1), and never at k / C for any k and C <= 256: no rounding decides between two labels. */
const inside = (word: number): number => (word + 0.5) / 2 ** 32;

/**
 * Labels after the noise. Whether the label of example e changes is read off one number of e's own, and what it becomes off another:
 * so neither depends on what other examples are there, a higher rate changes the same labels in the same way and more besides, and
 * kinds of noise with equal rates change the same examples.
 * @param labels [n] classes
 * @param examples [n] what the random numbers are counted by: each example's place in the set as it was published
 * @param transition [C, C], see `LabelNoise`
 */
export function noisyLabels(
  labels: Uint8Array,
  examples: Uint32Array,
  transition: readonly (readonly number[])[],
  seed: number,
): Uint8Array {
  const whether = random(seed, "label noise", "whether");
  const which = random(seed, "label noise", "which");
  const leaving = transition.map((row, i) => row.reduce((sum, p, j) => (j === i ? sum : sum + p), 0));
  return labels.map((label, n) => {
    const example = examples[n];
    if (inside(whether.uint32(example)) >= leaving[label]) return label;
    let left = inside(which.uint32(example)) * leaving[label];
    let last = label;
    for (const [other, probability] of transition[label].entries()) {
      if (other === label || probability === 0) continue;
      if (left < probability) return other;
      left -= probability;
      last = other; // for the remainder that rounding leaves
    }
    return last;
  });
}
