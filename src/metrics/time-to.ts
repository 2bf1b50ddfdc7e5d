import { UserError } from "../util/errors.ts";

/** What a quantity is to reach: from below, as an accuracy, or from above, as a loss. */
export type Threshold = { atLeast: number } | { atMost: number };

/** 95 % of the value at the end, for quantities that rise from 0, as an accuracy. NaN, never reached, of no epochs. */
export const shareOfFinal = (values: readonly number[], share = 0.95): Threshold => ({
  atLeast: share * (values.at(-1) ?? Number.NaN),
});

/** 95 % of the way from the first value to the last, up or down: for losses, which need not fall to 0. */
export function shareOfWay(values: readonly number[], share = 0.95): Threshold {
  const [first = Number.NaN] = values;
  const last = values.at(-1) ?? Number.NaN;
  const goal = last - (1 - share) * (last - first);
  return last > first ? { atLeast: goal } : { atMost: goal };
}

/** The first epoch, counted from 1, whose value reaches the threshold; null when none does. It may be lost again later. */
export function epochsTo(values: readonly number[], threshold: Threshold): number | null {
  const at = values.findIndex((v) => ("atLeast" in threshold ? v >= threshold.atLeast : v <= threshold.atMost));
  return at < 0 ? null : at + 1;
}

/**
 * The seconds of training until then: those of all epochs up to that one. Time to a target: Coleman et al., 2017, DAWNBench.
 * @param seconds one per epoch
 */
export function secondsTo(values: readonly number[], seconds: readonly number[], threshold: Threshold): number | null {
  if (seconds.length !== values.length)
    throw new UserError(`the seconds of ${seconds.length} epochs for ${values.length} values`);
  const epochs = epochsTo(values, threshold);
  return epochs === null ? null : seconds.slice(0, epochs).reduce((a, b) => a + b, 0);
}
