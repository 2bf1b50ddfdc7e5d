import { distanceOf, fixedOf, t, type Who, wholePercent } from "../../text.ts";
import { counted, is, listed, named } from "./grammar.ts";

const STATES = { running: "running", paused: "paused", interrupted: "interrupted", finished: "finished" };

export const limitations = {
  heading: "Limitations",
  none: "None of the usual ones was found.",
  unfinished: ({ state, open, trials }: { state: keyof typeof STATES; open: number; trials: number }) =>
    t`The run is ${STATES[state]}: ${open} of ${counted(trials, "trial")} have not ended, so means may still change.`,
  oneSeed: "One seed: no interval can be given, and no order between configurations can be decided.",
  fewSeeds: ({ seeds, errors, enough }: { seeds: number; errors: number; enough: number }) =>
    t`${counted(seeds, "seed")}: intervals are wide (${fixedOf(errors, 1)} standard errors on either side) and rest on the assumption of normally distributed seeds; ${enough} or more are better.`,
  sequential:
    "Seeds were added while differences were looked at: tests of pairs and claims allow for that; means of single configurations with their intervals, main effects and ranks do not, and a study that ends early tends to show large differences.",
  lucky: ({ whos }: { whos: readonly Who[] }) =>
    t`The figures of ${named(whos)} are of the seeds that did not diverge: they describe its luckier trials.`,
  noValidation:
    "No validation split: only final-epoch figures are given, and whatever is chosen by looking at this report is chosen on the test set.",
  noisyTraining:
    "Labels of the training split were changed on purpose: training figures count hits on wrong labels too, so those on the test set alone tell what was learned.",
  oneOfAKind: ({ data, model }: { data: string | null; model: string | null }) => {
    const one = [
      ...(data === null ? [] : [t`one data set (${{ text: data }})`]),
      ...(model === null ? [] : [t`one model (${{ text: model }})`]),
    ];
    return t`Seen on ${listed(one)}: other data or models may order the configurations differently.`;
  },
  untuned: ({ optimizer }: { optimizer: string }) =>
    t`All losses share one optimizer setting (${{ text: optimizer }}); losses differ in the size of their gradients, so this setting suits some better than others.`,
  rising: ({ whos, by }: { whos: readonly Who[]; by: number }) =>
    t`Test accuracy of ${named(whos)} still rises by more than ${distanceOf(by)} points in the last tenth of the epochs: the order after longer training may differ.`,
  unconverged: ({ whos, percent }: { whos: readonly Who[]; percent: number }) =>
    t`The training loss of ${named(whos)} still changes by more than ${{ text: String(percent), value: percent }} % in the last epoch: training has not converged.`,
  atChance: ({ whos }: { whos: readonly Who[] }) =>
    t`${named(whos)} did not learn in this setting; that says more about the setting (learning rate, number of epochs) than about what the loss can reach.`,
  underpowered: ({ whos, margin, power }: { whos: readonly Who[]; margin: number; power: number }) =>
    t`Too few seeds for small differences: one of ${distanceOf(margin)} points between the first and ${named(whos)} would be found in ${is(whos, "", "as few as ")}${wholePercent(power)} of such studies.`,
};
