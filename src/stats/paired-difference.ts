import { type Summary, summary } from "./summary.ts";

/**
 * Summary of the differences a - b of the pairs that have the same key, such as the seed: what the members of a pair share cancels
 * out, which makes the interval far narrower than that of two separate means. Values without a partner are left out.
 */
export function pairedDifference<K>(a: ReadonlyMap<K, number>, b: ReadonlyMap<K, number>): Summary {
  const differences: number[] = [];
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other !== undefined) differences.push(value - other);
  }
  return summary(differences);
}
