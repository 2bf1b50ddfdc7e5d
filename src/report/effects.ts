/** Main effects and interactions of a study's factors on the final test accuracy. */
import { holm } from "../stats/adjust.ts";
import { alignedRanksAnova } from "../stats/aligned-ranks.ts";
import { type Effect, repeatedMeasuresAnova } from "../stats/anova.ts";
import { mean } from "../stats/mean.ts";
import { shapiroWilk } from "../stats/shapiro-wilk.ts";
import { type Summary, summary } from "../stats/summary.ts";
import { finalBySeed } from "./comparisons.ts";
import type { Configuration } from "./configurations.ts";
import { type Factor, factors } from "./factors.ts";

export interface FactorialAnalysis {
  factors: Factor[];
  /** Seeds that finished with every configuration: those that the analysis is made of. */
  seeds: number[];
  /** Seeds that some configuration did not finish with. */
  incomplete: number[];
  /** By the values or, where residuals are not normal, by aligned ranks. */
  method: "values" | "ranks";
  /** Of normal residuals; null when there are too few, or they are all equal. */
  normality: { w: number; p: number } | null;
  effects: (Effect & { adjustedP: number })[];
  /** Mean accuracy at each level of each factor, over all others, with its interval over the seeds. */
  means: Summary[][];
}

const LEVEL = 0.05;
/** Effects of more factors at once are hard to read and harder to find. */
const MOST_FACTORS = 3;

/** What subjects and cells leave unexplained. */
function residuals(subjects: readonly (readonly number[])[]): number[] {
  const all = mean(subjects.flat());
  const cells = subjects[0].map((_, c) => mean(subjects.map((row) => row[c])));
  return subjects.flatMap((row) => row.map((value, c) => value - mean(row) - cells[c] + all));
}

function normalityOf(subjects: readonly (readonly number[])[]): { w: number; p: number } | null {
  const left = residuals(subjects);
  const size = Math.max(...left.map(Math.abs));
  return left.length < 3 || left.length > 5000 || size < 1e-12 ? null : shapiroWilk(left);
}

/**
 * The analysis of a study whose configurations are all combinations of its factors, with at least two seeds that finished everywhere;
 * null of any other, and of one factor with two levels, where the paired test says all.
 */
export function factorialAnalysis(all: readonly Configuration[]): FactorialAnalysis | null {
  const found = factors(all);
  if (!found || all.length < 3) return null;
  const levels = found.map((f) => f.levels.length);
  const cells: Configuration[] = Array(all.length);
  for (const c of all) cells[found.reduce((at, f, i) => at * levels[i] + f.levelOf(c), 0)] = c;
  const values = cells.map(finalBySeed);
  const every = [...new Set(all.flatMap((c) => c.trials.map((t) => t.trial.seed)))].sort((a, b) => a - b);
  const seeds = every.filter((seed) => values.every((v) => v.has(seed)));
  if (seeds.length < 2) return null;
  const subjects = seeds.map((seed) => values.map((v) => v.get(seed)!));
  const normality = normalityOf(subjects);
  const method = normality && normality.p < LEVEL ? "ranks" : "values";
  const analyse = method === "ranks" ? alignedRanksAnova : repeatedMeasuresAnova;
  const effects = analyse(subjects, levels).filter((e) => e.factors.length <= MOST_FACTORS);
  const adjusted = holm(effects.map((e) => e.correctedP));
  return {
    factors: found,
    seeds,
    incomplete: every.filter((seed) => !seeds.includes(seed)),
    method,
    normality,
    effects: effects.map((e, i) => ({ ...e, adjustedP: adjusted[i] })),
    means: found.map((f) =>
      f.levels.map((_, level) =>
        summary(subjects.map((row) => mean(row.filter((_, cell) => f.levelOf(cells[cell]) === level)))),
      ),
    ),
  };
}
