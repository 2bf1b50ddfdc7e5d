import type { TopLevelSpec } from "vega-lite";
import { ink } from "../palette.ts";
import { fitText, textWidth } from "../text-width.ts";
import { cellLayers } from "./cells.ts";
import { FONT_SIZE, type Layer, note, picture, pixel } from "./theme.ts";

export interface StabilityRow {
  label: string;
  /** Belongs to the row above. */
  second: boolean;
  /** By quantity, then by logit. */
  cells: readonly (readonly { error: number; text: string }[])[];
}

export interface StabilityOptions {
  width: number;
  /** Names of the logits. */
  columns: readonly string[];
}

const ROW = 20;
const GAP = 14;
const TITLES = ["loss, at logit", "gradient, at logit"];

/** From the rounding of float32 (no colour) to results that are wrong in the first digit or are no numbers. */
const heat = (error: number): number =>
  Number.isFinite(error) ? Math.min(1, Math.max(0, (Math.log10(error) + 6) / 6)) : 1;

/** Errors of losses in cells: values left, gradients right, a row for each version. */
export function stabilityPlot(rows: readonly StabilityRow[], { width, columns }: StabilityOptions): TopLevelSpec {
  const labels = Math.min(0.3 * width, Math.max(...rows.map((r) => textWidth(r.label, FONT_SIZE))) + 12);
  const margin = { left: Math.ceil(labels) + 10, right: 4, top: 44, bottom: 4 };
  const parts = rows[0].cells.length;
  const cell = (width - margin.left - margin.right - (parts - 1) * GAP) / (parts * columns.length);
  const left = (part: number): number => part * (columns.length * cell + GAP);
  const names = rows.map((r, i) => ({
    text: fitText(r.label, labels, FONT_SIZE),
    px: -8,
    py: (i + 0.5) * ROW,
    color: ink(r.second ? "muted" : "ink"),
  }));
  const fits = cell >= textWidth("6e-8", 10) + 1;
  const shift = (layer: Layer, px: number): Layer => {
    const { data } = layer as { data: { values: Record<string, number>[] } };
    const moved = data.values.map((v) => ({ ...v, x0: v.x0 + px, x1: v.x1 + px, px: v.px + px }));
    return { ...layer, data: { values: moved } } as Layer;
  };
  return picture(width, rows.length * ROW + margin.top + margin.bottom, margin, [
    ...Array.from({ length: parts }, (_, part): Layer[] => {
      const cells = rows.flatMap((r, row) =>
        r.cells[part].map(({ error, text }, column) => ({ column, row, heat: heat(error), text: fits ? text : "" })),
      );
      const heads = columns.map((text, i) => ({ text, px: left(part) + (i + 0.5) * cell, py: -9 }));
      return [
        ...cellLayers(cells, cell, ROW, 10).map((layer) => shift(layer, left(part))),
        {
          data: { values: heads },
          mark: { type: "text", align: "center", baseline: "middle", color: ink("muted"), fontSize: 11 },
          encoding: { x: pixel("px"), y: pixel("py"), text: { field: "text", type: "nominal" } },
        },
        note(TITLES[part], left(part), -margin.top + 12),
      ];
    }).flat(),
    {
      data: { values: names },
      mark: { type: "text", align: "right", baseline: "middle" },
      encoding: {
        x: pixel("px"),
        y: pixel("py"),
        text: { field: "text", type: "nominal" },
        color: { field: "color", type: "nominal", scale: null, legend: null },
      },
    },
  ]);
}
