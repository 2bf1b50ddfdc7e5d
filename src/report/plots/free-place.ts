/** Where a text hides the fewest of a picture's lines, and is hidden by the fewest. */

export interface Point {
  x: number;
  y: number;
}

export interface Place {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Whether a line through points, in the order of x, comes into a rectangle. */
export function comesInto(line: readonly Point[], { left, right, top, bottom }: Place): boolean {
  return line.some((b, i) => {
    const a = line[Math.max(0, i - 1)];
    if (b.x < left || a.x > right) return false;
    const at = (x: number): number => (a.x === b.x ? b.y : a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x));
    const ends = [at(Math.max(left, a.x)), at(Math.min(right, b.x))];
    return Math.max(...ends) >= top && Math.min(...ends) <= bottom;
  });
}

/** The first of the places into which the fewest lines come. */
export function freest(places: readonly Place[], lines: readonly (readonly Point[])[]): Place {
  const counts = places.map((place) => lines.filter((line) => comesInto(line, place)).length);
  return places[counts.indexOf(Math.min(...counts))];
}
