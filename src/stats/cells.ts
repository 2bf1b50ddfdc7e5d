/** Cells of a factorial design: values in row-major order over the factors' levels, the last factor fastest. */

/** Replaces what stands along one axis by a matrix [rows][levels] times it. */
function along(values: readonly number[], shape: readonly number[], axis: number, matrix: readonly number[][]) {
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const k = shape[axis];
  const result: number[] = [];
  for (let o = 0; o < outer; o++) {
    for (const row of matrix) {
      for (let i = 0; i < inner; i++) {
        result.push(row.reduce((sum, weight, level) => sum + weight * values[(o * k + level) * inner + i], 0));
      }
    }
  }
  return { values: result, shape: shape.with(axis, matrix.length) };
}

/** The cells times one matrix for each factor. */
export function transformed(
  cells: readonly number[],
  levels: readonly number[],
  matrixOf: (factor: number) => readonly number[][],
): number[] {
  let now = { values: [...cells], shape: [...levels] };
  for (const factor of levels.keys()) now = along(now.values, now.shape, factor, matrixOf(factor) as number[][]);
  return now.values;
}

/** k - 1 orthonormal contrasts of k levels: each level against those before it. Helmert, 1876. */
export const helmert = (k: number): number[][] =>
  Array.from({ length: k - 1 }, (_, i) =>
    Array.from({ length: k }, (_, j) => (j <= i ? 1 : j === i + 1 ? -(i + 1) : 0) / Math.sqrt((i + 1) * (i + 2))),
  );

/** The mean over the levels, as a contrast of length 1. */
export const average = (k: number): number[][] => [Array(k).fill(1 / Math.sqrt(k))];

/** All effects of so many factors: each alone, then all pairs, and so on. */
export function effects(factors: number): number[][] {
  const subsets = Array.from({ length: 2 ** factors - 1 }, (_, bits) =>
    Array.from({ length: factors }, (_, f) => f).filter((f) => (bits + 1) & (1 << f)),
  );
  return subsets.sort((a, b) => a.length - b.length || a[0] - b[0] || (a[1] ?? 0) - (b[1] ?? 0));
}
