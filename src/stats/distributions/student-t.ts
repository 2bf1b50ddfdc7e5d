import betainc from "@stdlib/math-base-special-betainc";
import gammaln from "@stdlib/math-base-special-gammaln";
import approximateQuantile from "@stdlib/stats-base-dists-t-quantile";
import { root } from "../root.ts";

/**
 * P(T > t) of Student's t, precise in the tail.   1/2 · I(ν / (ν + t²); ν/2, 1/2) for t >= 0
 * Abramowitz and Stegun 26.7.1.
 */
export function tTail(t: number, df: number): number {
  const beyond = Number.isFinite(t) ? betainc(df / (df + t * t), df / 2, 0.5) / 2 : 0;
  return t >= 0 ? beyond : 1 - beyond;
}

/** P(T <= t). */
export const tCdf = (t: number, df: number): number => tTail(-t, df);

const density = (t: number, df: number): number =>
  Math.exp(
    gammaln((df + 1) / 2) - gammaln(df / 2) - 0.5 * Math.log(df * Math.PI) - ((df + 1) / 2) * Math.log1p((t * t) / df),
  );

/** The t with P(T > t) = q, also where q is far below the resolution of 1 - q. */
export function tCritical(q: number, df: number): number {
  if (q > 1e-6) return tQuantile(1 - q, df);
  let high = 8;
  while (tTail(high, df) > q) high *= 8;
  return root((t) => Math.log(tTail(t, df) / q), high / 8, high);
}

/** Quantiles by probability and degrees of freedom: pictures ask for the same few many thousand times. */
const quantiles = new Map<string, number>();

/** The t with P(T <= t) = p. The library's is right to 8 digits; one step of Newton's method makes it 15. */
export function tQuantile(p: number, df: number): number {
  const key = `${p} ${df}`;
  const known = quantiles.get(key);
  if (known !== undefined) return known;
  const near = approximateQuantile(p, df);
  const t = near + (tTail(near, df) - (1 - p)) / density(near, df);
  quantiles.set(key, t);
  return t;
}
