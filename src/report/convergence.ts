import { median } from "../stats/median.ts";
import type { Configuration } from "./configurations.ts";

/** The first epoch whose test accuracy is at least this share of the trial's own final one. */
export const SHARE = 0.95;

/** Epochs that each finished trial needs to reach 95 % of its own final test accuracy. */
export function epochsToConverge({ done }: Configuration): number[] {
  return done.flatMap(({ history }) => {
    const goal = SHARE * (history.at(-1)?.test.accuracy ?? Number.NaN);
    return history.find((r) => r.test.accuracy >= goal)?.epoch ?? [];
  });
}

export const medianEpochs = (configuration: Configuration): number => median(epochsToConverge(configuration));

/** Seconds per epoch of each trial that has trained at all. */
export const secondsPerEpoch = ({ trials }: Configuration): number[] =>
  trials.flatMap(({ history }) =>
    history.length > 0 ? history.reduce((sum, r) => sum + r.seconds, 0) / history.length : [],
  );
