import { overScale } from "./distributions/chi-scale.ts";
import { noncentralTCdf } from "./distributions/noncentral-t.ts";
import { normalCdf } from "./distributions/normal.ts";
import { tQuantile } from "./distributions/student-t.ts";

/** Power of the two-sided paired t test with n pairs: how often a true effect of d_z is found. Cohen, 1988, ch. 2. */
export function pairedPower(effect: number, n: number, level = 0.05): number {
  if (n < 2) return 0;
  if (!Number.isFinite(effect)) return 1;
  const critical = tQuantile(1 - level / 2, n - 1);
  const delta = Math.abs(effect) * Math.sqrt(n);
  return 1 - noncentralTCdf(critical, n - 1, delta) + noncentralTCdf(-critical, n - 1, delta);
}

/**
 * Power of the equivalence test with n pairs: how often means that differ by `difference` are found to be within the margin.
 * Phillips, 1990.   E[ Φ((δ-θ)√n/σ - tS) - Φ((-δ-θ)√n/σ + tS) ] where positive
 * @param sd of the differences; they, the margin and it have one unit
 */
export function equivalencePower(difference: number, sd: number, margin: number, n: number, level = 0.05): number {
  if (n < 2) return 0;
  if (sd === 0) return Math.abs(difference) < margin ? 1 : 0;
  const critical = tQuantile(1 - level, n - 1);
  const [upper, lower] = [margin - difference, -margin - difference].map((at) => (at * Math.sqrt(n)) / sd);
  const power = (s: number) => Math.max(0, normalCdf(upper - critical * s) - normalCdf(lower + critical * s));
  return overScale(n - 1, power, [(upper - lower) / (2 * critical)]);
}

/** The smallest n from 2 to `most` with at least this power, which must rise with n; null when none has it. */
export function pairsNeeded(power: (n: number) => number, wanted = 0.8, most = 10_000): number | null {
  let [low, high] = [1, 2];
  while (power(high) < wanted) {
    if (high >= most) return null;
    [low, high] = [high, Math.min(most, 2 * high)];
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (power(middle) >= wanted) high = middle;
    else low = middle;
  }
  return high;
}
