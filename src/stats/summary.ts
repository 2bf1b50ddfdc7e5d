import { deviation } from "./deviation.ts";
import { tQuantile } from "./distributions/student-t.ts";
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

/** Mean, standard deviation and the 95 % interval of the mean: mean ± t(0.975, n - 1) · sd / √n. */
export function summary(values: readonly number[]): Summary {
  const n = values.length;
  const centre = mean(values);
  if (n < 2) return { n, mean: centre, sd: null, halfWidth: null };
  const sd = deviation(values);
  return { n, mean: centre, sd, halfWidth: (tQuantile(0.975, n - 1) * sd) / Math.sqrt(n) };
}
