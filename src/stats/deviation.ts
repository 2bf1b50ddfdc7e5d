import { mean } from "./mean.ts";

/** Standard deviation of a sample, with n - 1; NaN of fewer than two values. */
export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  return values.length < 2 ? Number.NaN : Math.sqrt(squares / (values.length - 1));
}
