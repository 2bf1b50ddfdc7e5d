import { integrate } from "../integrate.ts";
import { root } from "../root.ts";
import { normalCdf, normalDensity } from "./normal.ts";

/**
 * P(R <= q) where R is the range of k standard normal numbers: the studentized range with infinite degrees of freedom.
 *
 *     k ∫ φ(z) (Φ(z) - Φ(z - q))^(k-1) dz
 *
 * Tukey, 1953; Lund and Lund, 1983, AS 190.
 */
export function rangeCdf(q: number, k: number): number {
  if (q <= 0) return 0;
  return k * integrate((z) => normalDensity(z) * (normalCdf(z) - normalCdf(z - q)) ** (k - 1), -9, 9, 6);
}

/** P(R > q); below about 1e-15 nothing but rounding. */
export const rangeTail = (q: number, k: number): number => Math.max(0, 1 - rangeCdf(q, k));

/** The q with P(R <= q) = p, for p in (0, 1). */
export const rangeQuantile = (p: number, k: number): number => root((q) => rangeCdf(q, k) - p, 0, 20);
