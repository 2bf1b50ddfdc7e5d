import type { TopLevelSpec } from "vega-lite";
import type { CurvePoint } from "../curves.ts";
import type { OwnedLayer } from "../curves-frame.ts";
import { ink, type SeriesStyle } from "../palette.ts";
import { textWidth } from "../text-width.ts";
import type { PlotWords } from "../words/en/plots.ts";
import { type Axis, epochAxis, linearAxis, logAxis, position, spread } from "./axis.ts";
import { chanceRule } from "./chance-rule.ts";
import { LEGEND_LINE, legend, legendLayers } from "./legend.ts";
import { along, asGiven, FONT_SIZE, type Layer, note, picture, pixel } from "./theme.ts";

/** One line: a configuration's measure on one split. */
export interface CurveSeries {
  label: string;
  style: SeriesStyle;
  points: readonly CurvePoint[];
  /** The single seeds behind the mean; drawn on demand. */
  singles?: readonly (readonly CurvePoint[])[];
  /** Trials that diverged: thin lines that end in a cross. */
  broken?: readonly (readonly CurvePoint[])[];
  /** Drawn in grey, thin, without label or band. */
  context?: boolean;
  /** Named neither at the line's end nor in the legend. */
  unnamed?: boolean;
  /** What the data behind the picture call it; its label, if it does not say. */
  of?: readonly string[];
  /** Its name where it stands alone; its label, if it does not say. */
  name?: string;
}

export interface LearningCurvesOptions {
  words: PlotWords;
  width: number;
  height: number;
  /** What is on the y axis and in which unit; the picture adds where the axis starts when that is not at 0. */
  title: string;
  epochs: number;
  /** The most seconds, where the places of the points are seconds rather than epochs. */
  seconds?: number;
  /** What the values are multiplied by: 100 for percent. */
  factor?: number;
  log?: boolean;
  /** How the means are drawn; lines, if it does not say. */
  marks?: "lines" | "points";
  /** Limits of what can occur, such as 0 and 1 for an accuracy. */
  bounds?: [number, number];
  /** Values that the axis is to fit; without them those of the series. */
  fit?: [number, number];
  /** Accuracy of guessing: a labelled rule where it lies within the axis. */
  chance?: number | null;
  /** Room at the right for labels, so that pictures side by side have plots of one size. */
  right?: number;
}

/** Ticks as they are, with the minus sign of the tables. */
const TICK = "replace(datum.value, '-', '−')";

const GAP = 15;
const TOP = 30;
const BOTTOM = 40;
const MOST_DIRECT = 6;
const CROSS = "M-1,-1L1,1M-1,1L1,-1";

/** Limits around the means and, late in training, the intervals. */
function extent(series: readonly CurveSeries[], bounds: readonly [number, number], log: boolean): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { points, context, broken = [] } of series) {
    for (const { mean } of broken.flat()) {
      if (log && mean <= 0) continue;
      low = Math.min(low, mean);
      high = Math.max(high, mean);
    }
    points.forEach((p, i) => {
      const late = !context && i >= points.length / 2 && p.n > 2;
      for (const v of late ? [p.mean, p.low ?? p.mean, p.high ?? p.mean] : [p.mean]) {
        if (log && v <= 0) continue;
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
    });
  }
  if (low > high) return [0, 1];
  return [Math.max(low, bounds[0]), Math.min(high, bounds[1])];
}

/** Where a picture of these curves has its axes, in pixels: for what a page lays over it. */
export function curvesFrame(all: readonly CurveSeries[], options: LearningCurvesOptions) {
  const { width, height, factor = 1, log = false, bounds = [0, Number.POSITIVE_INFINITY] } = options;
  const series = all.filter((s) => s.points.length > 0 || s.broken?.some((b) => b.length > 0));
  const named = series.filter((s) => !s.context && !s.unnamed && s.points.length > 0);
  const widest = Math.max(0, ...named.map((s) => textWidth(s.label, FONT_SIZE)));
  const direct = named.length <= MOST_DIRECT && widest < 0.34 * width;

  const [low, high] = (options.fit ?? extent(series, bounds, log)).map((v) => v * factor);
  const y = log ? logAxis(low, high) : linearAxis(options.fit || low > 0.6 * high ? low : Math.min(low, 0), high);
  if (y.domain[1] > bounds[1] * factor) y.domain[1] = bounds[1] * factor;
  const ticks = width < 420 ? 5 : 8;
  const x = options.seconds === undefined ? epochAxis(options.epochs, ticks) : linearAxis(0, options.seconds, ticks);
  const places = direct ? [] : legend(named, width - 56);
  const legendHeight = places.length > 0 ? (places[places.length - 1].line + 1) * LEGEND_LINE + 6 : 0;
  const margin = {
    left: Math.max(...y.ticks.map((t) => textWidth(String(t), FONT_SIZE))) + 10,
    right: options.right ?? (direct && widest > 0 ? widest + 32 : 16),
    top: TOP + legendHeight,
    bottom: BOTTOM,
  };
  const plot = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  return { series, named, direct, x, y, places, legendHeight, margin, plot };
}

