/** Words within pictures. */
export const plots = {
  epoch: "epoch",
  seconds: "seconds",
  logAxis: ({ title }: { title: string }): string => `${title}, log axis`,
  axisFrom: ({ title, from }: { title: string; from: number }): string => `${title}, axis from ${from}`,
  chance: ({ percent }: { percent: number }): string => `chance ${percent} %`,
  train: "train",
  heldOut: { test: "test", validation: "validation" },
  class: "class",
  takenFor: "taken for",
  accuracy: "accuracy",
  confidence: "confidence",
  mostInBin: ({ n }: { n: number }): string => `most in a bin: ${n}`,
  rowMinusColumn: "row minus column, points",
  shareAbove: "share of trials above",
  criticalDifference: ({ size, beyond }: { size: string; beyond: boolean }): string =>
    `critical difference ${size}${beyond ? ", wider than the axis" : ""}`,
};
export type PlotWords = typeof plots;
