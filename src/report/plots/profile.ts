import type { TopLevelSpec } from "vega-lite";
import { ink, type SeriesStyle } from "../palette.ts";
import { fitText, textWidth } from "../text-width.ts";
import type { PlotWords } from "../words/en/plots.ts";
import { linearAxis, position } from "./axis.ts";
import { along, asGiven, FONT_SIZE, note, picture, pixel } from "./theme.ts";

export interface Profile {
  label: string;
  style: SeriesStyle;
  /** Shares of runs above each threshold, 0 … 1. */
  shares: readonly number[];
}

const ROW = 18;

/** Steps that fall from 1 to 0: which share of the runs is above each threshold. Names stand above the plot. */
export function profilePlot(
  profiles: readonly Profile[],
  thresholds: readonly number[],
  { width, height, title, words }: { width: number; height: number; title: string; words: PlotWords },
): TopLevelSpec {
  const inner = width - 60;
  const columns = Math.max(
    1,
    Math.floor(inner / (Math.max(...profiles.map((p) => textWidth(p.label, FONT_SIZE))) + 44)),
  );
  const lines = Math.ceil(profiles.length / columns);
  const margin = { left: 40, right: 20, top: 30 + lines * ROW, bottom: 40 };
  const plot = { width: width - margin.left - margin.right, height: height + lines * ROW - margin.top - margin.bottom };
  const x = linearAxis(100 * thresholds[0], 100 * thresholds[thresholds.length - 1], width < 420 ? 3 : 6);
  const y = { domain: [0, 1] as [number, number], ticks: [0, 0.25, 0.5, 0.75, 1], log: false };
  const values = profiles.flatMap(({ style, shares }, s) =>
    shares.map((share, i) => ({ s, color: style.color, dash: style.dash, t: 100 * thresholds[i], v: share })),
  );
  const legend = profiles.map(({ label, style }, i) => {
    const px = (i % columns) * (inner / columns);
    const py = -margin.top + 30 + Math.floor(i / columns) * ROW;
    return {
      color: style.color,
      dash: style.dash,
      x0: px,
      x1: px + 18,
      tx: px + 24,
      py,
      text: fitText(label, inner / columns - 30, FONT_SIZE),
    };
  });
  return picture(width, height + lines * ROW, margin, [
    {
      data: { values },
      mark: { type: "line", interpolate: "step-after", clip: true, strokeWidth: 2 },
      encoding: {
        x: along("t", x, { grid: false, labelExpr: "datum.value" }),
        y: along("v", y, { grid: true, labelExpr: "datum.value" }),
        color: asGiven("color"),
        strokeDash: asGiven("dash"),
        detail: { field: "s", type: "nominal" },
      },
    },
    note(words.shareAbove, -margin.left + 2, -margin.top + 10),
    note(title, position(x, (x.domain[0] + x.domain[1]) / 2, plot.width), plot.height + 30, { align: "center" }),
    {
      data: { values: legend },
      mark: { type: "rule", strokeWidth: 2 },
      encoding: {
        x: pixel("x0"),
        x2: { field: "x1" },
        y: pixel("py"),
        color: asGiven("color"),
        strokeDash: asGiven("dash"),
      },
    },
    {
      data: { values: legend },
      mark: { type: "text", align: "left", baseline: "middle", color: ink("ink") },
      encoding: { x: pixel("tx"), y: pixel("py"), text: { field: "text", type: "nominal" } },
    },
  ]);
}
