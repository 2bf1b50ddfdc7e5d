import { name, numberOf, t, type Who } from "../../text.ts";

export const cost = {
  heading: "Cost",
  caption: "Time of training and of the evaluation after each epoch, per trial.",
  columns: {
    epoch: "seconds per epoch",
    step: "milliseconds per step",
    relative: "to the cheapest",
    total: "training time, all seeds",
  },
  steps: ({ value, steps }: { value: number; steps: number }): string => `${value} (${steps} steps)`,
  methods:
    "Trials that are trained together share one graph; the seconds of an epoch are the time of the whole group divided by its trials, so they compare well between groups and say little about trials within one.",
  timeTitle: "Seconds per epoch",
  fromTo: (f: { first: Who; firstSeconds: number; last: Who; lastSeconds: number }) =>
    t`An epoch takes ${numberOf(f.firstSeconds, 3, f.first)} s with ${name(f.first)}, ${numberOf(f.lastSeconds, 3, f.last)} s with ${name(f.last)}`,
};