/** Mean lines with their 95 % bands over the seeds, one for each series, over the epochs or over the seconds that they took. */
export function learningCurves(all: readonly CurveSeries[], options: LearningCurvesOptions): TopLevelSpec {
  const { width, height, factor = 1, log = false } = options;
  const { series, named, direct, x, y, places, margin, plot } = curvesFrame(all, options);
  const down = (value: number) => plot.height - position(y, value, plot.height);
  const withZero = (y.domain[0] <= 0 && y.domain[1] >= 0) || log;

  return picture(width, height, margin, [
    ...lines(series, x, y, factor, options.marks ?? "lines"),
    ...chanceRule(series, options, { x, y, plot }),
    note(axisTitle(options, withZero ? null : y.domain[0]), -margin.left + 2, -TOP + 10),
    note(
      options.seconds === undefined ? options.words.epoch : options.words.seconds,
      plot.width / 2,
      plot.height + 30,
      { align: "center" },
    ),
    ...(direct ? endLabels(named, factor, plot, down) : []),
    ...legendLayers(places, -margin.top + LEGEND_LINE / 2),
  ]);
}

/** Grey lines first, so that they lie below. */
const drawingOrder = (series: readonly CurveSeries[]): CurveSeries[] => [
  ...series.filter((s) => s.context),
  ...series.filter((s) => !s.context),
];

const hasBand = ({ context, points }: CurveSeries): boolean =>
  !context && points.some((p) => p.low !== null && p.high !== null);

/** Where a trial that diverged ends, where that is within the axis. */
function brokenEnd(points: readonly CurvePoint[], { domain: [low, high] }: Axis, factor: number): CurvePoint | null {
  const end = points.at(-1);
  return end && end.mean * factor >= low && end.mean * factor <= high ? end : null;
}

/** Whose marks each layer of the drawing has, one after the other, as places in the frame's series. */
export function markOwners(
  { series, named, direct, y }: ReturnType<typeof curvesFrame>,
  { factor = 1, marks = "lines" }: LearningCurvesOptions,
): Record<OwnedLayer, number[]> {
  const order = drawingOrder(series);
  const each = (marksOf: (s: CurveSeries) => readonly unknown[] | undefined): number[] =>
    order.flatMap((s) => (marksOf(s) ?? []).map(() => series.indexOf(s)));
  const some = (lines: readonly (readonly CurvePoint[])[] | undefined) => lines?.filter((points) => points.length > 0);
  const ends = direct ? named.map((s) => series.indexOf(s)) : [];
  return {
    means: marks === "lines" ? each((s) => (s.points.length > 0 ? [s] : [])) : [],
    marks: marks === "points" ? each((s) => s.points) : [],
    bands: each((s) => (hasBand(s) ? [s] : [])),
    seeds: each((s) => some(s.singles)),
    broken: each((s) => some(s.broken)),
    crosses: each((s) => s.broken?.filter((points) => brokenEnd(points, y, factor) !== null)),
    ends,
    names: ends,
  };
}

/** What is on the axis, and how it is drawn where that is not the usual way. */
function axisTitle({ title, log, words }: LearningCurvesOptions, from: number | null): string {
  if (log) return words.logAxis({ title });
  return from === null ? title : words.axisFrom({ title, from });
}

