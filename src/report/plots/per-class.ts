import type { TopLevelSpec } from "vega-lite";
import { fitText, textWidth } from "../text-width.ts";
import { cellLayers, cellNames } from "./cells.ts";
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

/** Recall of each class by configuration; the stronger the colour, the more of the class is missed. */
export function perClass(
  rows: readonly PerClassRow[],
  { width, title, classes, what, worst }: PerClassOptions,
): TopLevelSpec {
  const labelWidth = Math.min(
    0.4 * width,
    Math.max(...[what, ...rows.map((r) => r.label)].map((t) => textWidth(t, FONT_SIZE))),
  );
  const margin = { left: Math.ceil(labelWidth) + 14, right: 4, top: 44, bottom: 4 };
  const cell = (width - margin.left - margin.right) / classes.length;
  const room = cell >= textWidth("99.9", FONT_SIZE) + 4 ? 1 : cell >= textWidth("100", 11) + 2 ? 0 : -1;
  const cells = rows.flatMap((r, row) =>
    r.recall.map((recall, column) => ({
      column,
      row,
      heat: (1 - recall) / worst,
      text: room < 0 ? "" : (recall * 100).toFixed(recall === 1 ? 0 : room),
    })),
  );
  const every = Math.ceil((textWidth(classes.at(-1) ?? "", FONT_SIZE) + 4) / cell);
  const names = classes.map((c, i) => (i % every === 0 ? fitText(c, cell * every, FONT_SIZE) : ""));
  const labels = rows.map((r) => fitText(r.label, labelWidth, FONT_SIZE));
  return picture(width, rows.length * ROW + margin.top + margin.bottom, margin, [
    ...cellLayers(cells, cell, ROW, room > 0 ? FONT_SIZE : 11),
    ...cellNames(names, labels, cell, ROW),
    note(title, -margin.left + 2, -margin.top + 10),
    note(what, -8, -9, { align: "right" }),
  ]);
}
