import type { TopLevelSpec } from "vega-lite";
import type { SeriesStyle } from "../palette.ts";
import { textWidth } from "../text-width.ts";
import { linearAxis, logAxis, position, spread } from "./axis.ts";
import { LEGEND_LINE, legend, legendLayers } from "./legend.ts";
import { asGiven, FONT_SIZE, gridRules, type Layer, namesBelow, note, picture, pixel } from "./theme.ts";

/** One configuration's candidates. */
export interface SensitivitySeries {
  label: string;
  style: SeriesStyle;
  /** `up` is null where the candidate diverged; `later`: after longer training than the others, and no part of the line. */
  points: readonly { across: number; up: number | null; chosen: boolean; later?: boolean }[];
}

export interface SensitivityOptions {
  width: number;
  height: number;
  /** What is on the y axis, in percent. */
  title: string;
  /** The hyperparameter. */
  across: string;
  scale: "linear" | "log";
  bounds: readonly [number, number];
  /** Whether neighbours are joined: not where several hyperparameters vary at once. */
  joined: boolean;
}

const CROSS = "M-1,-1L1,1M-1,1L1,-1";
/** Room for the names above the plot. */
const NAMES = 34;

/** `0.001`, `1e-5`: a tick of a hyperparameter. */
const tick = (value: number): string => (value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value));

/** What candidates come to against one of their hyperparameters. Names stand above the chosen ones while they fit side by side. */
export function sensitivity(all: readonly SensitivitySeries[], options: SensitivityOptions): TopLevelSpec {
  const { width, height, bounds } = options;
  const series = all.filter((s) => s.points.length > 0);
  const ups = series.flatMap((s) => s.points.flatMap((p) => p.up ?? [])).map((v) => 100 * v);
  const y = linearAxis(Math.min(...ups, 100), Math.max(...ups, 0));
  if (y.domain[1] > 100) y.domain[1] = 100;
  const x = options.scale === "log" ? logAxis(...bounds) : linearAxis(...bounds);
  const left = Math.max(...y.ticks.map((t) => textWidth(String(t), FONT_SIZE))) + 10;
  const widest = Math.max(...series.map((s) => textWidth(s.label, FONT_SIZE))) + 14;
  const named = series.filter((s) => s.points.some((p) => p.chosen && p.up !== null));
  const direct = named.length === series.length && widest * series.length <= width - left - 16;
  const places = direct ? [] : legend(series, width - left - 16);
  const above = direct ? NAMES : (places[places.length - 1].line + 1) * LEGEND_LINE + 8;
  const diverged = series.some((s) => s.points.some((p) => p.up === null));
  const margin = { left, right: 16, top: 24 + above, bottom: diverged ? 58 : 42 };
  const plot = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const right = (value: number): number => position(x, value, plot.width);
  const down = (value: number): number => plot.height - position(y, 100 * value, plot.height);

  const points = series.flatMap(({ style, points }, s) =>
    [...points]
      .sort((a, b) => a.across - b.across)
      .map(({ across, up, chosen, later = false }) => ({
        s,
        color: style.color,
        dash: style.dash,
        px: right(across),
        py: up === null ? plot.height + 30 : down(up),
        size: chosen ? 90 : later ? 44 : 22,
        alive: up !== null,
        later,
      })),
  );
  const alive = points.filter((p) => p.alive);
  const lost = points.filter((p) => !p.alive);
  const place = { x: pixel("px"), y: pixel("py") };
  const layers: Layer[] = [
    gridRules(
      y.ticks.map((t) => ({ text: String(t), py: down(t / 100) })),
      plot.width,
    ),
    namesBelow(
      x.ticks.map((t) => ({ text: tick(t), px: right(t) })),
      plot.height,
    ),
    {
      data: { values: options.joined ? alive.filter((p) => !p.later) : [] },
      mark: { type: "line", strokeWidth: 2, strokeJoin: "round" },
      encoding: {
        ...place,
        color: asGiven("color"),
        strokeDash: asGiven("dash"),
        detail: { field: "s", type: "nominal" },
        order: { field: "px", type: "quantitative" },
      },
    },
    {
      data: { values: alive },
      mark: { type: "point", filled: true, opacity: 1 },
      encoding: { ...place, color: asGiven("color"), size: { field: "size", type: "quantitative", scale: null } },
    },
    {
      data: { values: lost },
      mark: { type: "point", shape: CROSS, size: 40, strokeWidth: 1.5, filled: false, opacity: 1 },
      encoding: { ...place, color: asGiven("color") },
    },
  ];
  if (diverged) layers.push(note("diverged", -left + 2, plot.height + 30, { fontSize: 11 }));
  return picture(width, height, margin, [
    ...layers,
    note(`${options.title}${y.domain[0] > 0 ? `, axis from ${y.domain[0]}` : ""}`, -left + 2, -margin.top + 10),
    note(options.across, plot.width / 2, plot.height + margin.bottom - 10, { align: "center" }),
    ...(direct ? names(series, widest, plot.width, right, down) : legendLayers(places, -margin.top + 32)),
  ]);
}

/** Names in a row above the plot, each with a thin line to what was chosen. */
function names(
  series: readonly SensitivitySeries[],
  gap: number,
  width: number,
  right: (value: number) => number,
  down: (value: number) => number,
): Layer[] {
  const peaks = series.map((s) => s.points.find((p) => p.chosen)!);
  const centres = spread(
    peaks.map((p) => right(p.across)),
    gap,
    gap / 2,
    width - gap / 2,
  );
  const values = series.map(({ label, style }, i) => ({
    text: label,
    color: style.color,
    px: centres[i],
    py: -NAMES + 14,
    from: -NAMES + 22,
    tx: right(peaks[i].across),
    ty: down(peaks[i].up!) - 7,
  }));
  return [
    {
      data: { values },
      mark: { type: "rule", strokeWidth: 1 },
      encoding: {
        x: pixel("px"),
        x2: { field: "tx" },
        y: pixel("from"),
        y2: { field: "ty" },
        color: asGiven("color"),
      },
    },
    {
      data: { values },
      mark: { type: "text", align: "center", baseline: "middle" },
      encoding: { x: pixel("px"), y: pixel("py"), text: { field: "text", type: "nominal" } },
    },
  ];
}
