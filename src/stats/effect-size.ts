import gammaln from "@stdlib/math-base-special-gammaln";
import { deviation } from "./deviation.ts";
import { noncentralTCdf } from "./distributions/noncentral-t.ts";
import type { Interval } from "./interval.ts";
import { mean } from "./mean.ts";
import { root } from "./root.ts";

/** The mean of paired differences in units of their standard deviation; 0 where all are 0. Cohen, 1988, ch. 2. */
export function dz(differences: readonly number[]): number {
  const centre = mean(differences);
  return centre === 0 ? 0 : centre / deviation(differences);
}

/** The interval of d_z: the effects under which the observed t is not in the tails. Steiger and Fouladi, 1997. */
export function dzInterval(differences: readonly number[], confidence = 0.95): Interval {
  const n = differences.length;
  const t = dz(differences) * Math.sqrt(n);
  if (!Number.isFinite(t)) return { low: t, high: t };
  const reach = 10 * Math.sqrt(1 + (t * t) / (2 * (n - 1)));
  const effectAt = (p: number): number =>
    root((delta) => noncentralTCdf(t, n - 1, delta) - p, t - 2 * reach, t + 2 * reach) / Math.sqrt(n);
  return { low: effectAt((1 + confidence) / 2), high: effectAt((1 - confidence) / 2) };
}

/** The difference of two means in units of the standard deviation of both, pooled. Cohen, 1988. */
export function cohensD(x: readonly number[], y: readonly number[]): number {
  const squares = (x.length - 1) * deviation(x) ** 2 + (y.length - 1) * deviation(y) ** 2;
  return (mean(x) - mean(y)) / Math.sqrt(squares / (x.length + y.length - 2));
}

/** What d must be multiplied by so that it is right on average.   Γ(m/2) / (√(m/2) Γ((m-1)/2)), Hedges, 1981 */
export const hedges = (df: number): number => Math.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / Math.sqrt(df / 2);

/** The usual approximation of it.   1 - 3 / (4m - 1) */
export const hedgesApproximate = (df: number): number => 1 - 3 / (4 * df - 1);
