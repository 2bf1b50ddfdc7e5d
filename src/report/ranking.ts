import type { RunResults } from "../run/records.ts";
import type { Summary } from "../stats/summary.ts";
import { atChance } from "./chance.ts";
import { type Comparisons, comparisonsOf } from "./comparisons.ts";
import { type Configuration, configurations, dataKey } from "./configurations.ts";
import { groupBy } from "./group-by.ts";
import { conditionLabels, configurationLabels } from "./labels.ts";
import { compared } from "./stages.ts";
import { type Stands, standings } from "./standing.ts";
import type { Outcomes } from "./words/kinds.ts";

/** One line of the ranking by the final epoch's test accuracy, among what was trained on the same data. */
export interface RankingRow extends Stands {
  /** From 1 on each data; null when no trial of the configuration finished. */
  rank: number | null;
  configuration: Configuration;
  /** Test accuracy minus that of the first, seed by seed; null for the first and without common seeds. */
  difference: Summary | null;
  chance: "stays" | "ends" | null;
  /** What happened to trials that did not finish; null when all did. */
  outcomes: Outcomes | null;
}

const UNFINISHED = ["diverged", "failed", "skipped", "running", "planned"] as const;

/** How many trials ended in each way but the usual one; null when all are done. */
export function outcomesOf({ trials }: Configuration): Outcomes | null {
  const counts = UNFINISHED.map((status) => ({ status, n: trials.filter((t) => t.status === status).length }));
  const found = counts.filter(({ n }) => n > 0);
  return found.length > 0 ? { trials: trials.length, counts: found } : null;
}

/** The ranking of each data, one after the other in the study's order. No configuration is left out. */
export const rankConfigurations = (all: readonly Configuration[], comparisons: Comparisons): RankingRow[] =>
  [...groupBy(all, dataKey).values()].flatMap((some) => rankOnSameData(some, comparisons));

/** Best first, by the mean over the finished seeds; configurations without a finished trial come last, in the study's order. */
function rankOnSameData(all: readonly Configuration[], comparisons: Comparisons): RankingRow[] {
  const accuracy = (c: Configuration) => c.summaries.testAccuracy;
  const finished = all
    .filter((c) => accuracy(c) !== null)
    .sort((a, b) => accuracy(b)!.mean - accuracy(a)!.mean || b.done.length - a.done.length);
  const rows = standings(finished, comparisons).map((stands, i): RankingRow => {
    const configuration = finished[i];
    const difference = stands.comparison?.difference;
    return {
      ...stands,
      rank: i + 1,
      configuration,
      difference: difference && difference.n > 0 ? difference : null,
      chance: atChance(configuration),
      outcomes: outcomesOf(configuration),
    };
  });
  const rest = all
    .filter((c) => accuracy(c) === null)
    .map((configuration): RankingRow => {
      return {
        rank: null,
        configuration,
        standing: "unfinished",
        difference: null,
        comparison: null,
        bestP: null,
        equivalenceP: null,
        rivals: finished.length,
        chance: null,
        outcomes: outcomesOf(configuration),
      };
    });
  return [...rows, ...rest];
}

/** The ranking on one of the study's data. */
export interface RankingOnData {
  /** What the data are called among the study's; null where there is only one. */
  title: string | null;
  /** Their labels do not repeat what they were trained on. */
  rows: RankingRow[];
}

export function rankingsByData(rows: readonly RankingRow[]): RankingOnData[] {
  const groups = [...groupBy(rows, (r) => dataKey(r.configuration)).values()];
  if (groups.length < 2) return groups.map((own) => ({ title: null, rows: own }));
  const titles = conditionLabels(groups.map(([{ configuration }]) => configuration.data));
  return groups.map((own, i) => {
    const labels = configurationLabels(own.map((r) => r.configuration));
    return {
      title: titles[i],
      rows: own.map((r, k) => ({ ...r, configuration: { ...r.configuration, label: labels[k] } })),
    };
  });
}

/** What a run compares, with all comparisons: judged once for all that is said of it. */
export interface Ranked {
  results: RunResults;
  comparisons: Comparisons;
  rows: RankingRow[];
}

export function ranked(whole: RunResults): Ranked {
  const results = compared(whole);
  const all = configurations(results);
  const comparisons = comparisonsOf(results, all);
  return { results, comparisons, rows: rankConfigurations(all, comparisons) };
}

export const ranking = (whole: RunResults): RankingRow[] => ranked(whole).rows;
