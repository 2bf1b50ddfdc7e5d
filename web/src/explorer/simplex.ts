/** The triangle of all probabilities of three classes, in small triangles. */

/** Along each side. */
const SIDES = 36;

export interface Cell {
  /** Corners in the unit triangle: right is class 2, up is the target; x and y from 0 to 1. */
  corners: readonly (readonly [x: number, y: number])[];
  /** Probabilities at its middle, none of them 0. */
  p: readonly [number, number, number];
}

const place = (p: readonly number[]): readonly [number, number] => [p[2] + p[0] / 2, p[0]];

export const cells: readonly Cell[] = Array.from({ length: SIDES }, (_, i) =>
  Array.from({ length: SIDES - i }, (_, j) => {
    const at = (a: number, b: number): readonly [number, number, number] => [
      a / SIDES,
      b / SIDES,
      (SIDES - a - b) / SIDES,
    ];
    const cell = (all: readonly (readonly [number, number, number])[]): Cell => ({
      corners: all.map(place),
      p: [0, 1, 2].map((k) => (all[0][k] + all[1][k] + all[2][k]) / 3) as [number, number, number],
    });
    const upright = cell([at(i, j), at(i + 1, j), at(i, j + 1)]);
    // Between two upright ones of a row stands one on its tip.
    return j + i + 1 < SIDES ? [upright, cell([at(i + 1, j), at(i, j + 1), at(i + 1, j + 1)])] : [upright];
  }).flat(),
).flat();

/** Logits with these probabilities and mean 0, one cell after the other. */
export const simplexLogits = (): Float32Array =>
  Float32Array.from(
    cells.flatMap(({ p }) => {
      const logs = p.map(Math.log);
      const mean = (logs[0] + logs[1] + logs[2]) / 3;
      return logs.map((v) => v - mean);
    }),
  );
