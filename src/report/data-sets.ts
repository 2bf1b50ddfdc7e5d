/** One study on several sets of data, or one set under several conditions: ranks of what is compared over all of them. */
import { stratifiedBootstrap } from "../stats/bootstrap.ts";
import { type CriticalDifference, criticalDifferences } from "../stats/critical-difference.ts";
import { type Friedman, friedman } from "../stats/friedman.ts";
import { interquartileMean } from "../stats/interquartile-mean.ts";
import type { Interval } from "../stats/interval.ts";
import { mean } from "../stats/mean.ts";
import { canonicalJson } from "../util/hash.ts";
import { finalBySeed } from "./comparisons.ts";
import { type Configuration, dataKey, partsOf } from "./configurations.ts";
import { groupBy } from "./group-by.ts";
import { configurationLabels, dataLabel, dataTitle } from "./labels.ts";
import type { SeriesStyle } from "./palette.ts";

/** What is compared: configurations that differ in their data alone. */
export interface Treatment {
  label: string;
  style: SeriesStyle;
  /** Final test accuracies, [data][seeds]. */
  scores: number[][];
  interquartileMean: number;
  /** Over seeds, each set by itself; null with one seed. */
  interval: Interval | null;
}

export interface DataSetAnalysis {
  /** The blocks: data sets, or one set under several conditions. */
  kind: "data sets" | "data conditions";
  data: string[];
  treatments: Treatment[];
  /** Of mean accuracies; rank 1 is the best. */
  test: Friedman;
  differences: CriticalDifference;
}

/** Null unless at least two configurations were all trained on at least two sets, with a finished trial each. */
export function dataSetAnalysis(all: readonly Configuration[]): DataSetAnalysis | null {
  const blocks = [...groupBy(all, dataKey)];
  const partsKey = ({ trials: [{ trial }] }: Configuration): string => canonicalJson({ ...partsOf(trial), data: null });
  const groups = [...groupBy(all, partsKey).values()];
  const complete = groups.filter((g) => g.length === blocks.length && g.every((c) => c.done.length > 0));
  if (blocks.length < 2 || complete.length < 2 || complete.length < groups.length) return null;
  const onOne = complete.map((g) => ({ ...g[0], data: blocks[0][1][0].data }));
  const labels = configurationLabels(onOne);
  const treatments = complete.map((group, i): Treatment => {
    const scores = blocks.map(([data]) => [...finalBySeed(group.find((c) => dataKey(c) === data)!).values()]);
    const several = scores.some((s) => s.length > 1);
    return {
      label: labels[i],
      style: group[0].style,
      scores,
      interquartileMean: interquartileMean(scores),
      interval: several ? stratifiedBootstrap(scores, interquartileMean, { resamples: 2000 }) : null,
    };
  });
  // Ranks count from the smallest: the highest accuracy has rank 1.
  const test = friedman(blocks.map((_, b) => treatments.map((t) => -mean(t.scores[b]))));
  const data = blocks.map(([, [c]]) => c.data);
  const titles = data.map(dataTitle);
  const said = [titles, data.map(dataLabel)].find((names) => new Set(names).size === names.length);
  return {
    kind: said === titles ? "data sets" : "data conditions",
    data: said ?? configurationLabels(data.map((d) => ({ ...onOne[0], data: d }))),
    treatments,
    test,
    differences: criticalDifferences(test.meanRanks, blocks.length),
  };
}
