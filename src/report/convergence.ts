import {
  areaUnderCurve,
  convergedEpoch,
  epochsTo,
  fluctuation,
  secondsPerEpoch as meanSeconds,
  percentageChange,
  secondsTo,
  shareOfFinal,
  smoothness,
  type Threshold,
} from "../metrics/index.ts";
import type { RunResults, TrialResult } from "../run/records.ts";
import { median } from "../stats/median.ts";
import type { Configuration } from "./configurations.ts";

/** The test accuracy that the study names; null for 95 % of each trial's own final one. */
export function thresholdOf({ run }: RunResults): number | null {
  const said = (run.spec.measure as { threshold?: unknown } | undefined)?.threshold;
  return typeof said === "number" ? said : null;
}

/** How one trial got to where it ended. */
export interface Convergence {
  /** Epochs and seconds until the test accuracy reaches the threshold; null when it never does. */
  epochs: number | null;
  seconds: number | null;
  /** Mean test accuracy over the epochs. */
  area: number;
  /** Epoch from which on the training loss stays near its last value; null when it is not finite. */
  settled: number | null;
  /** Of the test accuracy, 0 … 1. */
  smoothness: number;
  /** Of the test accuracy from the settled epoch on; NaN of a single epoch. */
  fluctuation: number;
  /** Change of the training loss in the last epoch, in percent; undefined of a single epoch. */
  lastChange: number | undefined;
}

export function convergence({ history }: TrialResult, threshold: number | null): Convergence {
  const accuracies = history.map((r) => r.test.accuracy);
  const losses = history.map((r) => r.train.loss);
  const goal: Threshold = threshold === null ? shareOfFinal(accuracies) : { atLeast: threshold };
  const settled = convergedEpoch(losses);
  return {
    epochs: epochsTo(accuracies, goal),
    seconds: secondsTo(
      accuracies,
      history.map((r) => r.seconds),
      goal,
    ),
    area: areaUnderCurve(accuracies),
    settled,
    smoothness: smoothness(accuracies),
    fluctuation: settled === null ? Number.NaN : fluctuation(accuracies, settled),
    lastChange: percentageChange(losses).at(-1),
  };
}

/** Epochs that each finished trial needs to reach 95 % of its own final test accuracy. */
export const epochsToConverge = ({ done }: Configuration): number[] =>
  done.flatMap((trial) => convergence(trial, null).epochs ?? []);

export const medianEpochs = (configuration: Configuration): number => median(epochsToConverge(configuration));

/** Seconds per epoch of each trial that has trained at all. */
export const secondsPerEpoch = ({ trials }: Configuration): number[] =>
  trials.flatMap(({ history }) => (history.length > 0 ? meanSeconds(history.map((r) => r.seconds)) : []));
