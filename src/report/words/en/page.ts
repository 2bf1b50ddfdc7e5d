/** Words of the page around the report. */
export const page = {
  code: "en",
  contents: "Contents",
  skip: "Skip to the content",
  colours: "Colours",
  themes: { auto: "system", light: "light", dark: "dark" },
  singleSeeds: "single seeds",
  series: "Shown",
  all: "all",
  curvesHint: "arrow keys: read along the curve; space: show or hide",
  data: "Data (CSV)",
  states: { running: "running", paused: "paused", interrupted: "interrupted", finished: "finished" },
  run: ({ id }: { id: string }): string => `run ${id}`,
  started: ({ at }: { at: string }): string => `started ${at} UTC`,
  trials: ({ trials, outcomes }: { trials: number; outcomes: string }): string =>
    `${trials} ${trials === 1 ? "trial" : "trials"}: ${outcomes}`,
  noTrials: "none",
  outcome: ({ n, status }: { n: number; status: string }): string => `${n} ${status}`,
  table: ({ n }: { n: number }): string => `Table ${n}.`,
  figure: ({ n }: { n: number }): string => `Figure ${n}.`,
  separator: ", ",
  epochValue: ({ epoch }: { epoch: string }): string => `epoch ${epoch}`,
};
