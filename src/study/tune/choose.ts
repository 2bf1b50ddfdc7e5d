/** Which candidate a configuration gets, by validation alone. Nothing here can see what was measured of a test split. */
import type { TrialStatus } from "../../run/records.ts";
import type { JudgedBy } from "./tune.ts";

/** What is known of a candidate's training: measures of the validation split after each epoch, 0 … 1, and nothing else. */
export interface ValidationHistory {
  status: TrialStatus;
  validation: readonly Record<JudgedBy, number>[];
}

export interface Rule {
  measure: JudgedBy;
  at: "last" | "best";
}

/** The measure that a training is judged by; null for one that diverged, which is worse than any. */
export function scoreOf({ status, validation }: ValidationHistory, { measure, at }: Rule): number | null {
  if (status !== "done" || validation.length === 0) return null;
  const values = validation.map((v) => v[measure]);
  return at === "last" ? values[values.length - 1] : Math.max(...values);
}

/** The mean over a candidate's seeds; null when one of them diverged. */
export function meanScore(scores: readonly (number | null)[]): number | null {
  const known = scores.filter((s) => s !== null);
  return known.length > 0 && known.length === scores.length ? known.reduce((a, b) => a + b, 0) / known.length : null;
}

/** A candidate with its place in the unit cube. */
export interface Scored {
  number: number;
  point: readonly number[];
  score: number | null;
}

/** Sums of a few fractions in another order differ by less. */
const ROUNDING = 1e-12;

const distance = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((x, i) => x - b[i]));

/**
 * The best candidate; null when all diverged. Where several are equally good, as they are where the optimum is flat and the validation
 * split small, the one in their middle: the least sum of distances to the others in the unit cube, which of a single hyperparameter is
 * their median. Of those the first of the sequence.
 */
export function bestOf(all: readonly Scored[]): number | null {
  const alive = all.filter((c) => c.score !== null);
  if (alive.length === 0) return null;
  const highest = Math.max(...alive.map((c) => c.score!));
  const equal = alive.filter((c) => c.score! >= highest - ROUNDING);
  const sums = equal.map((c) => equal.reduce((sum, other) => sum + distance(c.point, other.point), 0));
  const least = Math.min(...sums);
  return equal[sums.findIndex((s) => s <= least + ROUNDING)].number;
}

/** The best so many, in the order of the sequence; of equals the first. Those that diverged go no further. */
export const bestSome = (all: readonly Scored[], count: number): number[] =>
  all
    .filter((c) => c.score !== null)
    .sort((a, b) => b.score! - a.score! || a.number - b.number)
    .slice(0, count)
    .map((c) => c.number)
    .sort((a, b) => a - b);
