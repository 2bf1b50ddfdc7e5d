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

/**
 * The smallest n from 2 to `most` with at least this power, which must rise with n; null when none has it.
 * @param guess where it may be: the search begins there, as each power is an integral
 */
export function pairsNeeded(power: (n: number) => number, wanted = 0.8, most = 10_000, guess = 2): number | null {
  const enough = (n: number): boolean => power(n) >= wanted;
  let high = Math.max(2, Math.min(most, Math.round(guess)));
  let low = high;
  if (enough(high)) {
    for (let step = 1; low === high; step *= 2) {
      low = Math.max(1, high - step);
      if (low > 1 && enough(low)) high = low;
    }
  } else {
    for (let step = 1; low === high; step *= 2) {
      if (low >= most) return null;
      high = Math.min(most, low + step);
      if (!enough(high)) low = high;
    }
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (power(middle) >= wanted) high = middle;
    else low = middle;
  }
  return high;
}
