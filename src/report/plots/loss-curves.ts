import type { TopLevelSpec } from "vega-lite";
import type { LossPoint } from "../../library/loss-curve.ts";
import { median } from "../../stats/median.ts";
import { ink, type SeriesStyle } from "../palette.ts";
import { textWidth } from "../text-width.ts";
import { type Axis, linearAxis, logAxis, position } from "./axis.ts";
import { LEGEND_LINE, legend, legendLayers } from "./legend.ts";
import { asGiven, FONT_SIZE, type Layer, note, picture, pixel } from "./theme.ts";

/** One loss, its points in the order of the margin. */
export interface LossSeries {
  label: string;
  style: SeriesStyle;
  points: readonly LossPoint[];
}

export interface LossCurvesOptions {
  width: number;
  /** Plots side by side: 2, or 1 on narrow screens. */
  columns: 1 | 2;
  /** Values, and sizes of gradients, on logarithmic axes; what is not positive has no place there. */
  log?: boolean;
  /** What stands at the axes, where it is not English. */
  words?: LossCurvesWords;
}

export type LossCurvesWords = typeof WORDS;

/** One of the plots: what it shows, and where. */
interface Plot {
  left: number;
  top: number;
  width: number;
  height: number;
  x: Axis;
  y: Axis;
  /** Whether something lies beyond the y axis. */
  cut: boolean;
  across: "p" | "margin";
  up: "value" | "gradient";
}

/** Margins that are shown. */
export const MARGINS: readonly [number, number] = [-8, 8];

/** A loss whose values exceed those of the others by more is cut off, or it would flatten them. */
const MOST_TIMES = 3;

const WORDS = {
  p: "probability of the target, p",
  margin: "margin over the other logits",
  value: "loss",
  gradient: "gradient for the target's logit",
  size: "size of the gradient for the target's logit",
  cut: ", axis cut off",
  log: ", log axis",
};
/** Powers of ten that a logarithmic axis shows below its greatest value. */
const DECADES = 6;
const GAP = { x: 24, y: 72 };
const TOP = 30;

/** Limits around the values of all losses but for those that exceed the others by far. */
function fit(series: readonly LossSeries[], up: Plot["up"], log: boolean): { axis: Axis; cut: boolean } {
  if (log) {
    const sizes = series.flatMap(({ points }) => points.map((q) => Math.abs(q[up]))).filter((v) => v > 0);
    const high = Math.max(...sizes);
    const low = Math.max(Math.min(...sizes), high / 10 ** DECADES);
    return { axis: logAxis(low, high), cut: Math.min(...sizes) < low };
  }
  const values = series.map(({ points }) =>
    points.filter((q) => q.margin >= MARGINS[0] && q.margin <= MARGINS[1]).map((q) => q[up]),
  );
  const limit = MOST_TIMES * median(values.map((own) => Math.max(...own.map(Math.abs))));
  const [low, high] = [Math.min(0, ...values.flat()), Math.max(0, ...values.flat())];
  const axis = linearAxis(Math.max(-limit, low), Math.min(limit, high), 5);
  return { axis, cut: low < axis.domain[0] || high > axis.domain[1] };
}

/** The parts of a line that lie within the axis, each ending where it leaves it. */
export function within(points: readonly (readonly [x: number, y: number])[], [low, high]: readonly [number, number]) {
  const runs: [number, number][][] = [];
  let run: [number, number][] = [];
  const isInside = (y: number): boolean => y >= low && y <= high;
  points.forEach(([x, y], i) => {
    const before = points[i - 1];
    if (before && isInside(before[1]) !== isInside(y)) {
      const edge = (isInside(y) ? before[1] : y) > high ? high : low;
      run.push([before[0] + ((edge - before[1]) / (y - before[1])) * (x - before[0]), edge]);
    }
    if (isInside(y)) run.push([x, y]);
    else if (run.length > 0) {
      runs.push(run);
      run = [];
    }
  });
  if (run.length > 0) runs.push(run);
  return runs;
}

/**
 * Losses (above) and their gradients (below) over the probability of the target and over the margin: plots of a row share their axis.
 */
