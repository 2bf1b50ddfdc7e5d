import { random } from "../util/random.ts";
import { normalCdf, normalQuantile } from "./distributions/normal.ts";
import type { Interval } from "./interval.ts";
import { mean } from "./mean.ts";
import { quantile } from "./quantile.ts";

export interface BootstrapOptions {
  confidence?: number;
  resamples?: number;
  /** Equal seeds, equal intervals. */
  seed?: number;
}

type Statistic = (values: readonly number[]) => number;
type StrataStatistic = (strata: readonly (readonly number[])[]) => number;

/** The statistic of samples drawn with replacement from each stratum by itself. */
function resampled(strata: readonly (readonly number[])[], statistic: StrataStatistic, options: BootstrapOptions) {
  const { resamples = 10_000, seed = 0 } = options;
  const stream = random(seed, "bootstrap");
  let drawn = 0;
  return Array.from({ length: resamples }, () =>
    statistic(strata.map((values) => values.map(() => values[Math.floor(stream.uniform(drawn++) * values.length)]))),
  );
}

const between = (values: readonly number[], low: number, high: number): Interval => ({
  low: quantile(values, low),
  high: quantile(values, high),
});

/** The percentile interval of any statistic of a sample. Efron, 1979. */
export const percentileBootstrap = (
  values: readonly number[],
  statistic: Statistic,
  options: BootstrapOptions = {},
): Interval => stratifiedBootstrap([values], ([sample]) => statistic(sample), options);

/**
 * The percentile interval of a statistic of several samples, such as the seeds on several data sets, each resampled by itself.
 * Agarwal et al., 2021, "Deep reinforcement learning at the edge of the statistical precipice", section 4.
 */
export function stratifiedBootstrap(
  strata: readonly (readonly number[])[],
  statistic: StrataStatistic,
  options: BootstrapOptions = {},
): Interval {
  const { confidence = 0.95 } = options;
  return between(resampled(strata, statistic, options), (1 - confidence) / 2, (1 + confidence) / 2);
}

/**
 * The interval corrected for bias and acceleration (BCa): percentiles moved by how the resamples lie about the estimate, and by how its
 * deviation changes with it. Efron, 1987, eq. 2.3 and 6.6. With fewer than about ten values it is too narrow; the t interval is not.
 */
export function bcaBootstrap(
  values: readonly number[],
  statistic: Statistic,
  options: BootstrapOptions = {},
): Interval {
  const { confidence = 0.95 } = options;
  const estimate = statistic(values);
  const samples = resampled([values], ([sample]) => statistic(sample), options);
  const below = samples.reduce((sum, s) => sum + (s < estimate ? 1 : s === estimate ? 0.5 : 0), 0) / samples.length;
  if (below === 0 || below === 1) return between(samples, (1 - confidence) / 2, (1 + confidence) / 2);
  const bias = normalQuantile(below);
  const without = values.map((_, i) => statistic(values.filter((_, j) => j !== i)));
  const centre = mean(without);
  const [squares, cubes] = [2, 3].map((power) => without.reduce((sum, v) => sum + (centre - v) ** power, 0));
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
  const moved = (p: number): number => {
    const z = bias + normalQuantile(p);
    return normalCdf(bias + z / (1 - acceleration * z));
  };
  return between(samples, moved((1 - confidence) / 2), moved((1 + confidence) / 2));
}
