import { deviation } from "./deviation.ts";
import { tP } from "./paired-t.ts";
import { type Summary, summary } from "./summary.ts";

/** Two configurations, seed by seed. */
export interface Comparison {
  /** Of the pairs that have both values, in the order of the first. */
  differences: number[];
  difference: Summary;
  /** The deviation that the tests use: null of fewer than two pairs. */
  sd: number | null;
  /** Of no difference: two-sided paired t. Null of fewer than two pairs. */
  p: number | null;
  /** Of a difference of at least the margin: two one-sided paired t tests. */
  equivalenceP: number | null;
}

export interface CompareOptions {
  /** The smallest difference that matters, in the unit of the values. */
  margin: number;
  /**
   * The step in which values are measured, such as one over the number of test examples. A few differences may be equal by rounding
   * alone, and then their deviation, 0, would prove anything: it is taken to be at least that of two roundings, step / √6.
   */
  step?: number;
}

/** The differences a - b of the pairs with the same key, such as the seed, with the tests of them. */
export function compare<K>(
  a: ReadonlyMap<K, number>,
  b: ReadonlyMap<K, number>,
  { margin, step = 0 }: CompareOptions,
): Comparison {
  const differences = [...a].flatMap(([key, value]) => (b.has(key) ? [value - b.get(key)!] : []));
  const difference = summary(differences);
  const n = differences.length;
  if (n < 2) return { differences, difference, sd: null, p: null, equivalenceP: null };
  const sd = Math.max(deviation(differences), step / Math.sqrt(6));
  const t = (away: number): number => (away === 0 ? 0 : (away * Math.sqrt(n)) / sd);
  return {
    differences,
    difference,
    sd,
    p: tP(t(difference.mean), n - 1, "two-sided"),
    equivalenceP: Math.max(
      tP(t(difference.mean + margin), n - 1, "greater"),
      tP(t(difference.mean - margin), n - 1, "less"),
    ),
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
