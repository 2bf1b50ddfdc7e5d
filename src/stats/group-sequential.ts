/**
 * Tests that are looked at several times while data come in. A design says beforehand at which fractions of the largest sample it
 * looks, and by a spending function how much of the level may be used up by then (Lan and DeMets, 1983). Everything here is one-sided
 * and in terms of normal statistics Z(t); t tests meet it by their p ("significance level approach", Jennison and Turnbull, 2000, ch. 3).
 */
import { normalDensity, normalQuantile, normalTail } from "./distributions/normal.ts";
import { quadrature } from "./integrate.ts";
import { root } from "./root.ts";

/** How much of a one-sided level is used up at a fraction t of the largest sample: from 0 at t = 0 to all of it at t = 1. */
export const spendingFunctions = {
  /** 2 - 2Φ(z(α/2) / √t): almost nothing early, so that the last look is nearly a test of a fixed sample. Lan and DeMets, 1983. */
  obrienFleming: (level: number, t: number): number => 2 * normalTail(-normalQuantile(level / 2) / Math.sqrt(t)),
  /** α ln(1 + (e - 1)t): about alike at all looks, so that large effects are found early. Lan and DeMets, 1983. */
  pocock: (level: number, t: number): number => level * Math.log1p((Math.E - 1) * t),
} as const;

export type Spending = keyof typeof spendingFunctions;

export interface Design {
  /** Sample sizes of the looks as fractions of the largest, rising; the last is 1. */
  fractions: readonly number[];
  spending: Spending;
}

/** Nothing of the normal distribution lies below this that could be seen in double precision. */
const LOWEST = -8;
/** Less than any difference that could be spent. */
const NOTHING = 1e-290;

/** P(no crossing so far and B(t) in dx), on points of the region where the test goes on; B(t) = √t Z(t) has independent increments. */
type Density = readonly { x: number; mass: number }[];

/** P(B crosses `at` first now), of what went on until a step of variance `step` ago. */
const crossing = (before: Density, at: number, step: number): number => {
  const sd = Math.sqrt(step);
  let total = 0;
  for (const { x, mass } of before) total += mass * normalTail((at - x) / sd);
  return total;
};

/** Points between the limits, close enough for integrands as narrow as the steps before and after. */
const grid = (low: number, high: number, narrowest: number) =>
  quadrature(low, high, Math.max(1, Math.ceil((high - low) / (10 * narrowest))));

/**
 * The statistics c with P(Z(t_1) >= c_1) = α(t_1) and P(Z(t_k) >= c_k, none before) = α(t_k) - α(t_k-1), if nothing is to be found.
 * By recursive integration: Armitage, McPherson and Rowe, 1969.
 * @param level one-sided
 * @returns one for each look; infinite where nothing may be spent yet
 */
export function boundaries({ fractions, spending }: Design, level: number): number[] {
  const spent = fractions.map((t) => spendingFunctions[spending](level, t));
  const found: number[] = [];
  let before: Density = [{ x: 0, mass: 1 }];
  for (const [k, t] of fractions.entries()) {
    const step = t - (fractions[k - 1] ?? 0);
    const scale = Math.sqrt(t);
    const more = spent[k] - (spent[k - 1] ?? 0);
    // Whoever crosses now for the first time is above it now.
    const highest = more > NOTHING ? -normalQuantile(more) : Number.POSITIVE_INFINITY;
    const c = Number.isFinite(highest)
      ? root((z) => Math.log(crossing(before, z * scale, step) / more), Math.min(LOWEST, highest - 1), highest + 1e-9)
      : highest;
    found.push(c);
    if (k === fractions.length - 1) break;
    const next = fractions[k + 1] - t;
    const top = Math.min(c, Math.max(-LOWEST, -normalQuantile(Math.max(NOTHING, spent[k + 1] - spent[k])) + 2)) * scale;
    const sd = Math.sqrt(step);
    const last = before;
    before = grid(LOWEST * scale, top, Math.sqrt(Math.min(step, next))).map(({ x, weight }) => {
      let density = 0;
      for (const { x: from, mass } of last) density += mass * normalDensity((x - from) / sd);
      return { x, mass: (weight * density) / sd };
    });
  }
  return found;
}

/** The p by which a one-sided test decides at each look. */
export const nominalLevels = (design: Design, level: number): number[] =>
  rowOf(design, -normalQuantile(level)).map(normalTail);

/** Boundaries by design and level, the level as its normal quantile: sequential p values ask for the same again and again. */
const rows = new Map<string, Map<number, number[]>>();

function rowOf(design: Design, z: number): number[] {
  const key = `${design.spending} ${design.fractions}`;
  const known = rows.get(key) ?? new Map<number, number[]>();
  rows.set(key, known);
  const row = known.get(z) ?? boundaries(design, normalTail(z));
  known.set(z, row);
  return row;
}

const STEP = 0.1;
/** Smaller p are not told apart: 1e-12. */
const LAST_ROW = 70;

/** The normal quantile of the level whose boundary at this look is z: between rows of boundaries, by their cubic. */
function levelAt(design: Design, look: number, z: number): number | null {
  const boundary = (row: number): number => rowOf(design, row * STEP)[look];
  if (!(z > boundary(0))) return null;
  let [low, high] = [0, LAST_ROW];
  if (z >= boundary(high)) return high * STEP;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (boundary(middle) <= z) low = middle;
    else high = middle;
  }
  const first = Math.max(0, Math.min(low - 1, LAST_ROW - 3));
  const at = [0, 1, 2, 3].map((i) => boundary(first + i));
  if (!at.every(Number.isFinite)) return low * STEP;
  return [0, 1, 2, 3].reduce((sum, i) => {
    const others = [0, 1, 2, 3].filter((j) => j !== i);
    return sum + (first + i) * STEP * others.reduce((w, j) => w * ((z - at[j]) / (at[i] - at[j])), 1);
  }, 0);
}

/**
 * The smallest level at which the design would have found something by now: a p that holds although data were looked at before, and
 * that never rises from look to look. Liu and Anderson, 2008. With Holm's correction such p values keep the level over several tests at
 * every look (Maurer and Bretz, 2013).
 * @param p one-sided, of the tests at the looks so far; null where there was none
 */
export function sequentialP(design: Design, p: readonly (number | null)[]): number {
  const levels = p.flatMap((value, look) => {
    if (value === null) return [];
    const z = value > 0 ? -normalQuantile(value) : Number.POSITIVE_INFINITY;
    const level = levelAt(design, look, z);
    return level === null ? [] : [normalTail(level)];
  });
  return Math.min(1, ...levels);
}
