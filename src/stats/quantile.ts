/**
 * The p-quantile of a sample, linear between order statistics (Hyndman and Fan's type 7, the default of R and NumPy).
 * @param p from 0 (the smallest value) to 1 (the largest)
 */
export function quantile(values: readonly number[], p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must be from 0 to 1, got ${p}`);
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.ceil(position);
  return below === above ? sorted[below] : sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
