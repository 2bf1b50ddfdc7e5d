import { chiSquaredTail } from "./distributions/chi-squared.ts";
import { mean } from "./mean.ts";

export interface Sphericity {
  /** Greenhouse and Geisser's ε: 1 when the contrasts vary alike, 1 / df at worst. */
  epsilon: number;
  /** Mauchly's test of ε = 1; null where there are too few subjects for it. */
  mauchly: { w: number; p: number } | null;
}

function determinant(matrix: readonly (readonly number[])[]): number {
  const m = matrix.map((row) => [...row]);
  let product = 1;
  for (let i = 0; i < m.length; i++) {
    const best = m.reduce((at, row, r) => (r >= i && Math.abs(row[i]) > Math.abs(m[at][i]) ? r : at), i);
    if (m[best][i] === 0) return 0;
    if (best !== i) [m[i], m[best], product] = [m[best], m[i], -product];
    product *= m[i][i];
    for (let r = i + 1; r < m.length; r++) {
      const factor = m[r][i] / m[i][i];
      for (let c = i; c < m.length; c++) m[r][c] -= factor * m[i][c];
    }
  }
  return product;
}

/**
 * Whether orthonormal contrasts have one variance and no covariance, as the F test of repeated measures takes for granted, and by how
 * much its degrees of freedom are too many otherwise. Mauchly, 1940; Greenhouse and Geisser, 1959.
 * @param scores [subjects][contrasts]
 */
export function sphericity(scores: readonly (readonly number[])[]): Sphericity {
  const n = scores.length;
  const d = scores[0].length;
  const means = Array.from({ length: d }, (_, j) => mean(scores.map((row) => row[j])));
  const covariance = means.map((a, i) =>
    means.map((b, j) => scores.reduce((sum, row) => sum + (row[i] - a) * (row[j] - b), 0) / (n - 1)),
  );
  const trace = covariance.reduce((sum, row, i) => sum + row[i], 0);
  const squares = covariance.flat().reduce((sum, c) => sum + c * c, 0);
  if (d === 1 || squares === 0) return { epsilon: 1, mauchly: null };
  const epsilon = Math.min(1, (trace * trace) / (d * squares));
  if (n - 1 < d) return { epsilon, mauchly: null };
  const w = Math.min(1, determinant(covariance) / (trace / d) ** d);
  const scale = n - 1 - (2 * d * d + d + 2) / (6 * d);
  const p = scale > 0 ? chiSquaredTail(-scale * Math.log(Math.max(w, 0)), (d * (d + 1)) / 2 - 1) : null;
  return { epsilon, mauchly: p === null ? null : { w, p } };
}
