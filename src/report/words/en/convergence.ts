import { type Text, t, type Who } from "../../text.ts";
import { named } from "./grammar.ts";

export const convergence = {
  heading: "Convergence",
  ownFinal: "95 % of own final",
  caption: ({ goal }: { goal: string | null }): string =>
    `Until the test accuracy reaches ${goal ?? "95 % of the trial's own final value"}: median over the seeds, smallest to largest in brackets; the rest are means over the seeds.`,
  epochsTo: ({ goal }: { goal: string }): string => `epochs to ${goal}`,
  columns: {
    seconds: "seconds",
    area: "area under test accuracy, %",
    settled: "settled after epoch",
    smoothness: "smoothness",
    fluctuation: "fluctuation, points",
    lastChange: "last change of loss, %",
  },
  missed: ({ never, of }: { never: number; of: number }): string => `${never} of ${of} never`,
  bySeed: ({ values }: { values: readonly (number | null)[] }): string =>
    `by seed: ${values.map((v) => v ?? "never").join(", ")}`,
  allStill: ({ percent }: { percent: number }) =>
    t`No training loss changes by more than ${{ text: String(percent), value: percent }} % in the last epoch`,
  stillChanging: ({ whos, percent }: { whos: readonly Who[]; percent: number }) =>
    t`The training loss still changes by more than ${{ text: String(percent), value: percent }} % in the last epoch for ${named(whos)}`,
  subtitle: ({ basis }: { basis: Text }) =>
    t`${basis} · change of the training loss from each epoch to the next, percent of the former; the nearer to 0, the more converged`,
  alt: "Percentage change of the training loss over the epochs.",
  axis: "change of the training loss, %",
  terms:
    "Settled: the first epoch from which on the training loss stays within 5 % of its way around the last value; a loss that still falls at the end settles in the last epochs only. Smoothness: 1 for a test accuracy that never turns back. Fluctuation: its standard deviation from epoch to epoch once the loss has settled.",
};
