import { normalTail } from "./distributions/normal.ts";
import type { Alternative } from "./interval.ts";
import { ranks, tieSizes } from "./ranks.ts";

export interface WilcoxonOptions {
  alternative?: Alternative;
  /**
   * Differences of 0: `wilcox` leaves them out, `pratt` ranks them and leaves out their ranks, `zsplit` gives half of their ranks to
   * each sign.
   */
  zeros?: "wilcox" | "pratt" | "zsplit";
  /** `exact` runs through all signs, ties or not; `normal` approximates. By default exact for up to 50 differences. */
  method?: "exact" | "normal";
  /** Whether the normal approximation is corrected for continuity by 0.5. */
  correction?: boolean;
}

export interface Wilcoxon {
  /** Sums of the ranks of the positive and of the negative differences. */
  wPlus: number;
  wMinus: number;
  /** min(W+, W-) when two-sided, else W+. */
  statistic: number;
  p: number;
}

const MOST_EXACT = 50;

/**
 * P(W+ <= w) and P(W+ >= w) when every rank is positive or negative with probability 1/2. Ranks of ties are halves: twice the ranks
 * are whole, so their sums can be counted. Streitberg and Röhmel, 1986 (the shift algorithm).
 */
function exactTails(signed: readonly number[], w: number): [atMost: number, atLeast: number] {
  const doubled = signed.map((rank) => Math.round(2 * rank));
  const total = doubled.reduce((a, b) => a + b, 0);
  const probability = new Float64Array(total + 1);
  probability[0] = 1;
  let reached = 0;
  for (const rank of doubled) {
    reached += rank;
    for (let sum = reached; sum >= 0; sum--) {
      probability[sum] = (probability[sum] + (sum >= rank ? probability[sum - rank] : 0)) / 2;
    }
  }
  const at = Math.round(2 * w);
  let [atMost, atLeast] = [0, 0];
  for (let sum = 0; sum <= total; sum++) {
    if (sum <= at) atMost += probability[sum];
    if (sum >= at) atLeast += probability[sum];
  }
  return [atMost, atLeast];
}

/** The signed-rank test of differences that are symmetric about 0. Wilcoxon, 1945; zeros: Pratt, 1959. p = 1 of nothing but zeros. */
export function wilcoxon(differences: readonly number[], options: WilcoxonOptions = {}): Wilcoxon {
  const { alternative = "two-sided", zeros = "wilcox", correction = false } = options;
  const kept = zeros === "wilcox" ? differences.filter((d) => d !== 0) : differences;
  const ranked = ranks(kept.map(Math.abs));
  const sumWhere = (holds: (difference: number) => boolean): number =>
    ranked.reduce((sum, rank, i) => sum + (holds(kept[i]) ? rank : 0), 0);
  const split = zeros === "zsplit" ? sumWhere((d) => d === 0) / 2 : 0;
  const [wPlus, wMinus] = [sumWhere((d) => d > 0) + split, sumWhere((d) => d < 0) + split];
  const statistic = alternative === "two-sided" ? Math.min(wPlus, wMinus) : wPlus;
  const signed = ranked.filter((_, i) => kept[i] !== 0);
  if (signed.length === 0) return { wPlus, wMinus, statistic, p: 1 };
  const method = options.method ?? (differences.length <= MOST_EXACT ? "exact" : "normal");
  if (method === "exact") {
    const [atMost, atLeast] = exactTails(signed, wPlus - split);
    const p = { "two-sided": 2 * Math.min(atMost, atLeast), less: atMost, greater: atLeast }[alternative];
    return { wPlus, wMinus, statistic, p: Math.min(1, p) };
  }

  // Ranks that leave no trace in the sums are taken out of mean and variance; equal ranks make the variance smaller.
  const outside = zeros === "pratt" ? kept.length - signed.length : 0;
  const moment = (n: number): [number, number] => [(n * (n + 1)) / 4, n * (n + 1) * (2 * n + 1)];
  const [[mean, variance], [lessMean, lessVariance]] = [moment(kept.length), moment(outside)];
  const ties = tieSizes(zeros === "pratt" ? signed : ranked).reduce((sum, t) => sum + t * (t * t - 1), 0);
  const sd = Math.sqrt((variance - lessVariance - ties / 2) / 24);
  const away = statistic - (mean - lessMean);
  const continuity = { "two-sided": 0.5 * Math.sign(away), less: -0.5, greater: 0.5 }[alternative];
  const z = (away - (correction ? continuity : 0)) / sd;
  const p = alternative === "two-sided" ? 2 * normalTail(Math.abs(z)) : normalTail(alternative === "less" ? -z : z);
  return { wPlus, wMinus, statistic, p: Math.min(1, p) };
}
