import { tQuantile } from "./distributions/student-t.ts";
import { summary } from "./summary.ts";

/**
 * Where one more value of the same kind is expected: mean ± t((1 + level)/2, n - 1) · sd · √(1 + 1/n). Null of fewer than two values.
 * Wider than the interval of the mean, as a single value scatters beside it. Hahn and Meeker, Statistical Intervals, 1991, § 4.7.
 */
export function predictionInterval(values: readonly number[], level = 0.95): { low: number; high: number } | null {
  const { n, mean, sd } = summary(values);
  if (sd === null) return null;
  const half = tQuantile((1 + level) / 2, n - 1) * sd * Math.sqrt(1 + 1 / n);
  return { low: mean - half, high: mean + half };
}
