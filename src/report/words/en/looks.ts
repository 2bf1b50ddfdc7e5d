import { durationOf, shareOf, type Text, t } from "../../text.ts";

/** What a design came to, and what it cost. Shares of the level are fractions. */
export interface LooksEnd {
  end: "decided" | "all seeds" | "futile" | null;
  seeds: number;
  most: number;
  open: number;
  questions: number;
  trials: number;
  seconds: number;
  spent: number;
  level: number;
}

const cost = (f: LooksEnd): Text =>
  t`${f.trials} trials, ${durationOf(f.seconds)} of training, ${shareOf(f.spent)} of the level's ${shareOf(f.level)} spent.`;

export const looks = {
  heading: "Looks",
  none: "No look has been taken yet.",
  end: (f: LooksEnd): Text => {
    switch (f.end) {
      case "decided":
        return t`All is decided after ${f.seeds} of at most ${f.most} seeds: ${cost(f)}`;
      case "all seeds":
        return t`${f.open} of ${f.questions} undecided after all ${f.most} seeds: ${cost(f)}`;
      case "futile":
        return t`Stopped with ${f.open} of ${f.questions} undecided after ${f.seeds} of at most ${f.most} seeds, as more would hardly decide them: ${cost(f)}`;
      case null:
        return t`${f.open} of ${f.questions} undecided so far, at ${f.seeds} of at most ${f.most} seeds: ${cost(f)}`;
    }
  },
  methods: ({ claims, sizes, spending }: { claims: boolean; sizes: string; spending: string }): Text =>
    t`Seeds were added in blocks until ${claims ? "every claim was" : "every difference to the first was"} decided, with looks at ${sizes} seeds, as was stated before the first of them. At each look a single two-sided test at 5 % decides beyond the boundary below; how much of the 5 % it may use up by then follows the spending function of ${spending} (Lan and DeMets, 1983). The p of differences, equivalences and claims hold over all looks so far (Liu and Anderson, 2008), and Holm's correction of them for several tests (Maurer and Bretz, 2013); their intervals are repeated 95 % intervals, which hold at all looks together (Jennison and Turnbull, 1989).`,
  caption: ({ claims }: { claims: boolean }): string =>
    `The looks as they were planned, and what was spent and ${claims ? "which claims were" : "what was"} decided by then.`,
  columns: {
    look: "look",
    seeds: "seeds",
    trials: "trials",
    training: "training",
    boundary: "boundary, z",
    p: "p to decide",
    spent: "level spent",
    decided: "decided",
    open: "open",
  },
  decided: ({ n, of }: { n: number; of: number }): string => `${n} of ${of}`,
  notTaken: "not taken",
};
