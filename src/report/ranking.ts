import type { RunResults } from "../run/records.ts";
import { pairedDifference } from "../stats/paired-difference.ts";
import type { Summary } from "../stats/summary.ts";
import { atChance } from "./chance.ts";
import { type Configuration, configurations, lastEpoch } from "./configurations.ts";

/**
 * How a configuration stands to the first: `behind` when the 95 % interval of the difference lies below 0, `equal` when the
 * numbers are the same in every seed, `undecided` when the interval holds 0 or one pair of seeds cannot give any.
 */
export type Standing = "first" | "equal" | "undecided" | "behind" | "unfinished";

/** One line of the ranking by the final epoch's test accuracy. */
export interface RankingRow {
  /** From 1; null when no trial of the configuration finished. */
  rank: number | null;
  configuration: Configuration;
  standing: Standing;
  /** Test accuracy minus that of the first, seed by seed; null for the first and without common seeds. */
  difference: Summary | null;
  chance: "stays" | "ends" | null;
  /** What happened to trials that did not finish: `2 of 3 diverged`. */
  note: string | null;
}

/** `2 of 3 diverged, 1 failed`; null when all trials are done. */
export function outcomeNote({ trials }: Configuration): string | null {
  const parts = (["diverged", "failed", "skipped", "running", "planned"] as const).flatMap((status) => {
    const n = trials.filter((t) => t.status === status).length;
    return n > 0 ? [[n, status] as const] : [];
  });
  if (parts.length === 0) return null;
  return parts.map(([n, status], i) => (i === 0 ? `${n} of ${trials.length} ${status}` : `${n} ${status}`)).join(", ");
}

const finalBySeed = ({ done }: Configuration): Map<number, number> =>
  new Map(done.map((t) => [t.trial.seed, lastEpoch(t)!.test.accuracy]));

function standing(difference: Summary): Standing {
  if (difference.halfWidth === null) return "undecided";
  if (difference.mean === 0 && difference.halfWidth === 0) return "equal";
  return Math.abs(difference.mean) <= difference.halfWidth ? "undecided" : "behind";
}

/**
 * Best first, by the mean over the finished seeds; configurations without a finished trial come last, in the study's order. None
 * is left out.
 */
export function rankConfigurations(all: readonly Configuration[]): RankingRow[] {
  const accuracy = (c: Configuration) => c.summaries.testAccuracy;
  const finished = all
    .filter((c) => accuracy(c) !== null)
    .sort((a, b) => accuracy(b)!.mean - accuracy(a)!.mean || b.done.length - a.done.length);
  const best = finished[0] && finalBySeed(finished[0]);
  const rows = finished.map((configuration, i): RankingRow => {
    const paired = i === 0 ? null : pairedDifference(finalBySeed(configuration), best);
    const difference = paired && paired.n > 0 ? paired : null;
    return {
      rank: i + 1,
      configuration,
      standing: i === 0 ? "first" : difference ? standing(difference) : "undecided",
      difference,
      chance: atChance(configuration),
      note: outcomeNote(configuration),
    };
  });
  const rest = all
    .filter((c) => accuracy(c) === null)
    .map((configuration): RankingRow => {
      const note = outcomeNote(configuration);
      return { rank: null, configuration, standing: "unfinished", difference: null, chance: null, note };
    });
  return [...rows, ...rest];
}

export const ranking = (results: RunResults): RankingRow[] => rankConfigurations(configurations(results));
