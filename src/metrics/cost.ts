import { total } from "./sums.ts";

/** Mean seconds of an epoch; NaN of none. */
export const secondsPerEpoch = (seconds: readonly number[]): number => total(seconds) / seconds.length;

/** What training with one loss takes. */
export interface Cost {
  loss: string;
  trials: number;
  epochs: number;
  seconds: number;
  secondsPerEpoch: number;
  /** How many times as long as an epoch with the cheapest loss. */
  relative: number;
}

/**
 * Seconds per epoch by loss, over all epochs of all its trials, cheapest first.
 * @param trials the loss of each trial, and the seconds of its epochs
 */
export function costByLoss(trials: readonly { loss: string; seconds: readonly number[] }[]): Cost[] {
  const losses = [...new Set(trials.filter((t) => t.seconds.length > 0).map((t) => t.loss))];
  const costs = losses
    .map((loss) => {
      const own = trials.filter((t) => t.loss === loss && t.seconds.length > 0);
      const all = own.flatMap((t) => t.seconds);
      return {
        loss,
        trials: own.length,
        epochs: all.length,
        seconds: total(all),
        secondsPerEpoch: secondsPerEpoch(all),
      };
    })
    .sort((a, b) => a.secondsPerEpoch - b.secondsPerEpoch);
  return costs.map((cost) => ({ ...cost, relative: cost.secondsPerEpoch / costs[0].secondsPerEpoch }));
}
