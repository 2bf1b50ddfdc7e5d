import { overScale } from "./chi-scale.ts";
import { normalCdf } from "./normal.ts";

/**
 * P(T <= t) of the noncentral t distribution: of (Z + δ) / S with a standard normal Z and S² = χ²(df) / df.   E[ Φ(t S - δ) ]
 * Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2, ch. 31.
 */
export function noncentralTCdf(t: number, df: number, delta: number): number {
  // Φ rises from 0 to 1 within a few 1 / t.
  const [centre, width] = [delta / t, 8 / Math.abs(t)];
  return overScale(df, (s) => normalCdf(t * s - delta), [centre - width, centre + width].filter(Number.isFinite));
}
