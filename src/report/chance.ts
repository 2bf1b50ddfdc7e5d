import type { EpochRecord } from "../run/records.ts";
import { mean } from "../stats/mean.ts";
import type { Configuration } from "./configurations.ts";

/** What guessing gets on a test set. */
export interface Chance {
  classes: number;
  /** 1 / C: every class guessed equally often. */
  uniform: number;
  /** The share of the largest class: always guessing that one. Equal to `uniform` when the classes are equally many. */
  largest: number;
}

/** Examples of each class of the test set, by the last confusion matrix of any trial; null when none was stored. */
function classCounts({ trials }: Configuration): number[] | null {
  for (const { history } of trials) {
    const counts = history.at(-1)?.test.confusion.map((row) => row.reduce((a, b) => a + b, 0));
    if (counts?.some((n) => n > 0)) return counts;
  }
  return null;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** How many examples the test set has; null when no confusion matrix tells. */
export function testExamples(configuration: Configuration): number | null {
  const counts = classCounts(configuration);
  return counts && sum(counts);
}

/** What guessing gets; null when no confusion matrix tells. */
export function chance(configuration: Configuration): Chance | null {
  const counts = classCounts(configuration);
  return counts && { classes: counts.length, uniform: 1 / counts.length, largest: Math.max(...counts) / sum(counts) };
}

/**
 * Whether the test accuracy `stays` at chance through all epochs, `ends` there after having been above, or is above: null. At
 * chance means above the better guess by at most a quarter of it and at most 3 % of what is left.
 */
export function atChance(configuration: Configuration): "stays" | "ends" | null {
  const level = chance(configuration);
  const { done } = configuration;
  if (!level || done.length === 0) return null;
  const guess = Math.max(level.uniform, level.largest);
  const limit = guess + Math.min(0.25 * guess, 0.03 * (1 - guess));
  const accuracyAt = (record: (history: EpochRecord[]) => EpochRecord | undefined) =>
    mean(done.flatMap((t) => record(t.history)?.test.accuracy ?? []));
  if (!(accuracyAt((h) => h.at(-1)) <= limit)) return null;
  const epochs = Math.max(...done.map((t) => t.history.length));
  for (let e = 0; e < epochs; e++) if (accuracyAt((h) => h[e]) > limit) return "ends";
  return "stays";
}
