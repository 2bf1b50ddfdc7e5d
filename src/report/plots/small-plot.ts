/** One of several small plots that stand in a picture together: grid, ticks, titles, lines. */
import { ink, type SeriesStyle } from "../palette.ts";
import { textWidth } from "../text-width.ts";
import { type Axis, position } from "./axis.ts";
import { asGiven, FONT_SIZE, type Layer, note, pixel } from "./theme.ts";

export interface SmallPlot {
  left: number;
  top: number;
  width: number;
  height: number;
  x: Axis;
  y: Axis;
  titles: { x: string; y: string };
}

type Point = readonly [x: number, y: number];

/** `−0.5` with a minus sign. */
export const spelled = (tick: number): string => String(tick).replace("-", "−");

/** Room for the widest of the ticks. */
export const tickRoom = (axes: readonly Axis[]): number =>
  Math.ceil(Math.max(...axes.flatMap(({ ticks }) => ticks.map((t) => textWidth(spelled(t), FONT_SIZE))))) + 10;

/** Grid, ticks and titles. */
export function frame({ left, top, width, height, x, y, titles }: SmallPlot, room: number): Layer[] {
  const across = x.ticks.map((t) => ({
    text: spelled(t),
    px: left + position(x, t, width),
    py: top + height + 14,
  }));
  const up = y.ticks.map((t) => ({
    text: spelled(t),
    x0: left,
    x1: left + width,
    tx: left - 6,
    py: top + height - position(y, t, height),
  }));
  return [
    {
      data: { values: up },
      mark: { type: "rule", color: ink("grid"), strokeWidth: 1 },
      encoding: { x: pixel("x0"), x2: { field: "x1" }, y: pixel("py") },
    },
    {
      data: { values: up },
      mark: { type: "text", align: "right", baseline: "middle", color: ink("muted") },
      encoding: { x: pixel("tx"), y: pixel("py"), text: { field: "text", type: "nominal" } },
    },
    {
      data: { values: across },
      mark: { type: "text", align: "center", baseline: "middle", color: ink("muted") },
      encoding: { x: pixel("px"), y: pixel("py"), text: { field: "text", type: "nominal" } },
    },
    note(titles.y, left - room + 2, top - 16),
    note(titles.x, left + width / 2, top + height + 32, { align: "center" }),
  ];
}

/** The parts of a line that lie within the axis, each ending where it leaves it; numbers that are none interrupt it. */
export function within(points: readonly Point[], [low, high]: readonly [number, number]) {
  const runs: [number, number][][] = [];
  let run: [number, number][] = [];
  const isInside = (y: number): boolean => y >= low && y <= high;
  points.forEach(([x, y], i) => {
    const before = points[i - 1];
    if (before && Number.isFinite(before[1]) && Number.isFinite(y) && isInside(before[1]) !== isInside(y)) {
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

/** Lines through points in the order of x, cut off at the axes. */
export function lines(
  { left, top, width, height, x, y }: SmallPlot,
  series: readonly { style: SeriesStyle; points: readonly Point[] }[],
): Layer {
  const values = series.flatMap(({ points, style }, s) => {
    const shown = points.filter(([a]) => a >= x.domain[0] && a <= x.domain[1]);
    return within(shown, y.domain).flatMap((run, r) =>
      run.map(([a, b]) => ({
        line: `${s}.${r}`,
        color: style.color,
        dash: style.dash,
        px: left + position(x, a, width),
        py: top + height - position(y, b, height),
      })),
    );
  });
  return {
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
  };
}
