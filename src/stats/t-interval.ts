import { deviation } from "./deviation.ts";
import { tQuantile } from "./distributions/student-t.ts";
import type { Interval } from "./interval.ts";
import { mean } from "./mean.ts";

/**
 * The interval of a normal population's mean.   mean ± t(n - 1) · sd / √n, Student, 1908
 * @param values at least two: one value says nothing of its own error
 */
export function tInterval(values: readonly number[], confidence = 0.95): Interval {
  const half = (tQuantile((1 + confidence) / 2, values.length - 1) * deviation(values)) / Math.sqrt(values.length);
  return { low: mean(values) - half, high: mean(values) + half };
}
