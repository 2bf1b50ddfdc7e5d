/**
 * How much a quantity changes from one epoch to the next, in percent; the nearer to 0 the more converged.
 *
 *     c_e = 100 (v_e - v_e-1) / |v_e-1|,   e = 2 … n
 *
 * 0 where both are 0, infinite where only the former is.
 * @param values one per epoch
 * @returns one for each epoch but the first
 */
export const percentageChange = (values: readonly number[]): number[] =>
  values.slice(1).map((value, i) => (value === values[i] ? 0 : (100 * (value - values[i])) / Math.abs(values[i])));
