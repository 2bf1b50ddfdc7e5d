import { fixedOf, joined, name, numberOf, percentOf, pOf, t, type Who } from "../../text.ts";
import { counted, is, named } from "./grammar.ts";

type Kind = "data sets" | "data conditions";

export const dataSets = {
  headings: { "data sets": "Over the data sets", "data conditions": "Over the data conditions" } as Record<
    Kind,
    string
  >,
  bestRank: ({ who, rank, close, others }: { who: Who; rank: number; close: readonly Who[]; others: number }) => {
    const start = t`${name(who)} has the best mean rank, ${fixedOf(rank, 2, who)}`;
    if (close.length === 0) return t`${start}, and is told apart from all others`;
    const same = close.length === others ? "no other is" : t`${named(close)} ${is(close, "is", "are")} not`;
    return t`${start}; ${same} told apart from it`;
  },
  ranksSubtitle: ({ data, study, kind }: { data: readonly string[]; study: string; kind: Kind }) =>
    t`${{ text: data.join(", ") }} · ranks of the mean test accuracy of ${{ text: study }} on each of ${data.length} ${kind} · bars join what differs by less than the critical difference (Nemenyi, 5 %)`,
  ranksAlt: ({ rows }: { rows: readonly { who: Who; rank: number }[] }) =>
    joined(
      rows.map(({ who, rank }) => t`${name(who)} ${fixedOf(rank, 2, who)}`),
      ", ",
    ),
  caption:
    "Mean test accuracy in percent, mean rank, and interquartile mean over all trials with its 95 % bootstrap interval.",
  columns: { meanRank: "mean rank", interquartileMean: "interquartile mean", itsInterval: "its interval" },
  profilesTitle: ({ who, value }: { who: Who; value: number }) =>
    t`${name(who)} has the highest interquartile mean over all trials, ${percentOf(value, who)}`,
  profilesSubtitle: ({ kind }: { kind: Kind }): string =>
    `share of trials whose final test accuracy is above each threshold, all ${kind} weighed alike`,
  profilesAlt: ({ n }: { n: number }) => t`Performance profiles of ${counted(n, "configuration")}.`,
  axis: "test accuracy, %",
  methods: (f: { data: number; kind: Kind; configurations: number; chiSquared: number; p: number; fP: number }) => {
    const few = f.data < 5 ? t` With ${f.data} ${f.kind} only very large differences of ranks can be found.` : t``;
    return t`Friedman's test of equal ranks over ${f.data} ${f.kind} and ${counted(f.configurations, "configuration")}: χ² = ${numberOf(f.chiSquared, 3)}, p ${pOf(f.p)}; by Iman and Davenport's F p ${pOf(f.fP)}.${few}`;
  },
};
