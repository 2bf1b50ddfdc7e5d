/** What losses make of the number of training examples of each class. */
import type { LossContext } from "./loss.ts";

/** Counts of which a logarithm or a negative power is taken: a class without examples is treated as if it had one. */
export const seenCounts = ({ classCounts }: LossContext): number[] => classCounts.map((n) => Math.max(n, 1));

/** Effective numbers' weights (1 - β) / (1 - β^n), scaled to a sum of C. A class without examples has weight 0. */
export function effectiveWeights({ classCounts, classes }: LossContext, beta: number): number[] {
  const weights = classCounts.map((n) => (n === 0 ? 0 : (1 - beta) / -Math.expm1(n * Math.log(beta))));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => (w * classes) / total);
}
