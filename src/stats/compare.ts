import { differenceSummary, lookedAt, looksAt, looksP, type Sampling } from "./sampling.ts";
import type { Summary } from "./summary.ts";

/** Two configurations, seed by seed. */
export interface Comparison {
  /** Of the pairs that have both values, in the order of the first. */
  differences: number[];
  difference: Summary;
  /** The deviation that the tests use: null of fewer than two pairs. */
  sd: number | null;
  /** Of no difference: two-sided paired t, over all looks where there are several. Null of fewer than two pairs. */
  p: number | null;
  /** Of a difference of at least the margin: two one-sided paired t tests. */
  equivalenceP: number | null;
}

export interface CompareOptions<K = number> {
  /** The smallest difference that matters, in the unit of the values. */
  margin: number;
  /**
   * The step in which values are measured, such as one over the number of test examples. A few differences may be equal by rounding
   * alone, and then their deviation, 0, would prove anything: it is taken to be at least that of two roundings, step / √6.
   */
  step?: number;
  /** The looks in which pairs were added; without it there is one, at all of them. */
  sampling?: Sampling<K> | undefined;
}

/** The differences a - b of the pairs with the same key, such as the seed, with the tests of them. */
export function compare<K>(
  a: ReadonlyMap<K, number>,
  b: ReadonlyMap<K, number>,
  { margin, step = 0, sampling }: CompareOptions<K>,
): Comparison {
  const all = new Map<K, number>();
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other !== undefined) all.set(key, value - other);
  }
  const differences = [...lookedAt(all, sampling).values()];
  const difference = differenceSummary(all, sampling);
  const looks = looksAt(all, sampling, step / Math.sqrt(6));
  const beyond = (limit: number, side: "greater" | "less") => looksP(looks, limit, side, sampling?.design);
  const [above, below] = [beyond(0, "greater"), beyond(0, "less")];
  const [inside, within] = [beyond(-margin, "greater"), beyond(margin, "less")];
  return {
    differences,
    difference,
    sd: looks.at(-1)?.sd ?? null,
    p: above === null || below === null ? null : Math.min(1, 2 * Math.min(above, below)),
    equivalenceP: inside === null || within === null ? null : Math.max(inside, within),
  };
}

/** The same seen from the other side. */
export function reversed<C extends Comparison>(comparison: C): C {
  const { difference, differences } = comparison;
  const minus = (value: number) => 0 - value;
  return {
    ...comparison,
    differences: differences.map(minus),
    difference: { ...difference, mean: minus(difference.mean) },
  };
}
