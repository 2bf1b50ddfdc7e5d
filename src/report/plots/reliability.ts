import type { TopLevelSpec } from "vega-lite";
import type { ReliabilityBin } from "../../metrics/index.ts";
import { ink, type SeriesStyle } from "../palette.ts";
import type { PlotWords } from "../words/en/plots.ts";
import { linearAxis, position } from "./axis.ts";
import { type Layer, note, picture, pixel } from "./theme.ts";

export interface ReliabilityOptions {
  words: PlotWords;
  width: number;
  style: SeriesStyle;
}

const MARGIN = { left: 34, right: 8, top: 24, bottom: 36 };
const COUNTS = 44;
/** What is said of the counts stands above them. */
const SAID = 14;
const GAP = 10;

/** Accuracy by confidence as bars, with the diagonal of perfect calibration; below, how many examples each bin has. */
export function reliability(
  bins: readonly ReliabilityBin[],
  { width, style, words }: ReliabilityOptions,
): TopLevelSpec {
  const plot = width - MARGIN.left - MARGIN.right;
  const axis = linearAxis(0, 1);
  const at = (value: number): number => position(axis, value, plot);
  const most = Math.max(1, ...bins.map((b) => b.count));
  const base = plot + GAP + COUNTS;
  const values = bins
    .filter((b) => b.count > 0)
    .map((b) => ({
      x0: at(b.low) + 0.75,
      x1: at(b.high) - 0.75,
      zero: plot,
      py: plot - at(b.accuracy),
      middle: at(b.confidence),
      count0: base,
      count1: base - Math.max(1, ((COUNTS - SAID) * b.count) / most),
    }));
  const ticks = axis.ticks.map((t) => ({
    text: String(t),
    px: at(t),
    py: plot - at(t),
    base: base + 14,
    left: -6,
    x0: 0,
    x1: plot,
  }));
  const text = { field: "text", type: "nominal" as const };
  return picture(width, base + MARGIN.top + MARGIN.bottom, MARGIN, [
    {
      data: { values: ticks },
      mark: { type: "rule", color: ink("grid"), strokeWidth: 1 },
      encoding: { x: pixel("x0"), x2: { field: "x1" }, y: pixel("py") },
    },
    {
      data: { values: ticks },
      mark: { type: "text", align: "right", baseline: "middle", color: ink("muted") },
      encoding: { x: pixel("left"), y: pixel("py"), text },
    },
    {
      data: { values: ticks },
      mark: { type: "text", align: "center", baseline: "middle", color: ink("muted") },
      encoding: { x: pixel("px"), y: pixel("base"), text },
    },
    ...bars(values, style.color, "zero", "py", 0.75),
    ...bars(values, ink("context"), "count0", "count1", 1),
    {
      data: { values: [{ x0: 0, y0: plot, x1: plot, y1: 0 }] },
      mark: { type: "rule", color: ink("ink"), strokeWidth: 1, strokeDash: [4, 3] },
      encoding: { x: pixel("x0"), y: pixel("y0"), x2: { field: "x1" }, y2: { field: "y1" } },
    },
    note(words.accuracy, -MARGIN.left + 2, -12),
    note(words.confidence, plot / 2, base + 28, { align: "center" }),
    note(words.mostInBin({ n: most }), 4, plot + GAP + 4, { fontSize: 10 }),
  ]);
}

const bars = (values: object[], color: string, from: string, to: string, opacity: number): Layer[] => [
  {
    data: { values },
    mark: { type: "rect", color, opacity },
    encoding: { x: pixel("x0"), x2: { field: "x1" }, y: pixel(from), y2: { field: to } },
  },
];
