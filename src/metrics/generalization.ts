import { UserError } from "../util/errors.ts";

function differences(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length) throw new UserError(`${b.length} test values for ${a.length} training values`);
  return b.map((value, i) => value - a[i]);
}

/** How much higher the loss is on the test set, for every epoch.   g_e = L_test,e - L_train,e */
export const lossGap = (train: readonly number[], test: readonly number[]): number[] => differences(train, test);

/** How much lower the accuracy is on the test set, for every epoch.   g_e = A_train,e - A_test,e */
export const accuracyGap = (train: readonly number[], test: readonly number[]): number[] =>
  differences(train, test).map((difference) => 0 - difference);

/**
 * By how many percent the test loss exceeds its lowest value so far, for every epoch.   GL_e = 100 (L_e - min_{i<=e} L_i) / |min|
 * 0 at a new minimum, infinite above a minimum of 0. Prechelt, 1998, "Early stopping - but when?".
 */
export function generalizationLoss(testLosses: readonly number[]): number[] {
  let lowest = Number.POSITIVE_INFINITY;
  return testLosses.map((loss) => {
    lowest = Math.min(lowest, loss);
    return loss === lowest ? 0 : (100 * (loss - lowest)) / Math.abs(lowest);
  });
}

/**
 * The epoch, counted from 1, after which the test loss rises for good: that of its lowest value, when the last one exceeds it by more
 * than `percent`. Null when it ends near its lowest value, or is no number. Of equal lowest values the last counts.
 */
export function overfittingOnset(testLosses: readonly number[], percent = 5): number | null {
  const excess = generalizationLoss(testLosses);
  const end = excess.at(-1) ?? 0;
  return end > percent ? excess.lastIndexOf(0) + 1 : null;
}
