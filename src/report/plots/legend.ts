import type { SeriesStyle } from "../palette.ts";
import { fitText, textWidth } from "../text-width.ts";
import { asGiven, FONT_SIZE, type Layer, pixel } from "./theme.ts";

/** A name in a legend, with its place. */
export interface LegendPlace {
  label: string;
  style: SeriesStyle;
  x: number;
  line: number;
}

/** Height of a line of a legend. */
export const LEGEND_LINE = 18;

/** Swatches with their names above the plot, line after line. */
export function legend(series: readonly { label: string; style: SeriesStyle }[], width: number): LegendPlace[] {
  let [x, line] = [0, 0];
  return series.map(({ label: whole, style }) => {
    const label = fitText(whole, width - 24, FONT_SIZE);
    const needed = 24 + textWidth(label, FONT_SIZE);
    if (x > 0 && x + needed > width) [x, line] = [0, line + 1];
    const place = { label, style, x, line };
    x += needed + 18;
    return place;
  });
}

/** The legend, with its first line at this height. */
export function legendLayers(places: readonly LegendPlace[], top: number): Layer[] {
  if (places.length === 0) return [];
  const values = places.map(({ x, line, label, style }) => ({
    text: label,
    color: style.color,
    dash: style.dash,
    x0: x,
    x1: x + 18,
    tx: x + 24,
    py: top + line * LEGEND_LINE,
  }));
  return [
    {
      name: "legendlines",
      data: { values },
      mark: { type: "rule", strokeWidth: 2 },
      encoding: {
        x: pixel("x0"),
        x2: { field: "x1" },
        y: pixel("py"),
        color: asGiven("color"),
        strokeDash: asGiven("dash"),
      },
    },
    {
      name: "legendnames",
      data: { values },
      mark: { type: "text", align: "left", baseline: "middle" },
      encoding: { x: pixel("tx"), y: pixel("py"), text: { field: "text", type: "nominal" } },
    },
  ];
}
