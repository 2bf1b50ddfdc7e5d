const steps = (values: readonly number[]): number[] => values.slice(1).map((v, i) => v - values[i]);

/**
 * How directly a curve gets from its first value to its last, 0 … 1: 1 when it never turns, near 0 when it goes back and forth.
 *
 *     S = |v_n - v_1| / Σ_e |v_e+1 - v_e|
 *
 * 1 for a curve that does not move. Kaufman's efficiency ratio: Kaufman, 1995, Smarter Trading.
 * @param values one per epoch
 */
export function smoothness(values: readonly number[]): number {
  const way = steps(values).reduce((sum, step) => sum + Math.abs(step), 0);
  // Rounding may make a straight way a little shorter than its ends lie apart.
  return way === 0 ? 1 : Math.min(1, Math.abs(values[values.length - 1] - values[0]) / way);
}

/**
 * How much a curve fluctuates from epoch to epoch, in its own unit: the standard deviation of what is added to a slowly moving mean.
 *
 *     s = √( Σ_e (v_e+1 - v_e)² / (2 (n - 1)) )
 *
 * NaN of fewer than two epochs. Half the mean square successive difference: von Neumann et al., 1941.
 * @param values one per epoch
 * @param from the first epoch that counts, such as the converged one
 */
export function fluctuation(values: readonly number[], from = 1): number {
  const moved = steps(values.slice(from - 1));
  return Math.sqrt(moved.reduce((sum, step) => sum + step * step, 0) / (2 * moved.length));
}
