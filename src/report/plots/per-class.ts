import type { TopLevelSpec } from "vega-lite";
import { fitText, textWidth } from "../text-width.ts";
import { cellLayers, cellNames, NAME_LINE } from "./cells.ts";
import { FONT_SIZE, note, picture } from "./theme.ts";

export interface PerClassRow {
  label: string;
  /** Fraction of each class that is recognized. */
  recall: readonly number[];
}

export interface PerClassOptions {
  width: number;
  title: string;
  classes: readonly string[];
  /** What the columns are. */
  what: string;
  /** The error that gets the full colour. */
  worst: number;
}

const ROW = 26;
/** Names that need more lines above each other are left out in part. */
const MOST_LINES = 4;

/** Recall of each class by configuration; the stronger the colour, the more of the class is missed. */
export function perClass(
  rows: readonly PerClassRow[],
  { width, title, classes, what, worst }: PerClassOptions,
): TopLevelSpec {
  const labelWidth = Math.min(
    0.4 * width,
    Math.max(...[what, ...rows.map((r) => r.label)].map((t) => textWidth(t, FONT_SIZE))),
  );
  const left = Math.ceil(labelWidth) + 14;
  const cell = (width - left - 4) / classes.length;
  const widest = Math.max(...classes.map((c) => textWidth(c, FONT_SIZE)));
  const needed = Math.ceil((widest + 4) / cell);
  const lines = needed <= MOST_LINES ? needed : 1;
  const margin = { left, right: 4, top: 44 + (lines - 1) * NAME_LINE, bottom: 4 };
  const room = cell >= textWidth("99.9", FONT_SIZE) + 4 ? 1 : cell >= textWidth("100", 11) + 2 ? 0 : -1;
  const cells = rows.flatMap((r, row) =>
    r.recall.map((recall, column) => ({
      column,
      row,
      heat: (1 - recall) / worst,
      text: room < 0 ? "" : (recall * 100).toFixed(recall === 1 ? 0 : room),
    })),
  );
  const every = Math.ceil(needed / lines);
  // The first and the last may reach beyond the columns, as far as there is room.
  const names = classes.map((c, i) => (i % every === 0 ? fitText(c, cell * every * lines, FONT_SIZE) : ""));
  const labels = rows.map((r) => fitText(r.label, labelWidth, FONT_SIZE));
  return picture(width, rows.length * ROW + margin.top + margin.bottom, margin, [
    ...cellLayers(cells, cell, ROW, room > 0 ? FONT_SIZE : 11),
    ...cellNames(names, labels, cell, ROW, { lines }),
    note(title, -margin.left + 2, -margin.top + 10),
    note(what, -8, -9, { align: "right" }),
  ]);
}
