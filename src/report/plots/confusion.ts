import type { TopLevelSpec } from "vega-lite";
import { fitText, textWidth } from "../text-width.ts";
import type { PlotWords } from "../words/en/plots.ts";
import { cellLayers, cellNames } from "./cells.ts";
import { FONT_SIZE, note, picture } from "./theme.ts";

export interface ConfusionOptions {
  words: PlotWords;
  width: number;
  classes: readonly string[];
  /** The share of a class that gets the full colour. */
  worst: number;
}

/** Each row's numbers as shares of the row; a row without samples stays 0. */
export function rowNormalized(confusion: readonly (readonly number[])[]): number[][] {
  return confusion.map((row) => {
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((n) => (total > 0 ? n / total : 0));
  });
}

/** `2.1`, `12`, `<.1`, nothing for 0: percent in little space. */
function short(share: number): string {
  if (share === 0) return "";
  const percent = share * 100;
  return percent < 0.05 ? "·" : percent.toFixed(percent < 9.95 ? 1 : 0);
}

/** Which class (row) is taken for which (column), in percent of the row; right answers are muted so that errors show. */
export function confusion(
  counts: readonly (readonly number[])[],
  { width, classes, worst, words }: ConfusionOptions,
): TopLevelSpec {
  const n = classes.length;
  const left = Math.min(90, Math.max(...classes.map((c) => textWidth(c, FONT_SIZE)))) + 34;
  const margin = { left, right: 2, top: 44, bottom: 4 };
  const cell = (width - margin.left - margin.right) / n;
  const numbers = cell >= textWidth("9.9", 10) + 2;
  const cells = rowNormalized(counts).flatMap((row, i) =>
    row.map((share, j) => ({
      column: j,
      row: i,
      heat: i === j ? 0 : share / worst,
      text: numbers ? short(share) : "",
      quiet: i === j,
    })),
  );
  const every = Math.ceil(16 / cell);
  const columnNames = classes.map((c, i) => (i % every === 0 ? fitText(c, cell * every, FONT_SIZE) : ""));
  const rowNames = classes.map((c, i) => (i % every === 0 ? fitText(c, 90, FONT_SIZE) : ""));
  return picture(width, n * cell + margin.top + margin.bottom, margin, [
    ...cellLayers(cells, cell, cell, 10),
    ...cellNames(columnNames, rowNames, cell, cell),
    note(words.takenFor, (n * cell) / 2, -margin.top + 12, { align: "center" }),
    note(words.class, -margin.left + 10, (n * cell) / 2, { align: "center", angle: -90 }),
  ]);
}
