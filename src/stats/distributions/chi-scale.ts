import gammaln from "@stdlib/math-base-special-gammaln";
import { integrate } from "../integrate.ts";

/** Beyond these bounds lies less than e^-40 of a χ² distribution on either side (Laurent and Massart, 2000, lemma 1). */
const TAIL = 40;

/**
 * The expectation of f(S) where S is the standard deviation of a normal sample in units of the true one: S² = χ²(df) / df.
 * What a known deviation makes easy becomes right for an estimated one by this mean.
 * @param breaks where f bends sharply: nothing is integrated across them
 */
export function overScale(df: number, f: (s: number) => number, breaks: readonly number[] = []): number {
  const spread = 2 * Math.sqrt(TAIL * df);
  const low = Math.sqrt(Math.max(0, df - spread) / df);
  const high = Math.sqrt((df + spread + 2 * TAIL) / df);
  const constant = Math.LN2 + (df / 2) * Math.log(df / 2) - gammaln(df / 2);
  const weighted = (s: number): number => f(s) * Math.exp(constant + (df - 1) * Math.log(s) - (df * s * s) / 2);
  const ends = [low, ...breaks.filter((at) => at > low && at < high), high].sort((a, b) => a - b);
  return ends.slice(1).reduce((total, end, i) => total + integrate(weighted, ends[i], end, 5), 0);
}
