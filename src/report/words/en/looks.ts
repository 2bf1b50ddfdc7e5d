import { plainText } from "../../text.ts";
import { counted } from "./grammar.ts";

/** What a design had found and spent at its last look. */
export interface LooksEnd {
  end: "decided" | "all seeds" | "futile" | null;
  seeds: number;
  most: number;
  open: number;
  questions: number;
  trials: number;
  /** Of training, as said. */
  duration: string;
  /** Shares of the level, as said. */
  spent: string;
  level: string;
}

const of = (n: number, one: string): string => plainText(counted(n, one));

export const looks = {
  heading: "Looks",
  notYet: "No look has been taken yet.",
  end: (f: LooksEnd): string => {
    const cost = `${of(f.trials, "trial")}, ${f.duration} of training, ${f.spent} of the level's ${f.level} spent`;
    const undecided = `${f.open} of ${f.questions} undecided`;
    switch (f.end) {
      case "decided":
        return `All is decided after ${f.seeds} of at most ${of(f.most, "seed")}: ${cost}.`;
      case "all seeds":
        return `${undecided} after all ${of(f.most, "seed")}: ${cost}.`;
      case "futile":
        return `Stopped with ${undecided} after ${f.seeds} of at most ${of(f.most, "seed")}, as more would hardly decide them: ${cost}.`;
      case null:
        return `${undecided} so far, at ${f.seeds} of at most ${of(f.most, "seed")}: ${cost}.`;
    }
  },
  /** `looks at 3, 6, 9, … 30 seeds` */
  design: ({ sizes }: { sizes: readonly number[] }): string => {
    const shown = sizes.length > 5 ? [...sizes.slice(0, 3), `… ${sizes[sizes.length - 1]}`] : sizes;
    return `${sizes.length > 1 ? "looks" : "a look"} at ${shown.join(", ")} seeds`;
  },
  spendings: { pocock: "Pocock", obrienFleming: "O'Brien and Fleming" },
  methods: (f: { of: "claims" | "comparisons"; design: string; spending: string }): string =>
    `Seeds were added in blocks until ${f.of === "claims" ? "every claim was" : "every difference to the first was"} decided, with ${f.design}, as was stated before the first of them. At each look a single two-sided test at 5 % decides beyond the boundary below; how much of the 5 % it may use up by then follows the spending function of ${f.spending} (Lan and DeMets, 1983). The p of differences, equivalences and claims hold over all looks so far (Liu and Anderson, 2008), and Holm's correction of them for several tests (Maurer and Bretz, 2013); their intervals are repeated 95 % intervals, which hold at all looks together (Jennison and Turnbull, 1989).`,
  caption: ({ of }: { of: "claims" | "comparisons" }): string =>
    `The looks as they were planned, and what was spent and ${of === "claims" ? "which claims were" : "what was"} decided by then.`,
  columns: {
    look: "look",
    training: "training",
    boundary: "boundary, z",
    p: "p to decide",
    spent: "level spent",
    decided: "decided",
    open: "open",
  },
  of: ({ n, all }: { n: number; all: number }): string => `${n} of ${all}`,
  notTaken: "not taken",
};
