import type { TopLevelSpec } from "vega-lite";
import type { Summary } from "../../stats/summary.ts";
import type { SeriesStyle } from "../palette.ts";
import { textWidth } from "../text-width.ts";
import { linearAxis, position } from "./axis.ts";
import { LEGEND_LINE, legend, legendLayers } from "./legend.ts";
import { asGiven, FONT_SIZE, gridRules, namesBelow, note, picture, pixel } from "./theme.ts";

/** One configuration's measure at each strength; null where there is none. */
export interface StrengthSeries {
  label: string;
  style: SeriesStyle;
  values: readonly (Summary | null)[];
}

export interface StrengthOptions {
  width: number;
  /** Of the plot with its axes; a legend comes above. */
  height: number;
  /** What is on the y axis. */
  title: string;
  /** What is on the x axis, and its places at equal distances. */
  across: string;
  strengths: readonly string[];
  factor: number;
  /** Values that the axis is to fit, so that panels side by side share it. */
  fit: readonly [number, number];
}

const TOP = 28;
const BOTTOM = 40;

/** A measure against how strongly something was disturbed: lines of the means with the seeds' intervals. */
export function strengthCurves(
  series: readonly StrengthSeries[],
  { width, height, title, across, strengths, factor, fit }: StrengthOptions,
): TopLevelSpec {
  const y = linearAxis(fit[0] * factor, fit[1] * factor);
  const left = Math.max(...y.ticks.map((t) => textWidth(String(t), FONT_SIZE))) + 10;
  const places = legend(series, width - left - 14);
  const legendHeight = places.length > 0 ? (places[places.length - 1].line + 1) * LEGEND_LINE + 4 : 0;
  const margin = { left, right: 14, top: TOP + legendHeight, bottom: BOTTOM };
  const plot = { width: width - margin.left - margin.right, height: height - TOP - BOTTOM };
  const across_ = (i: number): number => ((i + 0.5) * plot.width) / strengths.length;
  const clamp = (value: number): number => Math.max(y.domain[0], Math.min(y.domain[1], value));
  const up = (value: number): number => plot.height - position(y, clamp(value * factor), plot.height);
  const points = series.flatMap(({ style, values }, s) =>
    values.flatMap((v, i) =>
      v === null
        ? []
        : [
            {
              s,
              color: style.color,
              dash: style.dash,
              shape: style.shape,
              px: across_(i),
              py: up(v.mean),
              low: up(v.mean - (v.halfWidth ?? 0)),
              high: up(v.mean + (v.halfWidth ?? 0)),
            },
          ],
    ),
  );
  const detail = { field: "s", type: "nominal" as const };
  return picture(width, height + legendHeight, margin, [
    gridRules(
      y.ticks.map((t) => ({ text: String(t), py: up(t / factor) })),
      plot.width,
    ),
    namesBelow(
      strengths.map((s, i) => ({ text: s, px: across_(i) })),
      plot.height,
    ),
    {
      data: { values: points.filter((p) => p.low !== p.high) },
      mark: { type: "area", opacity: 0.18, line: false },
      encoding: { x: pixel("px"), y: pixel("low"), y2: { field: "high" }, color: asGiven("color"), detail },
    },
    {
      data: { values: points },
      mark: { type: "line", strokeWidth: 2, strokeJoin: "round" },
      encoding: { x: pixel("px"), y: pixel("py"), color: asGiven("color"), strokeDash: asGiven("dash"), detail },
    },
    {
      data: { values: points },
      mark: { type: "point", filled: true, size: 30, opacity: 1 },
      encoding: { x: pixel("px"), y: pixel("py"), color: asGiven("color"), shape: asGiven("shape") },
    },
    note(title, -margin.left + 2, -14),
    ...legendLayers(places, -margin.top + 10),
    note(across, plot.width / 2, plot.height + 31, { align: "center" }),
  ]);
}
