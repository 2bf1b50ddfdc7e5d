import type { TopLevelSpec } from "vega-lite";
import { ink } from "../palette.ts";
import { fitText, textWidth } from "../text-width.ts";
import { linearAxis, position } from "./axis.ts";
import { FONT_SIZE, type Layer, note, picture, pixel } from "./theme.ts";

/** One comparison of a claim, in the unit of the axis. */
export interface ClaimRow {
  /** What is subtracted from what. */
  label: string;
  /** The difference of each seed. */
  seeds: readonly number[];
  mean: number;
  halfWidth: number | null;
  /** Where the mean lies if the claim holds; one end may be infinite. */
  claimed: readonly [low: number, high: number];
  /** The same in words, and the mean with its interval. */
  claimedText: string;
  text: string;
}

export interface ClaimPlotOptions {
  width: number;
  title: string;
  /** Of seeds and intervals: that of the verdict. */
  color: string;
}

const ROW = 58;
const TOP = 30;
const BOTTOM = 22;
/** Heights within a row: its label, the band behind seeds and interval, these two. */
const LABEL = 8;
const BAND = { y: 19, y2: ROW - 5 };
const DOTS = 28;
const LINE = 43;
/** An interval of few seeds may be a hundred times as wide as the seeds lie apart: more than this much of it runs out of the picture. */
const MOST_OF_INTERVAL = 1.5;

/** The values that the axis has to hold: seeds, no difference, the ends of what is claimed, and intervals as far as they are of use. */
function reach(rows: readonly ClaimRow[]): [number, number] {
  const values = rows.flatMap((r) => [...r.seeds, r.mean, 0, ...r.claimed.filter(Number.isFinite)]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const most = MOST_OF_INTERVAL * (high - low);
  const ends = rows.flatMap(({ mean, halfWidth }) =>
    [-1, 1].map((side) => mean + side * Math.min(halfWidth ?? 0, most)),
  );
  const [least, greatest] = [Math.min(low, ...ends), Math.max(high, ...ends)];
  if (greatest === least) return [least - 1, greatest + 1];
  // What is claimed is seen even where nothing lies there.
  const pad = 0.08 * (greatest - least);
  return [
    rows.some((r) => r.claimed[0] === Number.NEGATIVE_INFINITY) ? least - pad : least,
    rows.some((r) => r.claimed[1] === Number.POSITIVE_INFINITY) ? greatest + pad : greatest,
  ];
}

const rule = (values: object[], options: object, horizontal = false): Layer => ({
  data: { values },
  mark: { type: "rule", ...options },
  encoding: horizontal
    ? { x: pixel("x"), x2: { field: "x2" }, y: pixel("y") }
    : { x: pixel("x"), y: pixel("y"), y2: { field: "y2" } },
});

const words = (values: object[], options: object): Layer => ({
  data: { values },
  mark: { type: "text", baseline: "middle", ...options },
  encoding: { x: pixel("x"), y: pixel("y"), text: { field: "text", type: "nominal" } },
});

/** The differences by seed as dots, their mean with its interval below, before a band where the claim says that the mean lies. */
export function claimPlot(rows: readonly ClaimRow[], { width, title, color }: ClaimPlotOptions): TopLevelSpec {
  const room =
    Math.ceil(Math.max(...rows.flatMap((r) => [r.text, r.claimedText].map((t) => textWidth(t, FONT_SIZE))))) + 22;
  const margin = { left: 20, right: Math.min(room, Math.round(0.5 * width)), top: TOP, bottom: BOTTOM };
  const plotWidth = width - margin.left - margin.right;
  const height = rows.length * ROW;
  const axis = linearAxis(...reach(rows), plotWidth < 220 ? 3 : 5);
  const at = (value: number): number => Math.max(0, Math.min(plotWidth, position(axis, value, plotWidth)));
  const beyond = (value: number): boolean => value < axis.domain[0] || value > axis.domain[1];
  const top = (i: number): number => i * ROW;
  const ends = rows.flatMap(({ mean, halfWidth }, i) =>
    halfWidth === null ? [] : [{ x: at(mean - halfWidth), x2: at(mean + halfWidth), y: top(i) + LINE }],
  );
  const cut = rows.flatMap(({ mean, halfWidth }, i) =>
    halfWidth === null
      ? []
      : [mean - halfWidth, mean + halfWidth].flatMap((end, side) =>
          beyond(end) ? [{ x: at(end), y: top(i) + LINE, shape: side === 0 ? "triangle-left" : "triangle-right" }] : [],
        ),
  );
  const bands = rows.map(({ claimed: [low, high] }, i) => ({
    x: at(low),
    x2: at(high),
    y: top(i) + BAND.y,
    y2: top(i) + BAND.y2,
  }));
  const edges = rows.flatMap(({ claimed }, i) =>
    claimed.filter(Number.isFinite).map((value) => ({ x: at(value), y: top(i) + BAND.y, y2: top(i) + BAND.y2 })),
  );
  const ticks = axis.ticks.map((t) => ({ x: at(t), text: String(t).replace("-", "−") }));
  const across = (x: number) => bands.map(({ y, y2 }) => ({ x, y, y2 }));
  return picture(width, height + TOP + BOTTOM, margin, [
    {
      data: { values: bands },
      mark: { type: "rect", color, opacity: 0.12 },
      encoding: { x: pixel("x"), x2: { field: "x2" }, y: pixel("y"), y2: { field: "y2" } },
    },
    rule(
      ticks.flatMap(({ x }) => across(x)),
      { color: ink("grid"), strokeWidth: 1 },
    ),
    rule(across(at(0)), { color: ink("muted"), strokeWidth: 0.75 }),
    rule(edges, { color, strokeWidth: 1.5, strokeDash: [4, 3] }),
    {
      data: { values: rows.flatMap(({ seeds }, i) => seeds.map((s) => ({ x: at(s), y: top(i) + DOTS }))) },
      mark: { type: "point", filled: true, size: 34, opacity: 0.55, color },
      encoding: { x: pixel("x"), y: pixel("y") },
    },
    rule(ends, { color, strokeWidth: 2 }, true),
    {
      data: { values: rows.map(({ mean }, i) => ({ x: at(mean), y: top(i) + LINE })) },
      mark: { type: "point", filled: true, size: 64, opacity: 1, shape: "diamond", color },
      encoding: { x: pixel("x"), y: pixel("y") },
    },
    ...["triangle-left", "triangle-right"].map(
      (shape): Layer => ({
        data: { values: cut.filter((c) => c.shape === shape) },
        mark: { type: "point", filled: true, size: 36, opacity: 1, shape, color },
        encoding: { x: pixel("x"), y: pixel("y") },
      }),
    ),
    words(
      rows.map(({ label }, i) => ({
        x: -margin.left + 2,
        y: top(i) + LABEL,
        text: fitText(label, width - 4, FONT_SIZE),
      })),
      { align: "left" },
    ),
    ...(["claimedText", "text"] as const).map((what, k) =>
      words(
        rows.map((row, i) => ({
          x: plotWidth + margin.right - 4,
          y: top(i) + [DOTS, LINE][k],
          text: fitText(row[what], margin.right - 12, FONT_SIZE),
        })),
        { align: "right", ...(k === 0 && { color: ink("muted") }) },
      ),
    ),
    words(
      ticks.map(({ x, text }) => ({ x, y: height + 10, text })),
      { align: "center", color: ink("muted") },
    ),
    note(title, -margin.left + 2, -TOP + 10),
  ]);
}
