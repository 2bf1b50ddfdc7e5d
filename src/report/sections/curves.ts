import { overfittingOnset } from "../../metrics/index.ts";
import { type Configuration, who } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import { type CurvePoint, curve, type ReadMeasure, singleCurve } from "../curves.ts";
import { type Block, type Panel, type Picture, prose, type Said, type Section } from "../document.ts";
import { drawCurves, lossPanel } from "../draw-curves.ts";
import { groupBy } from "../group-by.ts";
import { leaders } from "../leaders.ts";
import type { CurveSeries, LearningCurvesOptions } from "../plots/learning-curves.ts";
import type { Text, Who } from "../text.ts";
import type { Words } from "../words/index.ts";
import { panelSize } from "./panel-size.ts";
import { rankingTitle } from "./ranking.ts";

/** Single seeds are drawn (on demand) while they are not too many lines. */
const MOST_SINGLES = 40;
const MOST_OVERLAID_PAIRS = 6;
const HEIGHT = 380;
const NARROW_HEIGHT = 280;

export const testAccuracy: ReadMeasure = (r) => r.test.accuracy;
export const testLoss: ReadMeasure = (r) => r.test.loss;
const trainAccuracy: ReadMeasure = (r) => r.train.accuracy;

/** All configurations in one picture: test accuracy, test loss, and training against held-out accuracy. */
export async function curvesSection(context: ReportContext): Promise<Section> {
  const { heading, empty } = context.words.curves;
  if (context.results.trials.every((t) => t.history.length === 0)) {
    return { id: "curves", heading, blocks: [prose(empty)] };
  }
  const pictures = [await accuracyPicture(context), await lossPicture(context)];
  if (context.configurations.some((c) => c.done.length > 0)) pictures.push(await gapPicture(context));
  return { id: "curves", heading, blocks: pictures.map((picture): Block => ({ kind: "picture", picture })) };
}

/** A line with the configuration that it is of. */
interface Line extends CurveSeries {
  who: Who;
}

function series(context: ReportContext, read: ReadMeasure): Line[] {
  const { configurations, highlighted } = context;
  const singles = configurations.reduce((n, c) => n + c.done.length, 0) <= MOST_SINGLES;
  return configurations.map((c) => ({
    who: who(c),
    label: c.label,
    style: c.style,
    points: curve(c.done, read),
    context: !highlighted.has(c),
    ...(singles && c.done.length > 1 && { singles: c.done.map((t) => singleCurve(t, read)) }),
    ...(highlighted.has(c) && { broken: c.diverged.map((t) => singleCurve(t, read)) }),
  }));
}

/** All curves in one frame, drawn for wide and for narrow screens. */
export async function overlay(
  heading: string,
  all: readonly CurveSeries[],
  options: Omit<LearningCurvesOptions, "width" | "height">,
  { height = HEIGHT, narrowHeight = NARROW_HEIGHT } = {},
): Promise<Panel> {
  const wide = await drawCurves(all, { ...options, width: 940, height });
  const narrow = await drawCurves(all, { ...options, width: 380, height: narrowHeight });
  return { heading, svg: wide.svg, narrow: narrow.svg, frames: { wide: wide.frame, narrow: narrow.frame } };
}

/** What a picture of all configurations says of its lines. */
function drawn({ basis, configurations, highlighted, words }: ReportContext, what: string): Text {
  return words.curves.drawn({
    basis,
    what,
    seeds: Math.max(...configurations.map((c) => c.done.length)),
    shown: highlighted.size,
    grey: configurations.length - highlighted.size,
    crosses: [...highlighted].some((c) => c.diverged.length > 0),
  });
}

/** What is measured in float32 has no more than nine digits, and an interval of few seeds far fewer. */
const digits = (value: number, n: number): number => Number(value.toPrecision(n));

export const curveCsv = (
  curves: readonly { labels: readonly string[]; points: readonly CurvePoint[] }[],
  names: readonly string[],
): string =>
  csv(
    [...names, "epoch", "mean", "half_width_95", "seeds"],
    curves.flatMap(({ labels, points }) =>
      points.map((p) => [
        ...labels,
        p.epoch,
        digits(p.mean, 9),
        p.high === null ? null : digits(p.high - p.mean, 6),
        p.n,
      ]),
    ),
  );

const csvOf = (all: readonly CurveSeries[]) =>
  curveCsv(
    all.map((s) => ({ labels: [s.label], points: s.points })),
    ["configuration"],
  );

