/** What stored trials say to a claim: of each comparison the difference, seed by seed, with its interval. */
import type { EpochRecord, TrialResult } from "../run/records.ts";
import { differenceSummary, type Sampling } from "../stats/sampling.ts";
import type { Summary } from "../stats/summary.ts";
import { UserError } from "../util/errors.ts";
import { type ReadClaim, unitOf } from "./claim.ts";
import type { Comparison, Operator, Term } from "./grammar.ts";
import { measureOf, type Unit } from "./measures.ts";
import { checkSelector, selects } from "./select.ts";

export type Direction = "as claimed" | "the other way" | "undecided";

/** One side of a comparison. */
export interface Side {
  text: string;
  /** The mean over the seeds; of a number the number itself. */
  value: number;
  /** Trials that have the number, and those that were named but have it not: diverged or not trained yet. */
  trials: number;
  without: number;
}

export interface Finding {
  left: Side;
  operator: Operator;
  right: Side;
  unit: Unit;
  /** Left minus right by seed; with the seeds that both sides have. */
  differences: ReadonlyMap<number, number>;
  difference: Summary;
  margin: number;
  direction: Direction;
}

export interface Evidence {
  claim: ReadClaim["claim"];
  /** None where the claim has no test. */
  findings: Finding[];
  /** As claimed when all findings are; the other way when one is. */
  direction: Direction;
}

/** Equal to rounding, in units of the larger value. */
const ROUNDING = 1e-9;

/** The history up to an epoch; undefined for a trial that did not come so far. */
function upTo({ status, history }: TrialResult, epoch: number | null): readonly EpochRecord[] | undefined {
  if (epoch !== null) return history.length >= epoch ? history.slice(0, epoch) : undefined;
  return status === "done" && history.length > 0 ? history : undefined;
}

/** A side's value for each seed: the mean over the trials of that seed that its selectors name. */
function sideOf(term: Term, trials: readonly TrialResult[]): Side & { bySeed: Map<number, number> | null } {
  if (term.kind === "number") return { text: term.text, value: term.value, trials: 0, without: 0, bySeed: null };
  const { measure, split, epoch, selectors, text } = term;
  const named = trials.filter(({ trial }) => selectors.every((s) => selects(s, trial)));
  const bySeed = new Map<number, number[]>();
  let without = 0;
  for (const result of named) {
    const history = upTo(result, epoch);
    const value = history && measureOf(measure).read(history, split, result.observations);
    if (value === undefined || !Number.isFinite(value)) without++;
    else bySeed.set(result.trial.seed, [...(bySeed.get(result.trial.seed) ?? []), value]);
  }
  // A seed counts when it has all that the selectors name: means over different configurations would not compare.
  const most = Math.max(0, ...[...bySeed.values()].map((values) => values.length));
  const means = [...bySeed].flatMap(([seed, values]) =>
    values.length === most ? [[seed, mean(values)] as const] : [],
  );
  return {
    text,
    value: mean(means.map(([, value]) => value)),
    trials: named.length - without,
    without,
    bySeed: new Map(means),
  };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Which way an interval of left minus right points. */
function directionOf(
  operator: Operator,
  { mean: centre, halfWidth }: Summary,
  margin: number,
  scale: number,
): Direction {
  if (operator === "=") {
    if (Number.isNaN(centre)) return "undecided";
    return Math.abs(centre) <= ROUNDING * scale && (halfWidth ?? 0) <= ROUNDING * scale
      ? "as claimed"
      : "the other way";
  }
  if (halfWidth === null) return "undecided";
  const [low, high] = [centre - halfWidth, centre + halfWidth];
  if (operator === "≈") {
    if (low > -margin && high < margin) return "as claimed";
    return low >= margin || high <= -margin ? "the other way" : "undecided";
  }
  const up = operator === ">" || operator === ">=";
  const [nearest, farthest] = up ? [low, high] : [-high, -low];
  if (nearest > margin) return "as claimed";
  return farthest < margin ? "the other way" : "undecided";
}

function findingOf(
  comparison: Comparison,
  trials: readonly TrialResult[],
  margin: number,
  sampling: Sampling | undefined,
): Finding {
  const { left, operator, right } = comparison;
  const [a, b] = [sideOf(left, trials), sideOf(right, trials)];
  const seeds = [...(a.bySeed ?? b.bySeed!).keys()].filter(
    (s) => (a.bySeed?.has(s) ?? true) && (b.bySeed?.has(s) ?? true),
  );
  const at = (side: typeof a, seed: number): number => side.bySeed?.get(seed) ?? side.value;
  const differences = new Map(seeds.sort((x, y) => x - y).map((seed) => [seed, at(a, seed) - at(b, seed)]));
  const difference = differenceSummary(differences, sampling);
  const scale = Math.max(...seeds.flatMap((seed) => [Math.abs(at(a, seed)), Math.abs(at(b, seed))]), 1e-300);
  const shown = ({ bySeed: _, ...side }: typeof a): Side => side;
  return {
    left: shown(a),
    operator,
    right: shown(b),
    unit: unitOf(comparison),
    differences,
    difference,
    margin,
    direction: directionOf(operator, difference, margin, scale),
  };
}

/**
 * Compares what a claim compares.
 * @param trials of all studies that the claim speaks of; what they lack is counted
 * @param sampling the looks in which their seeds were added, if they were; seeds since the last look are left out
 */
export function evidence(
  { claim, comparisons, margin }: ReadClaim,
  trials: readonly TrialResult[],
  sampling?: Sampling,
): Evidence {
  const seeds = sampling && (sampling.looks.at(-1) ?? new Set());
  const known = seeds ? trials.filter(({ trial }) => seeds.has(trial.seed)) : trials;
  const findings = comparisons.map((comparison) => findingOf(comparison, known, margin, sampling));
  const every = (direction: Direction): boolean => findings.every((f) => f.direction === direction);
  const direction =
    findings.length > 0 && every("as claimed")
      ? "as claimed"
      : findings.some((f) => f.direction === "the other way")
        ? "the other way"
        : "undecided";
  return { claim, findings, direction };
}

/**
 * @param trials all that are planned
 * @throws UserError for a selector that makes no sense, or that none of the trials fits
 */
export function checkClaim({ claim, comparisons }: ReadClaim, trials: readonly TrialResult["trial"][]): void {
  for (const term of comparisons.flatMap(({ left, right }) => [left, right])) {
    if (term.kind === "number") continue;
    for (const selector of term.selectors) {
      try {
        checkSelector(selector, trials);
      } catch (error) {
        if (error instanceof UserError)
          throw new UserError(error.message, `claim ${claim.id}, ${term.text}`, error.hint);
        throw error;
      }
    }
    if (!trials.some((trial) => term.selectors.every((s) => selects(s, trial))))
      throw new UserError("no trial of the study is meant by this", `claim ${claim.id}, ${term.text}`);
  }
}
