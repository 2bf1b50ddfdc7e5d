import { average, effects, helmert, transformed } from "./cells.ts";
import { fTail } from "./distributions/f.ts";
import { mean } from "./mean.ts";
import { type Sphericity, sphericity } from "./sphericity.ts";

/** A main effect (one factor) or an interaction (several). */
export interface Effect {
  /** Places of the factors. */
  factors: number[];
  f: number;
  df: number;
  errorDf: number;
  /** As if sphericity held. */
  p: number;
  sphericity: Sphericity;
  /** With the degrees of freedom times ε: holds without sphericity too. */
  correctedP: number;
  /** The share of the variation that is left beside the other effects.   SS / (SS + SS_error) */
  partialEtaSquared: number;
}

function effect(subjects: readonly (readonly number[])[], levels: readonly number[], factors: number[]): Effect {
  const matrix = (f: number) => (factors.includes(f) ? helmert(levels[f]) : average(levels[f]));
  const scores = subjects.map((cells) => transformed(cells, levels, matrix));
  const n = subjects.length;
  const df = scores[0].length;
  const means = Array.from({ length: df }, (_, j) => mean(scores.map((row) => row[j])));
  const between = n * means.reduce((sum, m) => sum + m * m, 0);
  const within = scores.reduce((sum, row) => sum + row.reduce((s, v, j) => s + (v - means[j]) ** 2, 0), 0);
  const errorDf = df * (n - 1);
  const f = between === 0 ? 0 : between / df / (within / errorDf);
  const shape = sphericity(scores);
  return {
    factors,
    f,
    df,
    errorDf,
    p: fTail(f, df, errorDf),
    sphericity: shape,
    correctedP: fTail(f, shape.epsilon * df, shape.epsilon * errorDf),
    partialEtaSquared: between === 0 ? 0 : between / (between + within),
  };
}

/**
 * Analysis of variance where every subject, such as a seed, is measured in every cell of a factorial design: each effect against its
 * own variation over the subjects. Winer, 1971, ch. 7; by orthonormal contrasts: Boik, 1981.
 * @param subjects [subjects][cells], cells in row-major order over the factors
 * @param levels how many values each factor takes
 */
export function repeatedMeasuresAnova(subjects: readonly (readonly number[])[], levels: readonly number[]): Effect[] {
  const cells = levels.reduce((a, b) => a * b, 1);
  if (subjects.length < 2 || subjects.some((row) => row.length !== cells)) {
    throw new RangeError(`needs at least two subjects with ${cells} cells each`);
  }
  return effects(levels.length).map((factors) => effect(subjects, levels, factors));
}