async function accuracyPicture(context: ReportContext): Promise<Picture> {
  const all = series(context, testAccuracy);
  const { curves, common, plots } = context.words;
  const options = {
    title: curves.testAccuracyAxis,
    words: plots,
    epochs: context.epochs,
    factor: 100,
    bounds: [0, 1] as [number, number],
    chance: context.chance?.uniform,
  };
  const finals = all.map((s) => s.points.at(-1)?.mean ?? Number.NEGATIVE_INFINITY);
  const some = all.filter((_, i) => Number.isFinite(finals[i]));
  const close = leaders(some.map((s) => s.points.at(-1)!.mean));
  const panels = [await overlay(close ? common.all : "", all, options)];
  if (close) {
    const top = close.map((i) => some[i]);
    panels.push(await overlay(curves.enlarged, top, { ...options, fit: zoom(top) }));
  }
  return {
    id: "test-accuracy",
    title: leadTitle(context, all),
    subtitle: drawn(context, curves.accuracyDrawn),
    alt: curves.accuracyAlt({ rows: endings(some) }),
    views: [{ name: "", panels }],
    csv: csvOf(all),
  };
}

/** Since when the one that ends highest has been highest, and who was before. */
function leadTitle({ rows, words }: ReportContext, all: readonly Line[]): Said {
  const ranked = rows.filter((r) => r.rank !== null);
  if (ranked.length === 0) return words.curves.noneFinished;
  const low = ranked.filter((r) => r.chance);
  const compared = all.filter((s) => ranked.some((r) => r.configuration.key === s.who.key && !r.chance));
  if (compared.length < 2 || ranked.filter((r) => r.rank === 1).length > 1) return rankingTitle(rows, words);
  const first = who(ranked[0].configuration);
  const highest = (i: number) =>
    compared.reduce((a, b) => ((b.points[i]?.mean ?? 0) > (a.points[i]?.mean ?? 0) ? b : a));
  const { points } = compared.find((s) => s.who.key === first.key)!;
  const leaders = points.map((_, i) => highest(i).who);
  const isOther = (l: Who): boolean => l.key !== first.key;
  const before = leaders.slice(0, leaders.findLastIndex(isOther) + 1).filter(isOther);
  const often = [...groupBy(before, (l) => l.key).values()].sort((a, b) => b.length - a.length)[0]?.[0] ?? null;
  const { epoch: since } = points[leaders.findLastIndex(isOther) + 1] ?? points[points.length - 1];
  const lead = words.curves.lead({ who: first, since, often });
  return low.length > 0 ? words.grammar.clauses([lead, rankingTitle(low, words)]) : lead;
}

/** Where lines end. */
const endings = (all: readonly Line[]) =>
  all.flatMap(({ who, points }) => (points.length > 0 ? [{ who, value: points[points.length - 1] }] : [])).map(({ who, value }) => ({ who, value: { mean: value.mean, halfWidth: null } })); // biome-ignore format: one line

/** Limits that show the later two thirds of these curves. */
function zoom(top: readonly CurveSeries[]): [number, number] {
  const late = top.flatMap((s) => s.points.filter((p) => p.epoch > s.points[s.points.length - 1].epoch / 3));
  const last = top.map((s) => s.points[s.points.length - 1]);
  const highs = last.map((p) => (p.n > 2 && p.high !== null ? p.high : p.mean));
  const lows = last.map((p) => (p.n > 2 && p.low !== null ? p.low : p.mean));
  return [Math.min(...late.map((p) => p.mean), ...lows), Math.min(1, Math.max(...late.map((p) => p.mean), ...highs))];
}

/** Where a mean test loss is lowest, when it has risen by more than 5 % since. */
export function turnUp(points: readonly CurvePoint[]): { epoch: number; from: number; to: number } | null {
  const onset = overfittingOnset(points.map((p) => p.mean));
  if (onset === null) return null;
  const lowest = points[onset - 1];
  return { epoch: lowest.epoch, from: lowest.mean, to: points[points.length - 1].mean };
}

function lossTitle(all: readonly Line[], epochs: number, { curves }: Words): Said {
  const turns = all.flatMap((s) => {
    const turn = turnUp(s.points);
    return turn ? [{ who: s.who, ...turn }] : [];
  });
  if (all.every((s) => s.points.length === 0)) return curves.noneFinished;
  if (turns.length === 0) return curves.noUpturn({ epochs });
  if (turns.length > 3)
    return curves.manyUpturns({ configurations: turns.length, epoch: Math.min(...turns.map((t) => t.epoch)) });
  const others = all.filter((s) => s.points.length > 0 && !turns.some((t) => t.who.key === s.who.key));
  return curves.upturns({ turns, others: others.map((s) => s.who) });
}

