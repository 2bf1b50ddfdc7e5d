/** What is said of tuning, wherever it is said. */
import type { Hyperparameters } from "../run/records.ts";
import { plain } from "./labels.ts";
import type { TunedCell, TuningResults } from "./tuning.ts";
import { type Words, wordsIn } from "./words/index.ts";

export const parameterName = (key: string): string => plain(key.slice(key.indexOf(".") + 1));
/** `learning rate 0.05, gamma 2` */
export const settingText = (values: Hyperparameters): string =>
  Object.entries(values)
    .map(([key, value]) => `${parameterName(key)} ${value}`)
    .join(", ");

/** Those that are tuned have no row among the configurations: they are of other hyperparameters. */
export const whoOf = ({ label }: TunedCell) => ({ label, key: label });

export const epochsOf = (cells: readonly TunedCell[]): number[] =>
  [...new Set(cells.flatMap((c) => c.candidates.map((k) => k.epochs)))].sort((a, b) => a - b);

/** How candidates were found and judged, in full. */
export const tuningMethod = (results: TuningResults, { tuning }: Words = wordsIn("en")): string =>
  tuning.method({
    ...results,
    space: results.space.map(({ key, range }) => ({ name: parameterName(key), range: range?.text ?? null })),
    epochs: epochsOf(results.cells),
  });

/** What a reader must know before believing that these are the best values. */
export function warningsOf(
  { cells, space }: Pick<TuningResults, "cells" | "space">,
  { tuning }: Words = wordsIn("en"),
): string[] {
  const edges = cells.flatMap(({ label, edges }) =>
    edges.map((edge) => tuning.atEdge({ ...edge, label, name: plain(edge.name) })),
  );
  const over = cells.some((c) => c.chosen);
  const dead = cells.filter((c) => over && c.candidates.length > 0 && !c.chosen).map(whoOf);
  const fixed = cells
    .filter((c) => c.candidates.length > 0 && c.candidates.every((k) => Object.keys(k.values).length === 0))
    .map(whoOf);
  return [
    ...edges,
    ...(dead.length > 0 ? [tuning.noneTrained({ whos: dead })] : []),
    ...(fixed.length > 0 && space.length > 0 ? [tuning.nothingTuned({ whos: fixed })] : []),
  ];
}
