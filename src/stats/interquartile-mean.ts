import { mean } from "./mean.ts";

/**
 * The mean of the middle half of all values: a quarter, rounded down, is left out at either end. Steadier than the median and not
 * moved by outliers. Agarwal et al., 2021, section 4.3.
 * @param scores [strata][values], for example a data set's seeds; all count alike
 */
export function interquartileMean(scores: readonly (readonly number[])[]): number {
  const sorted = scores.flat().sort((a, b) => a - b);
  const cut = Math.floor(sorted.length / 4);
  return mean(sorted.slice(cut, sorted.length - cut));
}
