import { epochsTo, secondsPerEpoch as meanSeconds, shareOfFinal } from "../metrics/index.ts";
import { median } from "../stats/median.ts";
import type { Configuration } from "./configurations.ts";

/** Epochs that each finished trial needs to reach 95 % of its own final test accuracy. */
export const epochsToConverge = ({ done }: Configuration): number[] =>
  done.flatMap(({ history }) => {
    const accuracies = history.map((r) => r.test.accuracy);
    return epochsTo(accuracies, shareOfFinal(accuracies)) ?? [];
  });

export const medianEpochs = (configuration: Configuration): number => median(epochsToConverge(configuration));

/** Seconds per epoch of each trial that has trained at all. */
export const secondsPerEpoch = ({ trials }: Configuration): number[] =>
  trials.flatMap(({ history }) => (history.length > 0 ? meanSeconds(history.map((r) => r.seconds)) : []));
