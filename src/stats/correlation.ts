import { normalTail } from "./distributions/normal.ts";
import { mean } from "./mean.ts";
import { tP } from "./paired-t.ts";
import { ranks, tieSizes } from "./ranks.ts";

export interface Correlation {
  /** -1 … 1; NaN when one side has one value only. */
  r: number;
  /** Two-sided, of no relation. */
  p: number;
}

/** Linear correlation; p from Student's t with n - 2 degrees of freedom. Pearson, 1895. */
export function pearson(x: readonly number[], y: readonly number[]): Correlation {
  const [mx, my] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xx += (x[i] - mx) ** 2;
    yy += (y[i] - my) ** 2;
    xy += (x[i] - mx) * (y[i] - my);
  }
  const r = xy / Math.sqrt(xx * yy);
  return { r, p: tP(r * Math.sqrt((x.length - 2) / (1 - r * r)), x.length - 2, "two-sided") };
}

/** The same of the ranks. Spearman, 1904. */
export const spearman = (x: readonly number[], y: readonly number[]): Correlation => pearson(ranks(x), ranks(y));

/**
 * Agreement of two orders, corrected for ties.   τ_b = (concordant - discordant) / √((pairs - ties in x)(pairs - ties in y))
 * Kendall, 1945. Exact p (Kendall, 1970) needs values without ties; else a normal approximation.
 */
export function kendall(x: readonly number[], y: readonly number[], method?: "exact" | "normal"): Correlation {
  const n = x.length;
  const pairs = (n * (n - 1)) / 2;
  let score = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) score += Math.sign(x[i] - x[j]) * Math.sign(y[i] - y[j]);
  const over = (values: readonly number[], f: (t: number) => number) =>
    tieSizes(values).reduce((sum, t) => sum + f(t), 0);
  const [tiesX, tiesY] = [x, y].map((values) => over(values, (t) => (t * (t - 1)) / 2));
  const r = score / Math.sqrt((pairs - tiesX) * (pairs - tiesY));
  const tied = tiesX > 0 || tiesY > 0;
  if (method === "exact" && tied) throw new RangeError("the exact test needs values without ties");
  if (method === "exact" || (method === undefined && !tied && n <= 50)) {
    return { r, p: exactKendall(n, Math.min(pairs + score, pairs - score) / 2) };
  }
  const m = n * (n - 1);
  const cubic = (t: number) => t * (t - 1) * (2 * t + 5);
  const triple = (t: number) => t * (t - 1) * (t - 2);
  const variance =
    (m * (2 * n + 5) - over(x, cubic) - over(y, cubic)) / 18 +
    (2 * tiesX * tiesY) / m +
    (over(x, triple) * over(y, triple)) / (9 * m * (n - 2));
  return { r, p: Math.min(1, 2 * normalTail(Math.abs(score) / Math.sqrt(variance))) };
}

/** Twice the share of the n! orders with at most so many inversions, counted by putting in one element after the other. */
function exactKendall(n: number, inversions: number): number {
  let share = [1];
  for (let size = 2; size <= n; size++) {
    const next: number[] = Array(share.length + size - 1).fill(0);
    for (const [at, p] of share.entries()) for (let more = 0; more < size; more++) next[at + more] += p / size;
    share = next;
  }
  return Math.min(1, 2 * share.slice(0, inversions + 1).reduce((a, b) => a + b, 0));
}
