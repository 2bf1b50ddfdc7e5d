import { deviation } from "./deviation.ts";
import type { Alternative } from "./interval.ts";
import { mean } from "./mean.ts";
import { type TTest, tP } from "./paired-t.ts";

/** Whether two independent normal samples have the same mean, with one variance for both. Student, 1908. */
export function studentT(x: readonly number[], y: readonly number[], alternative: Alternative = "two-sided"): TTest {
  const df = x.length + y.length - 2;
  const variance = ((x.length - 1) * deviation(x) ** 2 + (y.length - 1) * deviation(y) ** 2) / df;
  const t = (mean(x) - mean(y)) / Math.sqrt(variance * (1 / x.length + 1 / y.length));
  return { t, df, p: tP(t, df, alternative) };
}

/** The same with a variance for each, and the degrees of freedom of Welch, 1947. */
export function welchT(x: readonly number[], y: readonly number[], alternative: Alternative = "two-sided"): TTest {
  const [a, b] = [x, y].map((values) => deviation(values) ** 2 / values.length);
  const df = (a + b) ** 2 / (a ** 2 / (x.length - 1) + b ** 2 / (y.length - 1));
  const t = (mean(x) - mean(y)) / Math.sqrt(a + b);
  return { t, df, p: tP(t, df, alternative) };
}
