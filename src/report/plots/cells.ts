import { ink } from "../palette.ts";
import { textWidth } from "../text-width.ts";
import { asGiven, FONT_SIZE, type Layer, pixel } from "./theme.ts";

/** One cell of a table of rectangles. */
export interface Cell {
  column: number;
  row: number;
  /** 0 … 1: how strongly it is coloured. */
  heat: number;
  text: string;
  /** Written in a quiet colour. */
  quiet?: boolean;
}

/** A rectangle in pixels, with the strength of its colour. */
export interface Heat {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  /** 0 … 1, where 0 is not drawn. */
  heat: number;
}

/** Rectangles whose colour's strength is the heat. */
export const heatLayer = (values: readonly Heat[]): Layer => ({
  data: { values: values.filter((v) => v.heat > 0) },
  mark: { type: "rect", color: ink("heat") },
  encoding: {
    x: pixel("x0"),
    x2: { field: "x1" },
    y: pixel("y0"),
    y2: { field: "y1" },
    fillOpacity: { field: "heat", type: "quantitative", scale: null, legend: null },
  },
});

/** Rectangles whose colour's strength is the heat, with their texts inside. */
export function cellLayers(cells: readonly Cell[], width: number, height: number, fontSize: number): Layer[] {
  const values = cells.map((c) => ({
    x0: c.column * width + 0.5,
    x1: (c.column + 1) * width - 0.5,
    y0: c.row * height + 0.5,
    y1: (c.row + 1) * height - 0.5,
    heat: Math.round(Math.min(1, Math.max(0, c.heat)) * 70) / 100,
    text: c.text,
    px: (c.column + 0.5) * width,
    py: (c.row + 0.5) * height,
    color: ink(c.quiet ? "muted" : "ink"),
  }));
  return [
    heatLayer(values),
    {
      data: { values: values.filter((v) => v.text !== "") },
      mark: { type: "text", align: "center", baseline: "middle", fontSize },
      encoding: { x: pixel("px"), y: pixel("py"), text: { field: "text", type: "nominal" }, color: asGiven("color") },
    },
  ];
}

/** Height of a line of names above the columns. */
export const NAME_LINE = 14;

/**
 * Names along the top (centred; neighbours on so many lines, for those wider than a column) and down the left side (to the right, so
 * many pixels away).
 */
export function cellNames(
  columns: readonly string[],
  rows: readonly string[],
  width: number,
  height: number,
  { lines = 1, away = 8 }: { lines?: number; away?: number } = {},
): Layer[] {
  const text = { field: "text", type: "nominal" as const };
  // The last names end with the columns.
  const centre = (name: string, i: number): number =>
    Math.min((i + 0.5) * width, columns.length * width - textWidth(name, FONT_SIZE) / 2);
  return [
    {
      data: {
        values: columns.map((name, i) => ({ text: name, px: centre(name, i), py: -9 - (i % lines) * NAME_LINE })),
      },
      mark: { type: "text", align: "center", baseline: "middle", color: ink("muted") },
      encoding: { x: pixel("px"), y: pixel("py"), text },
    },
    {
      data: { values: rows.map((name, i) => ({ text: name, px: -away, py: (i + 0.5) * height })) },
      mark: { type: "text", align: "right", baseline: "middle" },
      encoding: { x: pixel("px"), y: pixel("py"), text },
    },
  ];
}
