/** When numbers agree: the tolerances of the golden files. */

/** The absolute error allowed of a number, by its reference and the largest reference (in size) of its array. */
export type Tolerance = (reference: number, largest: number) => number;

export type Engine = "float64" | "float32";

export const tolerances: Record<Engine, Record<"arrays" | "activations" | "optimizers", Tolerance>> = {
  float64: {
    arrays: (_, largest) => 1e-12 + 1e-9 * largest,
    activations: (reference) => 1e-12 + 1e-9 * Math.abs(reference),
    optimizers: (reference) => 1e-9 + 1e-8 * Math.abs(reference),
  },
  float32: {
    arrays: (_, largest) => 1e-6 + 2e-5 * largest,
    activations: (reference) => 1e-6 + 1e-5 * Math.abs(reference),
    optimizers: (reference) => 1e-5 + 1e-4 * Math.abs(reference),
  },
};

/** Metrics and statistics; tiny p-values are tails of the references' own approximations. */
export const exact: Tolerance = (reference) =>
  1e-16 + (Math.abs(reference) < 1e-10 ? 1e-6 : 1e-9) * Math.abs(reference);

/**
 * Quantiles of Student's t: those of the reference's own solver are right to 8 digits. With 2 degrees of freedom the quantile of 0.99 is
 * 0.98 / √0.0198 = 6.96455673428; the reference says 6.96455671876.
 */
export const ofQuantiles: Tolerance = (reference) => 1e-8 * Math.abs(reference);

/** Of a training in float32, of which the reference itself drifted by the given amounts. */
export const ofTraining = (drift = { loss_rel: 0, param_abs: 0 }): Record<"loss" | "parameters", Tolerance> => ({
  loss: (reference) => Math.max(1e-4 + 1e-3 * Math.abs(reference), 5 * drift.loss_rel * (Math.abs(reference) + 1e-3)),
  parameters: () => Math.max(1e-4, 5 * drift.param_abs),
});

/** How two arrays differ: the place where the error exceeds what is allowed by most; undefined when they agree. */
export function difference(
  what: string,
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
): string | undefined {
  if (got.length !== expected.length) return `${what}: ${got.length} values, expected ${expected.length}`;
  const finite = Array.from(expected).filter(Number.isFinite);
  const largest = finite.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let worst = -1;
  let excess = 1;
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(got[i], expected[i])) continue;
    const error = Math.abs(got[i] - expected[i]) / tolerance(expected[i], largest);
    const ratio = Number.isFinite(error) ? error : Number.POSITIVE_INFINITY;
    if (ratio > excess) [worst, excess] = [i, ratio];
  }
  if (worst < 0) return undefined;
  const place = expected.length > 1 ? `[${worst}]` : "";
  return `${what}${place}: got ${got[worst]}, expected ${expected[worst]} (${excess.toPrecision(3)} × the tolerance)`;
}
