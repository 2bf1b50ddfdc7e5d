import { normalQuantile, normalTail } from "./distributions/normal.ts";
import { mean } from "./mean.ts";

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, c) => sum * x + c, 0);

/** Weights of the order statistics, of the larger half from the largest on. */
function weights(n: number): number[] {
  if (n === 3) return [Math.SQRT1_2];
  const half = Math.floor(n / 2);
  const scores = Array.from({ length: half }, (_, i) => -normalQuantile((i + 1 - 0.375) / (n + 0.25)));
  const squares = 2 * scores.reduce((sum, m) => sum + m * m, 0);
  const u = 1 / Math.sqrt(n);
  const ends = [
    polynomial([0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], u) + scores[0] / Math.sqrt(squares),
    ...(n > 5
      ? [polynomial([0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], u) + scores[1] / Math.sqrt(squares)]
      : []),
  ];
  const without = (all: readonly number[]) => ends.reduce((sum, _, i) => sum + 2 * all[i] ** 2, 0);
  const scale = Math.sqrt((squares - without(scores)) / (1 - without(ends)));
  return scores.map((m, i) => ends[i] ?? m / scale);
}

/**
 * Whether a sample comes from a normal distribution. Shapiro and Wilk, 1965; weights and p by Royston, 1995 (AS R94).
 * @param values 3 to 5000, not all equal
 */
export function shapiroWilk(values: readonly number[]): { w: number; p: number } {
  const n = values.length;
  if (n < 3 || n > 5000) throw new RangeError(`needs 3 to 5000 values, got ${n}`);
  const sorted = [...values].sort((a, b) => a - b);
  const centre = mean(values);
  const squares = values.reduce((sum, v) => sum + (v - centre) ** 2, 0);
  if (squares === 0) throw new RangeError("all values are equal");
  const spread = weights(n).reduce((sum, a, i) => sum + a * (sorted[n - 1 - i] - sorted[i]), 0);
  const w = Math.min(1, spread ** 2 / squares);
  if (n === 3) return { w, p: Math.max(0, (6 / Math.PI) * (Math.asin(Math.sqrt(w)) - Math.asin(Math.sqrt(0.75)))) };
  const log = Math.log(n);
  if (n <= 11) {
    const bound = -2.273 + 0.459 * n;
    if (Math.log(1 - w) >= bound) return { w, p: 0 };
    const z =
      (-Math.log(bound - Math.log(1 - w)) - polynomial([0.544, -0.39978, 0.025054, -6.714e-4], n)) /
      Math.exp(polynomial([1.3822, -0.77857, 0.062767, -0.0020322], n));
    return { w, p: normalTail(z) };
  }
  const z =
    (Math.log(1 - w) - polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], log)) /
    Math.exp(polynomial([-0.4803, -0.082676, 0.0030302], log));
  return { w, p: normalTail(z) };
}
