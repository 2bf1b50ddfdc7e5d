/**
 * The mean height of a learning curve, its value over the epochs: one number for how good and how soon.
 *
 *     A = (1/(n-1)) Σ_e (v_e + v_e+1) / 2   (trapezoids)
 *
 * In the unit of the values; of one epoch its value, NaN of none. Area under the learning curve: Guyon et al., 2011.
 * @param values one per epoch
 */
export function areaUnderCurve(values: readonly number[]): number {
  const n = values.length;
  if (n < 2) return values[0] ?? Number.NaN;
  let sum = 0;
  for (let e = 1; e < n; e++) sum += (values[e - 1] + values[e]) / 2;
  return sum / (n - 1);
}
