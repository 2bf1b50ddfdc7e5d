import type { TopLevelSpec } from "vega-lite";
import type { Verdict } from "../../stats/family.ts";
import { ink } from "../palette.ts";
import { fitText, textWidth } from "../text-width.ts";
import type { PlotWords } from "../words/en/plots.ts";
import { cellLayers, cellNames } from "./cells.ts";
import { FONT_SIZE, note, picture, pixel } from "./theme.ts";

/** A row minus a column. */
export interface PairCell {
  verdict: Verdict;
  /** In percentage points, as said: `+0.31`. */
  text: string;
  positive: boolean;
  negligible: boolean;
}

export interface PairMatrixOptions {
  words: PlotWords;
  width: number;
  labels: readonly string[];
}

/** The signs of cells that are too small for numbers. */
const sign = ({ verdict, positive }: PairCell): string =>
  verdict === "equal" ? "=" : verdict === "equivalent" ? "≈" : verdict === "undecided" ? "·" : positive ? "+" : "−";

/** All pairs: coloured where the row is ahead, quiet where that is undecided. `cells[row][column]`; null on the diagonal. */
export function pairMatrix(
  cells: readonly (readonly (PairCell | null)[])[],
  { width, labels, words }: PairMatrixOptions,
): TopLevelSpec {
  const n = labels.length;
  // The number of a row stands apart from its name, which may end with one itself.
  const away = 22 + textWidth(String(n), FONT_SIZE);
  const left = Math.min(0.42 * width, Math.max(...labels.map((l) => textWidth(l, FONT_SIZE))) + away) + 6;
  const margin = { left: Math.ceil(left), right: 8, top: 24, bottom: 20 };
  const cell = Math.min(74, (width - margin.left - margin.right) / n);
  const height = Math.min(cell, 30);
  const widest = Math.max(0, ...cells.flatMap((row) => row.map((c) => (c ? textWidth(`≈ ${c.text}`, 11) : 0))));
  const numbers = cell >= widest + 4 && height >= 14;
  const drawn = cells.flatMap((row, i) =>
    row.flatMap((c, j) => {
      if (!c) return [];
      const open = c.verdict === "undecided";
      const said = c.verdict === "equivalent" ? `≈ ${c.text}` : c.verdict === "equal" ? "=" : c.text;
      const heat = c.verdict === "different" && c.positive ? (c.negligible ? 0.3 : 1) : 0;
      return [{ column: j, row: i, heat, text: numbers ? said : sign(c), quiet: open || c.verdict === "equal" }];
    }),
  );
  const every = Math.ceil(20 / cell);
  return picture(margin.left + n * cell + margin.right, n * height + margin.top + margin.bottom, margin, [
    ...cellLayers(drawn, cell, height, 11),
    ...cellNames(
      labels.map((_, i) => (i % every === 0 ? String(i + 1) : "")),
      labels.map((l) => fitText(l, margin.left - away - 6, FONT_SIZE)),
      cell,
      height,
      { away },
    ),
    {
      data: { values: labels.map((_, i) => ({ text: String(i + 1), px: -8, py: (i + 0.5) * height })) },
      mark: { type: "text", align: "right", baseline: "middle", color: ink("muted") },
      encoding: { x: pixel("px"), y: pixel("py"), text: { field: "text", type: "nominal" } },
    },
    note(words.rowMinusColumn, 0, n * height + 12),
  ]);
}
