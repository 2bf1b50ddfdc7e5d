/** Ranks from 1 on, smallest first; equal values share the mean of their ranks. */
export function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
  const result: number[] = Array(values.length);
  for (let i = 0, next = 0; i < order.length; i = next) {
    next = i + 1;
    while (next < order.length && values[order[next]] === values[order[i]]) next++;
    for (let k = i; k < next; k++) result[order[k]] = (i + 1 + next) / 2;
  }
  return result;
}

/** How many values are equal, for each value that stands there more than once. */
export function tieSizes(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].filter((n) => n > 1);
}