async function lossPicture(context: ReportContext): Promise<Picture> {
  const all = series(context, testLoss);
  const { curves, plots } = context.words;
  const options = { title: curves.testLossAxis, words: plots, epochs: context.epochs };
  const positive = all.every((s) => s.points.every((p) => p.mean > 0));
  const linear = { name: curves.linear, panels: [await overlay("", all, options)] };
  const log = { name: curves.log, panels: [await overlay("", all, { ...options, log: true })] };
  return {
    id: "test-loss",
    title: lossTitle(all, context.epochs, context.words),
    subtitle: drawn(context, curves.lossDrawn),
    alt: curves.lossAlt({ rows: endings(all) }),
    views: positive ? [log, linear] : [linear],
    csv: csvOf(all),
  };
}

const finalMean = (c: Configuration, read: ReadMeasure) => curve(c.done, read).at(-1)?.mean ?? Number.NaN;

/** How far training accuracy ends above held-out accuracy, least and most. */
function gapTitle({ learned, heldOut, words: { curves } }: ReportContext, read: ReadMeasure): Said {
  const gaps = learned
    .map((c) => ({ who: who(c), gap: finalMean(c, trainAccuracy) - finalMean(c, read) }))
    .filter((g) => Number.isFinite(g.gap))
    .sort((a, b) => a.gap - b.gap);
  if (gaps.length === 0) return curves.gapAtChance({ heldOut });
  const [least, most] = [gaps[0], gaps[gaps.length - 1]];
  if (gaps.length === 1) return curves.gapOfOne({ gap: least, heldOut });
  if (least.gap >= 0) return curves.gapOneSided({ near: least, far: most, heldOut });
  if (most.gap < 0) return curves.gapOneSided({ near: most, far: least, heldOut });
  return curves.gapBothSides({ least, most, heldOut });
}

/** Training dashed against held-out solid: overlaid while they can be told apart, else one panel each. */
async function gapPicture(context: ReportContext): Promise<Picture> {
  const { highlighted, heldOut, hasValidation, epochs, configurations, basis, words } = context;
  const read: ReadMeasure = hasValidation ? (r) => r.validation?.accuracy : testAccuracy;
  const shown = configurations.filter((c) => highlighted.has(c) && c.done.length > 0);
  const options = {
    title: words.curves.accuracyAxis,
    words: words.plots,
    epochs,
    factor: 100,
    bounds: [0, 1] as [number, number],
    chance: context.chance?.uniform,
  };
  const overlaid = shown.length <= MOST_OVERLAID_PAIRS && shown.every((c) => c.style.dash.length === 0);
  const on = ({ label }: Configuration, split: "train" | "validation" | "test") => ({
    of: [label, split],
    name: `${label}, ${words.common.splits[split]}`,
  });
  const panels: Panel[] = [];
  if (overlaid) {
    const pairs = shown.flatMap((c): CurveSeries[] => [
      { label: c.label, style: { ...c.style, dash: [5, 3] }, points: curve(c.done, trainAccuracy), unnamed: true, ...on(c, "train") },
      { label: c.label, style: c.style, points: curve(c.done, read), ...on(c, heldOut) },
    ]); // biome-ignore format: one line each
    const ends = shown.filter((c) => context.learned.includes(c));
    const some =
      ends.length > 0 && ends.length < shown.length ? pairs.filter((p) => ends.some((c) => c.label === p.label)) : [];
    panels.push(await overlay(some.length > 0 ? words.common.all : "", pairs, options));
    if (some.length > 0)
      panels.push(await overlay(words.curves.learnedEnlarged, some, { ...options, fit: zoom(some) }));
  } else {
    const drawnCurves = shown.map((c) => ({
      name: c.label,
      style: c.style,
      train: curve(c.done, trainAccuracy),
      heldOut: curve(c.done, read),
      heldOutName: heldOut,
    }));
    const means = drawnCurves.flatMap((d) => [...d.train, ...d.heldOut].map((p) => p.mean));
    const fit: [number, number] = [Math.min(...means), Math.max(...means)];
    for (const d of drawnCurves) panels.push(await lossPanel(d, { ...options, ...panelSize(drawnCurves.length), fit }));
  }
  return {
    id: "generalization",
    title: gapTitle(context, read),
    subtitle: words.curves.gapSubtitle({ basis, heldOut, shown: shown.length, of: configurations.length }),
    alt: words.curves.gapAlt({
      rows: shown.map((c) => ({ who: who(c), value: { mean: finalMean(c, trainAccuracy), halfWidth: null } })),
      heldOut,
    }),
    views: [{ name: "", panels }],
    csv: curveCsv(
      configurations.flatMap((c) => [
        { labels: [c.label, "train"], points: curve(c.done, trainAccuracy) },
        { labels: [c.label, heldOut], points: curve(c.done, read) },
      ]),
      ["configuration", "split"],
    ),
  };
}