export function lossCurves(
  series: readonly LossSeries[],
  { width, columns, log = false, words = WORDS }: LossCurvesOptions,
): TopLevelSpec {
  const axes = { value: fit(series, "value", log), gradient: fit(series, "gradient", log) };
  const ticks = [...axes.value.axis.ticks, ...axes.gradient.axis.ticks].map((t) => textWidth(spelled(t), FONT_SIZE));
  const left = Math.ceil(Math.max(...ticks)) + 10;
  const plotWidth = (width - columns * left - (columns - 1) * GAP.x - 12) / columns;
  const plotHeight = columns === 1 ? 180 : 240;
  const places = legend(series, width - left - 12);
  const legendHeight = (places[places.length - 1].line + 1) * LEGEND_LINE + 10;

  const kinds = [
    { across: "p", up: "value" },
    { across: "margin", up: "value" },
    { across: "p", up: "gradient" },
    { across: "margin", up: "gradient" },
  ] as const;
  const plots = kinds.map(({ across, up }, i): Plot => {
    const [column, row] = columns === 1 ? [0, i] : [i % 2, Math.floor(i / 2)];
    return {
      left: column * (plotWidth + left + GAP.x),
      top: row * (plotHeight + GAP.y),
      width: plotWidth,
      height: plotHeight,
      x: across === "p" ? linearAxis(0, 1) : linearAxis(...MARGINS, plotWidth < 300 ? 4 : 8),
      y: axes[up].axis,
      cut: axes[up].cut,
      across,
      up,
    };
  });
  const rows = kinds.length / columns;
  const margin = { left, right: 12, top: TOP + legendHeight, bottom: 40 };
  const height = margin.top + rows * plotHeight + (rows - 1) * GAP.y + margin.bottom;
  return picture(width, height, margin, [
    ...plots.flatMap((plot) => [...frame(plot, left, words), ...lines(plot, series)]),
    ...legendLayers(places, -margin.top + 12),
  ]);
}

const spelled = (tick: number): string => String(tick).replace("-", "−");

/** Grid, ticks and titles. */
function frame(
  { left, top, width, height, x, y, cut, across, up }: Plot,
  room: number,
  words: LossCurvesWords,
): Layer[] {
  const name = up === "gradient" && y.log ? words.size : words[up];
  const across_ = x.ticks.map((t) => ({
    text: spelled(t),
    px: left + position(x, t, width),
    py: top + height + 14,
  }));
  const up_ = y.ticks.map((t) => ({
    text: spelled(t),
    x0: left,
    x1: left + width,
    tx: left - 6,
    py: top + height - position(y, t, height),
  }));
  return [
    {
      data: { values: up_ },
      mark: { type: "rule", color: ink("grid"), strokeWidth: 1 },
      encoding: { x: pixel("x0"), x2: { field: "x1" }, y: pixel("py") },
    },
    {
      data: { values: up_ },
      mark: { type: "text", align: "right", baseline: "middle", color: ink("muted") },
      encoding: { x: pixel("tx"), y: pixel("py"), text: { field: "text", type: "nominal" } },
    },
    {
      data: { values: across_ },
      mark: { type: "text", align: "center", baseline: "middle", color: ink("muted") },
      encoding: { x: pixel("px"), y: pixel("py"), text: { field: "text", type: "nominal" } },
    },
    note(`${name}${y.log ? words.log : ""}${cut ? words.cut : ""}`, left - room + 2, top - 16),
    note(words[across], left + width / 2, top + height + 32, { align: "center" }),
  ];
}

function lines({ left, top, width, height, x, y, across, up }: Plot, series: readonly LossSeries[]): Layer[] {
  const values = series.flatMap(({ points, style }, s) => {
    const shown = points.filter((q) => q[across] >= x.domain[0] && q[across] <= x.domain[1]);
    const runs = within(
      shown.flatMap((q): [number, number][] => {
        const v = y.log ? Math.abs(q[up]) : q[up];
        return y.log && v === 0 ? [] : [[q[across], v]];
      }),
      y.domain,
    );
    return runs.flatMap((run, r) =>
      run.map(([a, b]) => ({
        line: `${s}.${r}`,
        color: style.color,
        dash: style.dash,
        px: left + position(x, a, width),
        py: top + height - position(y, b, height),
      })),
    );
  });
  return [
    {
      data: { values },
      mark: { type: "line", strokeWidth: 2, strokeJoin: "round" },
      encoding: {
        x: pixel("px"),
        y: pixel("py"),
        color: asGiven("color"),
        strokeDash: asGiven("dash"),
        detail: { field: "line", type: "nominal" },
        order: { field: "px", type: "quantitative" },
      },
    },
  ];
}
