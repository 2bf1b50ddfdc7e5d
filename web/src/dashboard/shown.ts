/** Which configurations of a run are drawn, and how: what the filter bar says, applied. */
import type { ConfigurationView, CurvesView, CurveView, RunView, SingleView } from "../../../src/dashboard/api.ts";
import { DASHES, SERIES_COLORS, SHAPES } from "../../../src/report/palette.ts";
import type { CurveSeries } from "../../../src/report/plots/learning-curves.ts";

/** As in reports: up to ten are all drawn in colour, of more the best six. */
const MOST_COLOURED = 10;
const COLOURED_OF_MANY = 6;
/** More lines than this say nothing more. */
const MOST_DRAWN = 100;

export interface Wanted {
  /** Places of factors; null: each configuration its own. */
  colour: number | null;
  facet: number | null;
  /** Levels that are kept, by factor. */
  where: ReadonlyMap<number, number>;
  /** Keys, or their beginnings, that are not drawn. */
  off: ReadonlySet<string>;
  seconds: boolean;
}

/** The first of a key are enough in an address. */
export const short = (key: string): string => key.slice(0, 8);

const fits = (c: ConfigurationView, where: Wanted["where"]): boolean =>
  [...where].every(([factor, level]) => c.levels[factor] === level);

const better = (a: ConfigurationView, b: ConfigurationView): number =>
  (b.accuracy?.mean ?? -1) - (a.accuracy?.mean ?? -1);

export interface Shown {
  /** Those that are drawn, in the study's order. */
  drawn: ConfigurationView[];
  coloured: ReadonlySet<string>;
  /** Left out by filters, and because there are too many. */
  hidden: number;
  cut: number;
}

export function shownOf({ configurations }: RunView, { colour, where, off }: Wanted): Shown {
  const kept = configurations.filter((c) => fits(c, where) && !off.has(short(c.key)));
  const best = [...kept].sort(better);
  const among = new Set(best.slice(0, MOST_DRAWN));
  const all = colour !== null || kept.length <= MOST_COLOURED;
  return {
    drawn: kept.filter((c) => among.has(c)),
    coloured: new Set((all ? kept : best.slice(0, COLOURED_OF_MANY)).map((c) => c.key)),
    hidden: configurations.length - kept.length,
    cut: kept.length - among.size,
  };
}

/** Where points stand on the x axis: seconds once they have come. */
const places = (c: { epoch: number[]; seconds?: number[] }, seconds: boolean): number[] =>
  seconds ? (c.seconds ?? []) : c.epoch;

const points = (c: CurveView, seconds: boolean): CurveSeries["points"] =>
  places(c, seconds).map((epoch, i) => ({ epoch, n: c.n[i], mean: c.mean[i], low: c.low[i], high: c.high[i] }));

/** A thin grey line says as much with fewer points, and hundreds of them are drawn sooner. */
const MOST_GREY_POINTS = 34;
function thinned(points: CurveSeries["points"]): CurveSeries["points"] {
  const step = Math.ceil(points.length / MOST_GREY_POINTS);
  return step < 2 ? points : points.filter((_, i) => i % step === 0 || i === points.length - 1);
}

const single = (s: SingleView, seconds: boolean): CurveSeries["points"] =>
  places(s, seconds).map((epoch, i) => ({ epoch, n: 1, mean: s.value[i], low: null, high: null }));

/** A level's colour; beyond the palette its dash differs too. */
const styleOf = (level: number) => ({
  color: SERIES_COLORS[level % SERIES_COLORS.length],
  dash: DASHES[Math.floor(level / SERIES_COLORS.length) % DASHES.length],
  shape: SHAPES[Math.floor(level / SERIES_COLORS.length) % SHAPES.length],
});

export interface ChartPanel {
  heading: string;
  series: CurveSeries[];
}

/** The curves in panels. */
export function panelsOf({ factors }: RunView, curves: CurvesView, shown: Shown, wanted: Wanted): ChartPanel[] {
  const { colour, facet, seconds } = wanted;
  const curveOf = new Map(curves.curves.map((c) => [c.key, c]));
  const headings = facet === null ? [""] : factors[facet].levels;
  const panels = headings.map((heading, level): ChartPanel => {
    const there = shown.drawn.filter((c) => facet === null || c.levels[facet] === level);
    const named = new Set<number>();
    const series = there.map((c): CurveSeries => {
      const singles = curves.singles.filter((s) => s.key === c.key);
      const group = colour === null ? null : c.levels[colour];
      const unnamed = group !== null && named.has(group);
      if (group !== null) named.add(group);
      const context = !shown.coloured.has(c.key);
      const curve = curveOf.get(c.key);
      const own = curve ? points(curve, seconds) : [];
      return {
        label: group === null ? c.label : factors[colour!].levels[group],
        style: group === null ? c.style : styleOf(group),
        points: context ? thinned(own) : own,
        context,
        ...(unnamed && { unnamed }),
        ...(!context && {
          singles: singles.filter((s) => !s.broken).map((s) => single(s, seconds)),
          broken: singles.filter((s) => s.broken).map((s) => single(s, seconds)),
        }),
      };
    });
    return { heading, series };
  });
  return panels.filter((p) => p.series.some((s) => s.points.length > 0 || s.broken?.some((b) => b.length > 0)));
}

/** Limits that all panels share; undefined where there is one, which fits itself. */
export function sharedFit(panels: readonly ChartPanel[], log: boolean): [number, number] | undefined {
  if (panels.length < 2) return undefined;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { mean } of panels.flatMap((p) => p.series.flatMap((s) => s.points))) {
    if (log && mean <= 0) continue;
    low = Math.min(low, mean);
    high = Math.max(high, mean);
  }
  return low <= high ? [low, high] : undefined;
}
