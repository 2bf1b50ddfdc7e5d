import type { TopLevelSpec } from "vega-lite";
import { ink } from "../palette.ts";
import type { Axis } from "./axis.ts";

export type Layer = Extract<TopLevelSpec, { layer: unknown }>["layer"][number];

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
export const FONT_SIZE = 12;

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A whole picture of layers: `width` × `height` with its margins, which nothing may change: text is measured by us, not by Vega. */
export function picture(width: number, height: number, margin: Box, layer: Layer[]): TopLevelSpec {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: width - margin.left - margin.right,
    height: height - margin.top - margin.bottom,
    padding: margin,
    autosize: "none",
    background: "transparent",
    layer,
    config: {
      aria: false,
      font: FONT,
      view: { stroke: null },
      axis: {
        labelColor: ink("muted"),
        labelFontSize: FONT_SIZE,
        labelFont: FONT,
        labelOverlap: false,
        labelBound: false,
        labelFlush: false,
        labelPadding: 6,
        gridColor: ink("grid"),
        gridWidth: 1,
        domain: false,
        ticks: false,
        title: null,
      },
      text: { font: FONT, fontSize: FONT_SIZE, color: ink("ink") },
    },
  };
}

/** A position given in pixels of the plot. */
export const pixel = (field: string) => ({ field, type: "quantitative" as const, scale: null, axis: null });

/** A position on an axis of ours. */
export const along = (field: string, axis: Axis, guide: object) => ({
  field,
  type: "quantitative" as const,
  scale: axis.log
    ? { type: "log" as const, domain: axis.domain, nice: false }
    : { type: "linear" as const, domain: axis.domain, nice: false, zero: false },
  axis: { values: axis.ticks, ...guide },
});

/** A colour, dash or shape that stands in the row itself. */
export const asGiven = (field: string) => ({ field, type: "nominal" as const, scale: null, legend: null });

/** Lines across a plot, each with its text at the left, at heights in pixels. */
export const gridRules = (ticks: readonly { text: string; py: number }[], width: number): Layer =>
  ({
    data: { values: ticks.map((t) => ({ x0: 0, x1: width, tx: -6, ...t })) },
    layer: [
      {
        mark: { type: "rule", color: ink("grid"), strokeWidth: 1 },
        encoding: { x: pixel("x0"), x2: { field: "x1" }, y: pixel("py") },
      },
      {
        mark: { type: "text", align: "right", baseline: "middle", color: ink("muted") },
        encoding: { x: pixel("tx"), y: pixel("py"), text: { field: "text", type: "nominal" } },
      },
    ],
  }) as Layer;

/** Texts below a plot of such a height, at places in pixels. */
export const namesBelow = (names: readonly { text: string; px: number }[], height: number): Layer => ({
  data: { values: names.map((n) => ({ ...n, py: height + 14 })) },
  mark: { type: "text", align: "center", baseline: "middle", color: ink("muted") },
  encoding: { x: pixel("px"), y: pixel("py"), text: { field: "text", type: "nominal" } },
});

/** One text at a fixed place. */
export const note = (text: string, x: number, y: number, options: object = {}): Layer => ({
  data: { values: [{ text, px: x, py: y }] },
  mark: { type: "text", align: "left", baseline: "middle", color: ink("muted"), ...options },
  encoding: { x: pixel("px"), y: pixel("py"), text: { field: "text", type: "nominal" } },
});
