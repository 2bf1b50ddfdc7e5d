/**
 * The settling time: the first epoch, counted from 1, from which on every value stays within a band around the last one. The band is
 * ± 5 % of the largest distance from the last value. Null of no epochs, or when a value is not finite.
 *
 *     min { e : |v_i - v_n| <= 0.05 · max_j |v_j - v_n|  for all i >= e }
 *
 * A curve that is still on its way at the end has converged in its last epochs only. Ogata, Modern Control Engineering, ch. 5.
 * @param values one per epoch
 * @param tolerance the band as a share of the largest distance
 */
export function convergedEpoch(values: readonly number[], tolerance = 0.05): number | null {
  if (values.length === 0 || !values.every(Number.isFinite)) return null;
  const distances = values.map((v) => Math.abs(v - values[values.length - 1]));
  const band = tolerance * distances.reduce((a, b) => Math.max(a, b));
  return distances.findLastIndex((d) => d > band) + 2;
}
