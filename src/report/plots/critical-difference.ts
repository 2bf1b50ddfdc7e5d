import type { TopLevelSpec } from "vega-lite";
import type { CriticalDifference } from "../../stats/critical-difference.ts";
import { ink, type SeriesStyle } from "../palette.ts";
import { fitText, textWidth } from "../text-width.ts";
import type { PlotWords } from "../words/en/plots.ts";
import { asGiven, FONT_SIZE, type Layer, note, picture, pixel } from "./theme.ts";

export interface RankedTreatment {
  label: string;
  style: SeriesStyle;
  meanRank: number;
}

const LINE = 20;
const AXIS = 52;

const rules = (values: object[], mark: object = {}): Layer => ({
  data: { values },
  mark: { type: "rule", ...mark },
  encoding: { x: pixel("x0"), x2: { field: "x1" }, y: pixel("y0"), y2: { field: "y1" } },
});

/**
 * Mean ranks on a line, the best at the left, names on both sides; thick bars join what cannot be told apart. Demšar, 2006, figure 1.
 * @param treatments in any order; `differences` refers to their places
 */
export function criticalDifferencePlot(
  treatments: readonly RankedTreatment[],
  { difference, order, groups }: CriticalDifference,
  { width, words }: { width: number; words: PlotWords },
): TopLevelSpec {
  const k = treatments.length;
  const sorted = order.map((i) => treatments[i]);
  const onLeft = Math.ceil(k / 2);
  const labels = sorted.map((t) => `${t.label} (${t.meanRank.toFixed(2)})`);
  const room = Math.min(0.32 * width, Math.max(...labels.map((l) => textWidth(l, FONT_SIZE))));
  const margin = { left: Math.ceil(room) + 30, right: Math.ceil(room) + 30, top: 8, bottom: 8 };
  const plot = width - margin.left - margin.right;
  const at = (rank: number): number => ((rank - 1) / Math.max(1, k - 1)) * plot;
  const bars = AXIS + 10 + groups.length * 7;
  const height = bars + onLeft * LINE + 6;

  const ticks = Array.from({ length: k }, (_, i) => ({ x0: at(i + 1), x1: at(i + 1), y0: AXIS - 5, y1: AXIS, text: String(i + 1), py: AXIS - 14 })); // biome-ignore format: one line
  const arms = sorted.map((t, i) => {
    const left = i < onLeft;
    const y = bars + (left ? i : k - 1 - i) * LINE + LINE / 2;
    const end = left ? -16 : plot + 16;
    const [x0, x1] = left ? [end, at(t.meanRank)] : [at(t.meanRank), end];
    return {
      ...t.style,
      x0,
      x1,
      stem: at(t.meanRank),
      top: AXIS,
      y0: y,
      y1: y,
      end,
      left,
      text: fitText(labels[i], room, FONT_SIZE),
    };
  });
  const names = (left: boolean): Layer => ({
    data: { values: arms.filter((a) => a.left === left).map((a) => ({ ...a, px: a.end + (left ? -10 : 10) })) },
    mark: { type: "text", align: left ? "right" : "left", baseline: "middle" },
    encoding: { x: pixel("px"), y: pixel("y0"), text: { field: "text", type: "nominal" } },
  });
  const wide = Math.min(difference, k - 1);
  return picture(width, height + margin.top + margin.bottom, margin, [
    rules([{ x0: 0, x1: plot, y0: AXIS, y1: AXIS }, ...ticks], { color: ink("muted") }),
    {
      data: { values: ticks },
      mark: { type: "text", align: "center", baseline: "middle", color: ink("muted") },
      encoding: { x: pixel("x0"), y: pixel("py"), text: { field: "text", type: "nominal" } },
    },
    rules([{ x0: 0, x1: at(1 + wide), y0: 20, y1: 20 }, ...[0, at(1 + wide)].map((x) => ({ x0: x, x1: x, y0: 16, y1: 24 }))], { strokeWidth: 1.5, color: ink("ink") }), // biome-ignore format: one line
    note(words.criticalDifference({ size: difference.toFixed(2), beyond: difference > k - 1 }), -margin.left + 2, 6),
    ...(["stem", "arm"] as const).map(
      (part): Layer => ({
        data: { values: arms.map((a) => (part === "stem" ? { ...a, x0: a.stem, x1: a.stem, y0: a.top } : a)) },
        mark: { type: "rule", strokeWidth: 1 },
        encoding: { x: pixel("x0"), x2: { field: "x1" }, y: pixel("y0"), y2: { field: "y1" }, color: asGiven("color") },
      }),
    ),
    {
      data: { values: arms },
      mark: { type: "point", filled: true, size: 46, opacity: 1 },
      encoding: { x: pixel("end"), y: pixel("y0"), color: asGiven("color"), shape: asGiven("shape") },
    },
    names(true),
    names(false),
    rules(
      groups.map(([first, last], i) => ({
        x0: at(sorted[first].meanRank) - 4,
        x1: at(sorted[last].meanRank) + 4,
        y0: AXIS + 8 + i * 7,
        y1: AXIS + 8 + i * 7,
      })),
      { strokeWidth: 4, color: ink("ink") },
    ),
  ]);
}
