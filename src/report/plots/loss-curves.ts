import type { TopLevelSpec } from "vega-lite";
import type { LossPoint } from "../../library/loss-curve.ts";
import { median } from "../../stats/median.ts";
import { quantile } from "../../stats/quantile.ts";
import type { SeriesStyle } from "../palette.ts";
import { lossCurves as english, type LossCurvesWords } from "../words/en/loss-curves.ts";
import { type Axis, linearAxis, logAxis } from "./axis.ts";
import { LEGEND_LINE, legend, legendLayers } from "./legend.ts";
import { frame, lines, type SmallPlot, tickRoom } from "./small-plot.ts";
import { picture } from "./theme.ts";

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

/** One of the plots: what it shows, and where. */
interface Plot extends SmallPlot {
  across: "p" | "margin";
  up: "value" | "gradient";
}

/** Margins that are shown. */
export const MARGINS: readonly [number, number] = [-8, 8];

/** A loss whose values exceed those of the others by more is cut off, or it would flatten them. */
const MOST_TIMES = 3;
/** Values that fewer points than this share reach do not stretch the axis: a loss that jumps has a slope without measure there. */
const USUAL = 0.98;

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
  const limit = MOST_TIMES * median(values.map((own) => quantile(own.map(Math.abs), USUAL)));
  const [low, high] = [Math.min(0, ...values.flat()), Math.max(0, ...values.flat())];
  const axis = linearAxis(Math.max(-limit, low), Math.min(limit, high), 5);
  return { axis, cut: low < axis.domain[0] || high > axis.domain[1] };
}

/**
 * Losses (above) and their gradients (below) over the probability of the target and over the margin: plots of a row share their axis.
 */
export function lossCurves(
  series: readonly LossSeries[],
  { width, columns, log = false, words = english }: LossCurvesOptions,
): TopLevelSpec {
  const axes = { value: fit(series, "value", log), gradient: fit(series, "gradient", log) };
  const left = tickRoom([axes.value.axis, axes.gradient.axis]);
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
      titles: {
        x: words[across],
        y: `${log && up === "gradient" ? words.size : words[up]}${log ? words.log : ""}${axes[up].cut ? words.cut : ""}`,
      },
      across,
      up,
    };
  });
  const rows = kinds.length / columns;
  const margin = { left, right: 12, top: TOP + legendHeight, bottom: 40 };
  const height = margin.top + rows * plotHeight + (rows - 1) * GAP.y + margin.bottom;
  return picture(width, height, margin, [
    ...plots.flatMap((plot) => [
      ...frame(plot, left),
      lines(
        plot,
        series.map(({ style, points }) => ({
          style,
          points: points.flatMap((q): [number, number][] => {
            const up = log ? Math.abs(q[plot.up]) : q[plot.up];
            return log && up === 0 ? [] : [[q[plot.across], up]];
          }),
        })),
      ),
    ]),
    ...legendLayers(places, -margin.top + 12),
  ]);
}