function lines(series: readonly CurveSeries[], x: Axis, y: Axis, factor: number, marks: "lines" | "points"): Layer[] {
  const within = (v: number) => (y.log ? Math.max(v, y.domain[0] / 2) : v);
  const order = drawingOrder(series);
  const style = (s: CurveSeries, i: number) => ({
    s: i,
    color: s.context ? ink("context") : s.style.color,
    dash: s.context ? [] : s.style.dash,
    size: s.context ? 1 : 2,
    // A hollow mark where a line would be dashed.
    fill: s.style.dash.length > 0 ? "transparent" : s.context ? ink("context") : s.style.color,
  });
  const means: object[] = [];
  const bands: object[] = [];
  const singles: object[] = [];
  const broken: object[] = [];
  const ends: object[] = [];
  order.forEach((s, i) => {
    const look = style(s, i);
    for (const p of s.points) {
      means.push({ ...look, e: p.epoch, v: within(p.mean * factor) });
      if (!s.context && p.low !== null && p.high !== null) {
        bands.push({ s: i, color: look.color, e: p.epoch, low: within(p.low * factor), high: within(p.high * factor) });
      }
    }
    s.singles?.forEach((points, k) => {
      for (const p of points)
        singles.push({ s: `${i}.${k}`, color: look.color, e: p.epoch, v: within(p.mean * factor) });
    });
    s.broken?.forEach((points, k) => {
      for (const p of points)
        broken.push({ s: `${i}.${k}`, color: look.color, e: p.epoch, v: within(p.mean * factor) });
      const end = brokenEnd(points, y, factor);
      if (end) ends.push({ color: look.color, e: end.epoch, v: within(end.mean * factor) });
    });
  });
  const guideX = { grid: false, format: "d" };
  const guideY = { grid: true, labelExpr: TICK };
  const position_ = { x: along("e", x, guideX), y: along("v", y, guideY) };
  const layer = (name: string, values: object[], mark: object, encoding: object): Layer[] =>
    values.length > 0 ? [{ name, data: { values }, mark, encoding } as Layer] : [];
  // A layer that is always there carries the axes, also when there is nothing to draw.
  const frame = [{ e: x.domain[0], v: y.domain[0] }];
  return [
    ...layer("frame", frame, { type: "point", opacity: 0 }, position_),
    ...layer(
      "bands",
      bands,
      { type: "area", clip: true, opacity: 0.18 },
      {
        x: position_.x,
        y: along("low", y, guideY),
        y2: { field: "high" },
        color: asGiven("color"),
        detail: { field: "s", type: "nominal" },
      },
    ),
    ...layer(
      "seeds",
      singles,
      { type: "line", clip: true, strokeWidth: 0.75, opacity: 0.7 },
      {
        ...position_,
        color: asGiven("color"),
        detail: { field: "s", type: "nominal" },
      },
    ),
    ...layer(
      "broken",
      broken,
      { type: "line", clip: true, strokeWidth: 1 },
      {
        ...position_,
        color: asGiven("color"),
        detail: { field: "s", type: "nominal" },
      },
    ),
    ...layer(
      "crosses",
      ends,
      { type: "point", shape: CROSS, size: 70, strokeWidth: 1.5, filled: false, opacity: 1 },
      {
        ...position_,
        color: asGiven("color"),
      },
    ),
    ...layer(
      "marks",
      marks === "points" ? means : [],
      { type: "point", clip: true, size: 16, strokeWidth: 1, opacity: 1 },
      { ...position_, stroke: asGiven("color"), fill: asGiven("fill") },
    ),
    ...layer(
      "means",
      marks === "points" ? [] : means,
      { type: "line", clip: true, interpolate: "linear", strokeJoin: "round" },
      {
        ...position_,
        color: asGiven("color"),
        strokeDash: asGiven("dash"),
        strokeWidth: { field: "size", type: "quantitative", scale: null, legend: null },
        detail: { field: "s", type: "nominal" },
      },
    ),
  ];
}

/** Names at the ends of the lines: text in ink for contrast, a marker in the line's colour. */
function endLabels(
  named: readonly CurveSeries[],
  factor: number,
  plot: { width: number; height: number },
  down: (value: number) => number,
): Layer[] {
  if (named.length === 0) return [];
  const ends = named.map((s) => Math.max(0, Math.min(plot.height, down(s.points[s.points.length - 1].mean * factor))));
  const places = spread(ends, GAP, 0, plot.height);
  const values = named.map((s, i) => ({
    text: s.label,
    color: s.style.color,
    shape: s.style.shape,
    x0: plot.width + 2,
    x1: plot.width + 10,
    px: plot.width + 16,
    tx: plot.width + 24,
    end: ends[i],
    py: places[i],
  }));
  return [
    {
      data: { values: values.filter((v) => Math.abs(v.end - v.py) > 2) },
      mark: { type: "rule", strokeWidth: 0.75, color: ink("context") },
      encoding: { x: pixel("x0"), x2: { field: "x1" }, y: pixel("end"), y2: { field: "py" } },
    },
    {
      name: "ends",
      data: { values },
      mark: { type: "point", filled: true, size: 46, opacity: 1 },
      encoding: { x: pixel("px"), y: pixel("py"), color: asGiven("color"), shape: asGiven("shape") },
    },
    {
      name: "names",
      data: { values },
      mark: { type: "text", align: "left", baseline: "middle" },
      encoding: { x: pixel("tx"), y: pixel("py"), text: { field: "text", type: "nominal" } },
    },
  ];
}
