import type { TopLevelSpec } from "vega-lite";
import { ink } from "../palette.ts";
import { fitText, textWidth } from "../text-width.ts";
import { type Axis, position } from "./axis.ts";
import { heatLayer } from "./cells.ts";
import { contour } from "./contours.ts";
import { spelled } from "./small-plot.ts";
import { FONT_SIZE, type Layer, note, picture, pixel } from "./theme.ts";

/** A measure of one trial on a plane through its weights. */
export interface LandscapeMap {
  label: string;
  /** By the second direction, then by the first. */
  rows: readonly (readonly number[])[];
}

export interface LandscapeMapsOptions {
  width: number;
  /** Maps side by side. */
  columns: number;
  /** What the colours say, with its unit. */
  title: string;
  /** Of the colours and the contours: the same for all maps. */
  scale: Axis;
  /** Where the values lie along both directions. */
  along: readonly number[];
}

const GAP = 20;
const BETWEEN = 48;
const BAR = { height: 10, most: 420 };
/** Strongest colour, as opacity. */
const STRONGEST = 0.75;

/** 0 … 1 along the scale; 1 for what is no number. */
const heat = (scale: Axis, value: number): number => {
  if (!Number.isFinite(value)) return 1;
  const [low, high] = scale.domain;
  return position(scale, Math.min(high, Math.max(low, value)), 1);
};

const opacity = (share: number): number => Math.round(STRONGEST * share * 100) / 100;

/** Planes through the weights of several trials as coloured squares with contours; the weights lie at the crosses. */
export function landscapeMaps(
  maps: readonly LandscapeMap[],
  { width, columns, title, scale, along }: LandscapeMapsOptions,
): TopLevelSpec {
  const n = along.length;
  const across = Math.min(columns, maps.length);
  const left = Math.ceil(textWidth(spelled(along[0]), FONT_SIZE)) + 10;
  const room = (width - left - 4 - (across - 1) * GAP) / across;
  const cell = Math.floor(Math.min(room, 420) / n);
  const side = cell * n;
  const rows = Math.ceil(maps.length / across);
  const margin = { left, right: 4, top: 58, bottom: 22 };
  const place = (i: number) => ({ x: (i % across) * (side + GAP), y: Math.floor(i / across) * (side + BETWEEN) });
  const height = margin.top + rows * side + (rows - 1) * BETWEEN + margin.bottom;
  // The middle of a grid's place, in pixels.
  const at = (index: number): number => (index + 0.5) * cell;

  const squares = maps.flatMap(({ rows }, m) =>
    rows.flatMap((row, j) =>
      row.map((value, i) => {
        const [x0, y0] = [place(m).x + i * cell, place(m).y + (n - 1 - j) * cell];
        return { x0, x1: x0 + cell, y0, y1: y0 + cell, heat: opacity(heat(scale, value)) };
      }),
    ),
  );
  const isolines = maps.flatMap(({ rows }, m) =>
    levels(scale).flatMap((level) =>
      contour(rows, level).map(([x0, y0, x1, y1]) => ({
        x0: place(m).x + at(x0),
        y0: place(m).y + side - at(y0),
        x1: place(m).x + at(x1),
        y1: place(m).y + side - at(y1),
      })),
    ),
  );
  const middles = maps.map((_, m) => ({ px: place(m).x + side / 2, py: place(m).y + side / 2 }));
  const ends = [0, (n - 1) / 2, n - 1];
  const names = maps.flatMap(({ label }, m) => {
    const { x, y } = place(m);
    return [
      { text: fitText(label, side, FONT_SIZE), px: x, py: y - 9, align: "left" },
      ...ends.map((i) => ({ text: spelled(along[i]), px: x + at(i), py: y + side + 11, align: "center" })),
      ...(x === 0 ? ends.map((i) => ({ text: spelled(along[i]), px: -6, py: y + side - at(i), align: "right" })) : []),
    ];
  });
  const text = { field: "text", type: "nominal" as const };
  return picture(width, height, margin, [
    heatLayer(squares),
    {
      data: { values: isolines },
      mark: { type: "rule", color: ink("muted"), strokeWidth: 0.75, strokeCap: "round" },
      encoding: { x: pixel("x0"), x2: { field: "x1" }, y: pixel("y0"), y2: { field: "y1" } },
    },
    {
      data: { values: middles },
      mark: { type: "point", shape: "cross", filled: true, size: 40, color: ink("ink"), opacity: 1 },
      encoding: { x: pixel("px"), y: pixel("py") },
    },
    ...(["left", "center", "right"] as const).map(
      (align): Layer => ({
        data: { values: names.filter((name) => name.align === align) },
        mark: { type: "text", align, baseline: "middle", color: ink(align === "left" ? "ink" : "muted") },
        encoding: { x: pixel("px"), y: pixel("py"), text },
      }),
    ),
    ...bar(title, scale, Math.min(BAR.most, width - left - 140), -margin.top + 8),
  ]);
}

/** Where contours are drawn: at the ticks, and between them where these are far apart. */
function levels({ domain: [low, high], ticks, log }: Axis): number[] {
  const between = (a: number, b: number): number[] => (log && b / a > 5 ? [2 * a, 5 * a] : log ? [] : [(a + b) / 2]);
  const all = ticks.flatMap((tick, i) => [tick, ...(i + 1 < ticks.length ? between(tick, ticks[i + 1]) : [])]);
  return all.filter((level) => level > low && level < high);
}

/** The colours and what they stand for. */
function bar(title: string, scale: Axis, width: number, top: number): Layer[] {
  const begin = textWidth(title, FONT_SIZE) + 14;
  const steps = 30;
  const step = width / steps;
  const squares = Array.from({ length: steps }, (_, i) => ({
    x0: begin + i * step,
    x1: begin + (i + 1) * step,
    y0: top,
    y1: top + BAR.height,
    heat: opacity((i + 0.5) / steps),
  }));
  const ticks = scale.ticks.map((t) => ({
    text: spelled(t),
    px: begin + position(scale, t, width),
    y0: top,
    y1: top + BAR.height,
    py: top + BAR.height + 9,
  }));
  return [
    note(title, 0, top + BAR.height / 2),
    heatLayer(squares),
    {
      data: { values: ticks },
      mark: { type: "rule", color: ink("muted"), strokeWidth: 0.75 },
      encoding: { x: pixel("px"), y: pixel("y0"), y2: { field: "y1" } },
    },
    {
      data: { values: ticks },
      mark: { type: "text", align: "center", baseline: "middle", color: ink("muted") },
      encoding: { x: pixel("px"), y: pixel("py"), text: { field: "text", type: "nominal" } },
    },
  ];
}
