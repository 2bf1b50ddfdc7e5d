import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import { mean } from "./mean.ts";

/** What is known of a population's mean from a sample. */
export interface Summary {
  n: number;
  /** NaN when n = 0. */
  mean: number;
  /** Standard deviation of the sample (n - 1); null when n < 2. */
  sd: number | null;
  /** Half the width of the 95 % t interval of the mean; null when n < 2: one value says nothing of its own error. */
  halfWidth: number | null;
}

/** t quantiles by degrees of freedom: pictures ask for the same few many thousand times. */
const quantiles = new Map<number, number>();

function quantile975(df: number): number {
  let t = quantiles.get(df);
  if (t === undefined) quantiles.set(df, (t = tQuantile(0.975, df)));
  return t;
}

/** Mean, standard deviation and the 95 % interval of the mean: mean ± t(0.975, n - 1) · sd / √n. */
export function summary(values: readonly number[]): Summary {
  const n = values.length;
  const centre = mean(values);
  if (n < 2) return { n, mean: centre, sd: null, halfWidth: null };
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  const sd = Math.sqrt(squares / (n - 1));
  return { n, mean: centre, sd, halfWidth: (quantile975(n - 1) * sd) / Math.sqrt(n) };
}
