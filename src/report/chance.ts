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

/** Read off the last confusion matrix of any trial; null when none was stored. */
export function chance(configuration: Configuration): Chance | null {
  for (const { history } of configuration.trials) {
    const confusion = history.at(-1)?.test.confusion;
    if (!confusion || confusion.length === 0) continue;
    const counts = confusion.map((row) => row.reduce((a, b) => a + b, 0));
    const total = counts.reduce((a, b) => a + b, 0);
    if (total > 0) return { classes: counts.length, uniform: 1 / counts.length, largest: Math.max(...counts) / total };
  }
  return null;
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
