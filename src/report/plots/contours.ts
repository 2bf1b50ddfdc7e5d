/** Lines along which a function on a grid has a value: marching squares (Lorensen and Cline, 1987, in the plane). */

/** A piece of a line, in places of the grid: x across the columns, y down the rows. */
export type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

/**
 * @param rows values of the function; squares with a value that is no number have no line
 * @param level the value sought
 */
export function contour(rows: readonly (readonly number[])[], level: number): Segment[] {
  const segments: Segment[] = [];
  for (let j = 0; j + 1 < rows.length; j++) {
    for (let i = 0; i + 1 < rows[j].length; i++) {
      // Around the square, from the upper left.
      const corners = [
        { x: i, y: j, z: rows[j][i] },
        { x: i + 1, y: j, z: rows[j][i + 1] },
        { x: i + 1, y: j + 1, z: rows[j + 1][i + 1] },
        { x: i, y: j + 1, z: rows[j + 1][i] },
      ];
      if (!corners.every(({ z }) => Number.isFinite(z))) continue;
      const crossings = corners.flatMap((a, c) => {
        const b = corners[(c + 1) % 4];
        if (a.z >= level === b.z >= level) return [];
        const t = (level - a.z) / (b.z - a.z);
        return [{ x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) }];
      });
      // Four crossings are a saddle: which corners belong together, the mean of the square decides.
      const mean = corners.reduce((sum, { z }) => sum + z, 0) / 4;
      const first = crossings.length === 4 && mean >= level === corners[0].z >= level ? 1 : 0;
      for (let c = 0; c + 1 < crossings.length; c += 2) {
        const [a, b] = [crossings[(c + first) % 4], crossings[(c + first + 1) % 4]];
        segments.push([a.x, a.y, b.x, b.y]);
      }
    }
  }
  return segments;
}
