import type { RunResults } from "../run/records.ts";
import { compare, reversed } from "../stats/compare.ts";
import { type Judged, judge, pairsToSettle } from "../stats/family.ts";
import { pairedPower } from "../stats/power.ts";
import type { Sampling } from "../stats/sampling.ts";
import { testExamples } from "./chance.ts";
import { type Configuration, dataKey, lastEpoch } from "./configurations.ts";
import { samplingOf } from "./sampling.ts";

/** The smallest difference of accuracies that matters, as a fraction: half a percentage point. */
export const MARGIN = 0.005;
/** How often all verdicts of one kind may be wrong, together. */
export const LEVEL = 0.05;

/** One pair of configurations, the first minus the second. */
export interface Pair {
  first: Configuration;
  second: Configuration;
  judged: Judged;
}

/**
 * All pairs of configurations with a finished trial that were trained on the same data: one family, as the ranking's first is known only
 * by looking at all. What was trained on other data, or under other conditions, is no rival.
 */
export interface Comparisons {
  pairs: readonly Pair[];
  margin: number;
  /** Of a configuration minus another; null for itself, on other data and where there is no result. */
  of(first: Configuration, second: Configuration): Judged | null;
  /** The same as it was judged, without a copy: where `turned`, it is of the second minus the first. */
  between(first: Configuration, second: Configuration): { judged: Judged; turned: boolean } | null;
  /**
   * About how many seeds would settle an undecided pair; null when that cannot be said, or more than 1000 would.
   * @param tests that it is corrected for: those of all undecided pairs, or fewer
   */
  seedsToSettle(judged: Judged, tests?: number): number | null;
  /** How often a difference as large as the margin would be found with these seeds; null of fewer than two. */
  power(judged: Judged, tests?: number): number | null;
}

/** Final test accuracy by seed. */
export const finalBySeed = ({ done }: Configuration): Map<number, number> =>
  new Map(done.map((t) => [t.trial.seed, lastEpoch(t)!.test.accuracy]));

/** The comparisons of a run, over its looks where it has some. */
export const comparisonsOf = (results: RunResults, configurations: readonly Configuration[]): Comparisons =>
  compareAll(configurations, { sampling: samplingOf(results) });

export function compareAll(
  configurations: readonly Configuration[],
  { margin = MARGIN, sampling }: { margin?: number; sampling?: Sampling | undefined } = {},
): Comparisons {
  const finished = configurations.filter((c) => c.done.length > 0);
  // Known of each by itself, not of each pair anew: of 200 configurations there are 19 900.
  const sides = finished.map((configuration) => ({
    configuration,
    data: dataKey(configuration),
    examples: testExamples(configuration),
    accuracies: finalBySeed(configuration),
  }));
  const rivals = sides.flatMap((a, i) =>
    sides.slice(i + 1).flatMap((b) => (b.data === a.data ? [[a, b] as const] : [])),
  );
  const compared = rivals.map(([a, b]) => {
    const step = a.examples && b.examples ? 1 / Math.min(a.examples, b.examples) : 0;
    return compare(a.accuracies, b.accuracies, { margin, step, sampling });
  });
  const pairs = judge(compared, LEVEL).map((judged, k): Pair => {
    const [{ configuration: first }, { configuration: second }] = rivals[k];
    return { first, second, judged };
  });
  const byKeys = new Map<string, Map<string, Judged>>(finished.map(({ key }) => [key, new Map()]));
  for (const { first, second, judged } of pairs) byKeys.get(first.key)!.set(second.key, judged);
  const undecided = pairs.filter((p) => p.judged.verdict === "undecided").length;
  const level = (tests = undecided) => LEVEL / Math.max(1, Math.min(tests, undecided));
  const between: Comparisons["between"] = (first, second) => {
    const there = byKeys.get(first.key)?.get(second.key);
    if (there) return { judged: there, turned: false };
    const back = byKeys.get(second.key)?.get(first.key);
    return back ? { judged: back, turned: true } : null;
  };
  return {
    pairs,
    margin,
    between,
    of(first, second) {
      const found = between(first, second);
      return found && (found.turned ? reversed(found.judged) : found.judged);
    },
    seedsToSettle: (judged, tests) => pairsToSettle(judged, margin, level(tests)),
    power: ({ sd, difference }, tests) =>
      sd === null ? null : sd === 0 ? 1 : pairedPower(margin / sd, difference.n, level(tests)),
  };
}
