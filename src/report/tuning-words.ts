/** What is said of tuning, wherever it is said. */
import type { Hyperparameters } from "../run/records.ts";
import { listed, plural } from "../util/format.ts";
import { plain } from "./labels.ts";
import type { TunedCell, TuningResults } from "./tuning.ts";
import { named, verb } from "./wording.ts";

export const MEASURES = { accuracy: "accuracy", balancedAccuracy: "balanced accuracy", macroF1: "macro F1" } as const;
const SEARCHES: Record<string, string> = {
  random: "random search",
  quasiRandom: "quasi-random search",
  successiveHalving: "successive halving",
};

export const parameterName = (key: string): string => plain(key.slice(key.indexOf(".") + 1));
/** `learning rate 0.05, gamma 2` */
export const settingText = (values: Hyperparameters): string =>
  Object.entries(values)
    .map(([key, value]) => `${parameterName(key)} ${value}`)
    .join(", ");

/** How candidates were found and judged, in full. */
export function tuningMethod({
  space,
  search,
  candidates,
  trials,
  rounds,
  seeds,
  measure,
  at,
  cells,
}: TuningResults): string {
  const what = space.map(({ key, range }) => `${parameterName(key)} from ${range?.text ?? "a list"}`);
  const turns =
    rounds > 1
      ? `, in ${rounds} rounds of ${listed(epochsOf(cells).map(String))} epochs, after each of which the best go on`
      : "";
  return [
    `Each configuration got its own ${listed(what)}, by ${SEARCHES[search] ?? search}: ${plural(candidates, "candidate")}, the same for every configuration${turns}.`,
    `They were judged by ${MEASURES[measure]} on the validation split after ${at === "last" ? "their last epoch" : "their best epoch"}, with ${plural(seeds.length, "seed")} of their own (${named(seeds.map(String))}); of equally good ones the one in their middle was taken. ${trials} trials were spent on this.`,
    "The test split had no part in it, and the comparison has other seeds.",
  ].join(" ");
}

export const epochsOf = (cells: readonly TunedCell[]): number[] =>
  [...new Set(cells.flatMap((c) => c.candidates.map((k) => k.epochs)))].sort((a, b) => a - b);

/** What a reader must know before believing that these are the best values. */
export function warningsOf({ cells, space }: Pick<TuningResults, "cells" | "space">): string[] {
  const edges = cells.flatMap(({ label, edges }) =>
    edges.map(
      ({ name, value, side, range }) =>
        `The chosen ${plain(name)} of ${label}, ${value}, is the ${side} of all candidates${range ? `, at the edge of ${range}` : ""}: a better one may lie beyond.`,
    ),
  );
  const over = cells.some((c) => c.chosen);
  const dead = cells.filter((c) => over && c.candidates.length > 0 && !c.chosen);
  const without =
    dead.length > 0
      ? [
          `Of ${named(dead.map((c) => c.label))} no candidate trained to the end: ${verb(dead, "it is", "they are")} missing among the tuned configurations.`,
        ]
      : [];
  const fixed = cells.filter(
    (c) => c.candidates.length > 0 && c.candidates.every((k) => Object.keys(k.values).length === 0),
  );
  const nothing =
    fixed.length > 0 && space.length > 0
      ? [`${named(fixed.map((c) => c.label))} ${verb(fixed, "has", "have")} nothing that was tuned.`]
      : [];
  return [...edges, ...without, ...nothing];
}
