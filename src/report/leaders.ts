/**
 * The places of the values that lie so close together at the top that a picture of all values could not tell them apart: those
 * within an eighth of the whole range from the best. Null when there is no such group, or when all belong to it.
 */
export function leaders(values: readonly number[]): number[] | null {
  const best = Math.max(...values);
  const limit = best - (best - Math.min(...values)) / 8;
  const places = [...values.keys()].filter((i) => values[i] >= limit);
  return places.length >= 2 && places.length < values.length ? places : null;
}
