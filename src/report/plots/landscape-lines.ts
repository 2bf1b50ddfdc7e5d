import type { TopLevelSpec } from "vega-lite";
import { median } from "../../stats/median.ts";
import type { SeriesStyle } from "../palette.ts";
import { type Axis, linearAxis, logAxis } from "./axis.ts";
import { LEGEND_LINE, legend, legendLayers } from "./legend.ts";
import { frame, lines, type SmallPlot, tickRoom } from "./small-plot.ts";
import { picture } from "./theme.ts";

/** A trial on a line through its weights. */
export interface LandscapeSeries {
  label: string;
  style: SeriesStyle;
  loss: readonly number[];
  /** 0 … 1. */
  accuracy: readonly number[];
}

export interface LandscapeLinesOptions {
  width: number;
  /** Plots side by side: 2, or 1 on narrow screens. */
  columns: 1 | 2;
  /** Where the values lie along the direction. */
  along: readonly number[];
}

/** Losses that differ by more than this are seen on a logarithmic axis. */
const MOST_LINEAR = 30;
/** A loss that exceeds most others by more is cut off on a linear axis. */
const MOST_TIMES = 4;
const GAP = { x: 28, y: 72 };

/** An axis for losses of all series, logarithmic where they differ much and none is 0 or less. */
export function lossAxis(series: readonly Pick<LandscapeSeries, "loss">[]): { axis: Axis; cut: boolean } {
  const all = series.flatMap(({ loss }) => loss.filter(Number.isFinite));
  const [low, high] = [Math.min(...all), Math.max(...all)];
  if (low > 0 && high / low > MOST_LINEAR) return { axis: logAxis(low, high), cut: false };
  const limit = MOST_TIMES * median(series.map(({ loss }) => Math.max(...loss.filter(Number.isFinite))));
  const axis = linearAxis(Math.min(0, low), Math.min(limit > 0 ? limit : high, high));
  return { axis, cut: high > axis.domain[1] };
}

/** Loss and accuracy of trials on a line through their weights, which lie at 0; all trials share the axes. */
export function landscapeLines(
  series: readonly LandscapeSeries[],
  { width, columns, along }: LandscapeLinesOptions,
): TopLevelSpec {
  const loss = lossAxis(series);
  const percents = series.flatMap(({ accuracy }) => accuracy.map((a) => 100 * a));
  const accuracy = linearAxis(Math.min(...percents), Math.max(...percents));
  const left = tickRoom([loss.axis, accuracy]);
  const plotWidth = (width - columns * left - (columns - 1) * GAP.x - 12) / columns;
  const height = columns === 1 ? 190 : 280;
  const places = legend(series, width - left - 12);
  const x = linearAxis(along[0], along[along.length - 1], plotWidth < 300 ? 4 : 8);
  const across = { ...x, domain: [along[0], along[along.length - 1]] as [number, number] };
  const ticks = across.ticks.filter((t) => t >= across.domain[0] && t <= across.domain[1]);
  const plots = ["loss", "accuracy"].map((measure, i): SmallPlot & { measure: string } => ({
    measure,
    left: columns === 1 ? 0 : i * (plotWidth + left + GAP.x),
    top: columns === 1 ? i * (height + GAP.y) : 0,
    width: plotWidth,
    height,
    x: { ...across, ticks },
    y: measure === "loss" ? loss.axis : accuracy,
    titles: {
      x: "along the direction, in lengths of the filters",
      y:
        measure === "accuracy"
          ? "accuracy, %"
          : `loss${loss.axis.log ? ", log axis" : ""}${loss.cut ? ", axis cut off" : ""}`,
    },
  }));
  const rows = plots.length / columns;
  const margin = { left, right: 12, top: 36 + (places[places.length - 1].line + 1) * LEGEND_LINE, bottom: 40 };
  return picture(width, margin.top + rows * height + (rows - 1) * GAP.y + margin.bottom, margin, [
    ...plots.flatMap((plot) => [
      ...frame(plot, left),
      lines(
        plot,
        series.map((s) => ({
          style: s.style,
          points: along.map((a, i) => [a, plot.measure === "loss" ? s.loss[i] : 100 * s.accuracy[i]] as const),
        })),
      ),
    ]),
    ...legendLayers(places, -margin.top + 12),
  ]);
}
