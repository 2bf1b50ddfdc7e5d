import { distanceOf, joined, name, percentOf, pointsSize, type Text, t, type Who } from "../../text.ts";
import type { Rated } from "../kinds.ts";
import { counted, is, named } from "./grammar.ts";

export const ranking = {
  heading: "Ranking",
  caption: ({ data, seeds, hasValidation }: { data: string | null; seeds: number | null; hasValidation: boolean }) => {
    const count = seeds === null ? t`` : t` (${counted(seeds, "seed")})`;
    const means = seeds === 1 ? t`One seed: no intervals` : t`Means over the seeds with 95 % intervals${count}`;
    const best = hasValidation
      ? "; at best validation: test accuracy at the epoch with the best validation accuracy"
      : "";
    return t`${data === null ? "" : t`${{ text: data }}. `}${means}; final epoch${best}.`;
  },
  exactP: ({ adjusted, p }: { adjusted: number; p: number | null }): string =>
    `${adjusted}; against the first alone, uncorrected, ${p ?? "–"}`,
  columns: {
    testAccuracy: "test accuracy, %",
    difference: "to the first, points",
    p: "p",
    order: "order",
    testLoss: "test loss",
    trainAccuracy: "train accuracy, %",
    atBestValidation: "at best validation, %",
  },
  /** Of the table in a terminal, where there is little room. */
  terminal: {
    configuration: "configuration",
    testAccuracy: "test acc., %",
    difference: "to first, points",
    testLoss: "test loss",
    trainAccuracy: "train acc., %",
    atBestValidation: "at best val., %",
    seeds: "seeds",
  },
  standings: {
    first: "",
    equal: "equal in every seed",
    equivalent: "equivalent",
    undecided: "undecided",
    behind: "behind",
    unfinished: "",
  },
  chance: { stays: "stays at chance", ends: "ends at chance" },
  methods: ({ rivals, margin, repeated }: { rivals: number; margin: number; repeated: boolean }) =>
    t`Differences to the first are means of the differences seed by seed (same initial weights, same batches), each with its 95 % ${repeated ? "repeated" : "t"} interval. Behind: surely not the best (p ≤ 0.05), as by a paired t test another is ahead of it${rivals > 1 ? t`; p is corrected for the others that each is held against, up to ${rivals} (multiple comparisons with the best, Hsu, 1984), or by Holm's method for all pairs where that asks less` : ""}. So one that is as good as the best is called behind in at most 2.5 % of studies, and a sole winner is named where there is none in at most 5 %. Equivalent: two one-sided tests${rivals > 1 ? ", corrected alike," : ""} find the difference to the first smaller than ${pointsSize(margin)} points. Undecided: neither can be said.`,
  oneEnds: ({ who, value }: Rated) => t`${name(who)} ends at ${percentOf(value.mean, who)}`,
  endClose: ({ whos, within }: { whos: readonly Who[]; within: number }) =>
    t`${named(whos)} end within ${distanceOf(within)} points`,
  endsHighest: ({ who, value }: Rated) => t`${name(who)} ends highest at ${percentOf(value.mean, who)}`,
  oneLower: ({ who, by }: { who: Who; by: number }) => t`${name(who)} ends ${distanceOf(by, who)} points lower`,
  manyLower: ({ whos, from, to }: { whos: readonly Who[]; from: number; to: number }) =>
    t`${whos.length > 3 ? t`the other ${whos.length}` : named(whos)} end ${distanceOf(from)} to ${distanceOf(to)} points lower`,
  atChance: ({ kind, whos }: { kind: "stays" | "ends"; whos: readonly Who[] }) =>
    t`${named(whos)} ${kind === "stays" ? is(whos, "stays", "stay") : is(whos, "ends", "end")} at chance`,
  subtitle: ({ basis, several, cut }: { basis: Text; several: boolean; cut: boolean }) =>
    t`${basis} · ${several ? "mean and 95 % interval over the seeds" : "one seed each: no intervals"}, sorted${cut ? " · arrows: beyond the axis" : ""}`,
  alt: ({ rows }: { rows: readonly Rated[] }) =>
    joined(
      rows.map(({ who, value }) => t`${name(who)} ${percentOf(value.mean, who)}`),
      ", ",
    ),
  axis: "test accuracy after the last epoch, %",
  differenceAxis: "difference to the first, points",
  chanceLevel: "chance",
  first: "first",
  noResult: "no result",
  estimates: {
    heading: "Other estimates of the test accuracy",
    caption:
      "Final test accuracy over the seeds that finished, in percent, with 95 % intervals: t (normal seeds) and bootstrap (BCa; interquartile mean: percentile), which is too narrow with few seeds.",
    diverged: "diverged",
    of: ({ n, trials }: { n: number; trials: number }): string => `${n} of ${trials}`,
    mean: "mean",
    deviation: "deviation",
    tInterval: "t interval",
    bootstrap: "bootstrap interval",
    median: "median",
    interquartileMean: "interquartile mean",
    itsInterval: "its interval",
  },
};
