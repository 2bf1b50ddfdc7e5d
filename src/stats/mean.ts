/** Arithmetic mean; NaN of nothing. Taken from the first value on, so that the mean of equal values is exactly that value. */
export function mean(values: readonly number[]): number {
  const first = values[0] ?? Number.NaN;
  let excess = 0;
  for (const value of values) excess += value - first;
  return excess === 0 ? first : first + excess / values.length;
}
