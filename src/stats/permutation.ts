import { random } from "../util/random.ts";
import type { Alternative } from "./interval.ts";

export interface Permutation {
  p: number;
  /** Whether all signs were tried, rather than a sample of them. */
  exact: boolean;
}

export interface PermutationOptions {
  alternative?: Alternative;
  /** Signs are drawn when there are more ways to set them than this. */
  most?: number;
  seed?: number;
}

/**
 * The test of differences that are symmetric about 0 by their mean: the share of all ways to set their signs that give a mean as far
 * from 0. Fisher, 1935. With many differences a sample of the ways, the observed one among them (Phipson and Smyth, 2010), which
 * keeps the level.
 */
export function permutationTest(
  differences: readonly number[],
  { alternative = "two-sided", most = 20_000, seed = 0 }: PermutationOptions = {},
): Permutation {
  const n = differences.length;
  const extent = alternative === "two-sided" ? Math.abs : (sum: number) => (alternative === "greater" ? sum : -sum);
  const observed = extent(differences.reduce((a, b) => a + b, 0));
  // Sums of the same numbers in another order differ by rounding; such ties count.
  const slack = 1e-12 * differences.reduce((sum, d) => sum + Math.abs(d), 0);
  const exact = 2 ** n <= most;
  const ways = exact ? 2 ** n : most;
  const stream = random(seed, "permutation test");
  const signWords = Math.ceil(n / 32);
  let asFar = 0;
  for (let way = exact ? 0 : 1; way < ways; way++) {
    let sum = 0;
    for (let i = 0, word = way; i < n; i++, word >>>= 1) {
      if (!exact && i % 32 === 0) word = stream.uint32(way * signWords + i / 32);
      sum += word & 1 ? -differences[i] : differences[i];
    }
    if (extent(sum) >= observed - slack) asFar++;
  }
  return { p: exact ? asFar / ways : (asFar + 1) / ways, exact };
}
