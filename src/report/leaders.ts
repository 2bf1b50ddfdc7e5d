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

/**
 * Those that an axis is to fit: the leaders, where they are most of all or the others lie far below, and else all. An axis that shows
 * three of sixty because these spread evenly would show next to nothing.
 */
export function fitted(values: readonly number[]): number[] {
  const all = [...values.keys()];
  const close = leaders(values);
  if (!close) return all;
  const others = all.filter((i) => !close.includes(i)).map((i) => values[i]);
  const gap = Math.min(...close.map((i) => values[i])) - Math.max(...others);
  const range = Math.max(...values) - Math.min(...values);
  return 2 * close.length >= values.length || gap >= range / 4 ? close : all;
}
