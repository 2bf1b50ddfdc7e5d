import type { TopLevelSpec } from "vega-lite";
import { ink } from "../palette.ts";
import { fitText, textWidth } from "../text-width.ts";
import { type Cell, cellLayers, cellNames, NAME_LINE } from "./cells.ts";
import { FONT_SIZE, type Layer, picture, pixel } from "./theme.ts";

/** How one of the compared stands in one comparison. */
export interface StandingCell {
  text: string;
  /** Alone the best, one of those that may be the best, or neither. */
  heat: "best" | "may" | null;
}

export interface StandingRow {
  name: string;
  /** Belongs to the row above that has no cells. */
  inner: boolean;
  /** Of each column; null where it is not compared. Empty in a row that only names those below it. */
  cells: (StandingCell | null)[];
}

const ROW = 24;
const INDENT = 12;

const uprightNames = (columns: readonly string[], cell: number): Layer[] => [
  {
    data: { values: columns.map((text, i) => ({ text, px: (i + 0.5) * cell, py: -9 })) },
    mark: { type: "text", align: "left", baseline: "middle", angle: -90, color: ink("muted") },
    encoding: { x: pixel("px"), y: pixel("py"), text: { field: "text", type: "nominal" } },
  },
];

/** Who stands how in each of many comparisons: one row each, a column for each of the compared. */
export function standings(columns: readonly string[], rows: readonly StandingRow[], width: number): TopLevelSpec {
  const widest = Math.max(...rows.map(({ name, inner }) => textWidth(name, FONT_SIZE) + (inner ? INDENT : 0)));
  const left = Math.ceil(Math.min(0.42 * width, widest) + 10);
  const right = 4;
  const cell = Math.min(96, (width - left - right) / columns.length);
  const longest = Math.max(...columns.map((name) => textWidth(name, FONT_SIZE)));
  // Neighbours on two lines where a name is wider than its column; upright where that is not enough.
  const lines = longest <= cell - 6 ? 1 : 2;
  const upright = longest > lines * cell - 6;
  const margin = { left, right, top: upright ? Math.ceil(longest) + 14 : 10 + lines * NAME_LINE, bottom: 4 };
  const fits = Math.max(...rows.flatMap(({ cells }) => cells.map((c) => textWidth(c?.text ?? "", 11)))) <= cell - 4;
  const drawn = rows.flatMap(({ cells }, row) =>
    cells.flatMap((c, column): Cell[] =>
      c
        ? [{ column, row, heat: c.heat === "best" ? 1 : c.heat === "may" ? 0.35 : 0, text: fits ? c.text : c.heat ? "" : "·", quiet: c.heat === null }] // biome-ignore format: one line
        : [],
    ),
  );
  const text = { field: "text", type: "nominal" as const };
  const names: Layer[] = [
    {
      data: {
        values: rows.map(({ name, inner }, i) => {
          const indent = inner ? INDENT : 0;
          return { text: fitText(name, left - 10 - indent, FONT_SIZE), px: indent - left, py: (i + 0.5) * ROW };
        }),
      },
      mark: { type: "text", align: "left", baseline: "middle" },
      encoding: { x: pixel("px"), y: pixel("py"), text },
    },
    ...(upright ? uprightNames(columns, cell) : cellNames(columns, [], cell, ROW, { lines })),
  ];
  const height = rows.length * ROW + margin.top + margin.bottom;
  return picture(left + columns.length * cell + right, height, margin, [...cellLayers(drawn, cell, ROW, 11), ...names]);
}
