import { plainText, type Who } from "../../text.ts";
import { counted, is, listed, named, some } from "./grammar.ts";

const MEASURES = { accuracy: "accuracy", balancedAccuracy: "balanced accuracy", macroF1: "macro F1" };
const SEARCHES: Record<string, string> = {
  random: "random search",
  quasiRandom: "quasi-random search",
  successiveHalving: "successive halving",
};

export interface TuningFacts {
  /** Names of the hyperparameters, and what they were drawn from; null of lists. */
  space: readonly { name: string; range: string | null }[];
  search: string;
  candidates: number;
  /** Epochs of each round. */
  epochs: readonly number[];
  rounds: number;
  measure: keyof typeof MEASURES;
  at: "last" | "best";
  seeds: readonly number[];
  trials: number;
}

export interface ChosenAt {
  value: string;
  whos: readonly Who[];
}

const all = (words: readonly (string | number)[]): string => plainText(listed(words.map(String)));
const names = (whos: readonly Who[]): string => plainText(named(whos));

export const tuning = {
  heading: "Tuning",
  measures: MEASURES,
  method: (f: TuningFacts): string => {
    const what = f.space.map(({ name, range }) => `${name} from ${range ?? "a list"}`);
    const turns =
      f.rounds > 1 ? `, in ${f.rounds} rounds of ${all(f.epochs)} epochs, after each of which the best go on` : "";
    return [
      `Each configuration got its own ${all(what)}, by ${SEARCHES[f.search] ?? f.search}: ${plainText(counted(f.candidates, "candidate"))}, the same for every configuration${turns}.`,
      `They were judged by ${MEASURES[f.measure]} on the validation split after ${f.at === "last" ? "their last epoch" : "their best epoch"}, with ${plainText(counted(f.seeds.length, "seed"))} of their own (${plainText(some(f.seeds.map(String)))}); of equally good ones the one in their middle was taken. ${f.trials} trials were spent on this.`,
      "The test split had no part in it, and the comparison has other seeds.",
    ].join(" ");
  },
  atEdge: (f: {
    label: string;
    name: string;
    value: number;
    side: "lowest" | "highest";
    range: string | null;
  }): string =>
    `The chosen ${f.name} of ${f.label}, ${f.value}, is the ${f.side} of all candidates${f.range ? `, at the edge of ${f.range}` : ""}: a better one may lie beyond.`,
  noneTrained: ({ whos }: { whos: readonly Who[] }): string =>
    `Of ${names(whos)} no candidate trained to the end: ${is(whos, "it is", "they are")} missing among the tuned configurations.`,
  nothingTuned: ({ whos }: { whos: readonly Who[] }): string =>
    `${names(whos)} ${is(whos, "has", "have")} nothing that was tuned.`,
  sentences: (all: readonly string[]): string => all.join(" "),
  caption:
    "What was chosen for each configuration, and test accuracy on the comparison's seeds with the stated and with the tuned hyperparameters; gain: tuned minus untuned, seed by seed, with its 95 % interval.",
  columns: { chosen: "chosen", untuned: "untuned, %", tuned: "tuned, %", gain: "gain, points", diverged: "diverged" },
  validation: ({ measure }: { measure: keyof typeof MEASURES }): string => `validation ${MEASURES[measure]}, %`,
  nothingToTune: "nothing to tune",
  of: ({ n, all }: { n: number; all: number }): string => `${n} of ${all}`,
  title: ({ name, low, high }: { name: string; low: ChosenAt | null; high: ChosenAt | null }): string => {
    if (!low || !high) return `Candidates by ${name}`;
    if (low.value === high.value)
      return `${names(low.whos)} ${is(low.whos, "does", "do")} best at ${name} ${low.value}`;
    return `The best ${name} goes from ${low.value} (${names(low.whos)}) to ${high.value} (${names(high.whos)})`;
  },
  subtitle: (f: {
    data: string;
    measure: keyof typeof MEASURES;
    first: number;
    last: number;
    rounds: number;
  }): string => {
    const after =
      f.rounds > 1
        ? `after the first round of ${plainText(counted(f.first, "epoch"))}; single points: those that went on, after ${plainText(counted(f.last, "epoch"))}`
        : `after ${plainText(counted(f.first, "epoch"))}`;
    return `${f.data} · validation ${MEASURES[f.measure]} of every candidate ${after}; the large points were chosen`;
  },
  alt: (f: { measure: keyof typeof MEASURES; names: readonly string[]; whos: readonly Who[] }): string =>
    `Validation ${MEASURES[f.measure]} against ${all(f.names)} for ${names(f.whos)}.`,
};
