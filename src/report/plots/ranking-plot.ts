import type { TopLevelSpec } from "vega-lite";
import { ink, type SeriesStyle } from "../palette.ts";
import { fitText, textWidth } from "../text-width.ts";
import { type Axis, linearAxis, position } from "./axis.ts";
import { asGiven, FONT_SIZE, type Layer, note, picture, pixel } from "./theme.ts";

/** One line of a dot plot, best first. */
export interface RankingPoint {
  label: string;
  style: SeriesStyle;
  /** Null when there is none: then `text` says why. */
  value: number | null;
  halfWidth: number | null;
  /** The number in words, beside the plot. */
  text: string;
}

export interface RankingPlotOptions {
  width: number;
  title: string;
  /** Values that the axis is to fit; what lies outside gets an arrow at the edge. */
  fit: [number, number];
  /** A thin rule, such as chance level or no difference. */
  rule?: { value: number; label: string };
}

const ROW = 26;
const TOP = 30;
const BOTTOM = 26;

/** Dot and 95 % interval for each configuration, sorted as given, the number beside it. */
export function rankingPlot(
  rows: readonly RankingPoint[],
  { width, title, fit, rule }: RankingPlotOptions,
): TopLevelSpec {
  const labelWidth = Math.min(0.42 * width, Math.max(...rows.map((r) => textWidth(r.label, FONT_SIZE))));
  const textRoom = Math.max(...rows.filter((r) => r.value !== null).map((r) => textWidth(r.text, FONT_SIZE)), 0);
  const margin = { left: Math.ceil(labelWidth) + 16, right: Math.ceil(textRoom) + 18, top: TOP, bottom: BOTTOM };
  const plotWidth = width - margin.left - margin.right;
  const plotHeight = rows.length * ROW;
  const axis = linearAxis(fit[0], fit[1], plotWidth < 220 ? 3 : 5);
  const at = (value: number) => position(axis, value, plotWidth);
  const clamp = (px: number) => Math.max(0, Math.min(plotWidth, px));
  const data = rows.map((r, i) => {
    const px = r.value === null ? null : at(r.value);
    const half = r.halfWidth ?? 0;
    return {
      label: fitText(r.label, labelWidth, FONT_SIZE),
      text: r.text,
      color: r.style.color,
      shape: r.style.shape,
      py: (i + 0.5) * ROW,
      px,
      inside: px !== null && px >= -0.5 && px <= plotWidth + 0.5,
      cutLow: px !== null && at(r.value! - half) < -0.5,
      cutHigh: px !== null && at(r.value! + half) > plotWidth + 0.5,
      low: px === null ? null : clamp(at(r.value! - half)),
      high: px === null ? null : clamp(at(r.value! + half)),
      edge: px !== null && px < 0 ? 6 : plotWidth - 6,
      arrow: px !== null && px < 0 ? "triangle-left" : "triangle-right",
    };
  });
  const y = pixel("py");
  return picture(width, plotHeight + TOP + BOTTOM, margin, [
    ...grid(axis, at, plotHeight),
    ...(rule ? ruleLayers(rule, axis, at, plotHeight) : []),
    {
      data: { values: data.filter((d) => d.inside) },
      mark: { type: "rule", strokeWidth: 2 },
      encoding: { x: pixel("low"), x2: { field: "high" }, y, color: asGiven("color") },
    },
    {
      data: { values: data.filter((d) => d.inside) },
      mark: { type: "point", filled: true, size: 70, opacity: 1 },
      encoding: { x: pixel("px"), y, color: asGiven("color"), shape: asGiven("shape") },
    },
    ...(["low", "high"] as const).map(
      (end): Layer => ({
        data: { values: data.filter((d) => d.inside && (end === "low" ? d.cutLow : d.cutHigh)) },
        mark: {
          type: "point",
          filled: true,
          size: 36,
          opacity: 1,
          shape: end === "low" ? "triangle-left" : "triangle-right",
        },
        encoding: { x: pixel(end), y, color: asGiven("color") },
      }),
    ),
    {
      data: { values: data.filter((d) => d.px !== null && !d.inside) },
      mark: { type: "point", filled: true, size: 60, opacity: 1 },
      encoding: { x: pixel("edge"), y, color: asGiven("color"), shape: asGiven("arrow") },
    },
    {
      data: { values: data.map((d) => ({ ...d, lx: -12 })) },
      mark: { type: "text", align: "right", baseline: "middle" },
      encoding: { x: pixel("lx"), y, text: { field: "label", type: "nominal" } },
    },
    {
      data: { values: data.filter((d) => d.px !== null).map((d) => ({ ...d, tx: plotWidth + margin.right - 4 })) },
      mark: { type: "text", align: "right", baseline: "middle" },
      encoding: { x: pixel("tx"), y, text: { field: "text", type: "nominal" } },
    },
    {
      data: { values: data.filter((d) => d.px === null).map((d) => ({ ...d, tx: 4 })) },
      mark: { type: "text", align: "left", baseline: "middle", color: ink("muted") },
      encoding: { x: pixel("tx"), y, text: { field: "text", type: "nominal" } },
    },
    note(title, -margin.left + 2, -TOP + 10),
  ]);
}

function grid(axis: Axis, at: (value: number) => number, plotHeight: number): Layer[] {
  const values = axis.ticks.map((t) => ({
    text: String(t).replace("-", "−"),
    px: at(t),
    y0: 0,
    y1: plotHeight,
    py: plotHeight + 14,
  }));
  return [
    {
      data: { values },
      mark: { type: "rule", color: ink("grid"), strokeWidth: 1 },
      encoding: { x: pixel("px"), y: pixel("y0"), y2: { field: "y1" } },
    },
    {
      data: { values },
      mark: { type: "text", align: "center", baseline: "middle", color: ink("muted") },
      encoding: { x: pixel("px"), y: pixel("py"), text: { field: "text", type: "nominal" } },
    },
  ];
}

function ruleLayers(
  { value, label }: { value: number; label: string },
  axis: Axis,
  at: (v: number) => number,
  height: number,
): Layer[] {
  if (value < axis.domain[0] || value > axis.domain[1]) return [];
  return [
    {
      data: { values: [{ px: at(value), y0: 0, y1: height }] },
      mark: { type: "rule", color: ink("muted"), strokeWidth: 0.75 },
      encoding: { x: pixel("px"), y: pixel("y0"), y2: { field: "y1" } },
    },
    ...(label ? [note(label, at(value) + 4, height - 6, { fontSize: 11 })] : []),
  ];
}
