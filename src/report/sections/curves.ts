import { overfittingOnset } from "../../metrics/index.ts";
import { percent, significant } from "../../util/format.ts";
import type { Configuration } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import { type CurvePoint, curve, type ReadMeasure, singleCurve } from "../curves.ts";
import { type Block, type Panel, type Picture, prose, type Section } from "../document.ts";
import { groupBy } from "../group-by.ts";
import { leaders } from "../leaders.ts";
import { type CurveSeries, type LearningCurvesOptions, learningCurves } from "../plots/learning-curves.ts";
import { lossPanel } from "../plots/loss-panels.ts";
import { render } from "../render.ts";
import { named } from "../wording.ts";
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
  const heading = "Learning curves";
  if (context.results.trials.every((t) => t.history.length === 0)) {
    return { id: "curves", heading, blocks: [prose("No epoch has been recorded.")] };
  }
  const pictures = [await accuracyPicture(context), await lossPicture(context)];
  if (context.configurations.some((c) => c.done.length > 0)) pictures.push(await gapPicture(context));
  return { id: "curves", heading, blocks: pictures.map((picture): Block => ({ kind: "picture", picture })) };
}

function series(context: ReportContext, read: ReadMeasure): CurveSeries[] {
  const { configurations, highlighted } = context;
  const singles = configurations.reduce((n, c) => n + c.done.length, 0) <= MOST_SINGLES;
  return configurations.map((c) => ({
    label: c.label,
    style: c.style,
    points: curve(c.done, read),
    context: !highlighted.has(c),
    ...(singles && c.done.length > 1 && { singles: c.done.map((t) => singleCurve(t, read)) }),
    ...(highlighted.has(c) && { broken: c.diverged.map((t) => singleCurve(t, read)) }),
  }));
}

const bothWidths = async (
  heading: string,
  draw: (size: { width: number; height: number }) => Promise<string>,
): Promise<Panel> => ({
  heading,
  svg: await draw({ width: 940, height: HEIGHT }),
  narrow: await draw({ width: 380, height: NARROW_HEIGHT }),
});

export const overlay = (
  heading: string,
  all: readonly CurveSeries[],
  options: Omit<LearningCurvesOptions, "width" | "height">,
) => bothWidths(heading, (size) => render(learningCurves(all, { ...options, ...size })));

/** What a picture of all configurations says of its lines. */
function drawn(context: ReportContext, what: string): string {
  const { basis, configurations, highlighted } = context;
  const most = Math.max(...configurations.map((c) => c.done.length));
  const band = most > 1 ? "mean and 95 % band over the seeds" : most === 1 ? "one seed each" : "";
  const grey = configurations.length - highlighted.size;
  const crosses = [...highlighted].some((c) => c.diverged.length > 0) ? "thin lines that end in × diverged" : "";
  const rest = grey > 0 ? `the best ${highlighted.size} in colour, ${grey} others in grey` : "";
  return [basis, what, band, rest, crosses].filter(Boolean).join(" · ");
}

export const curveCsv = (
  curves: readonly { labels: readonly string[]; points: readonly CurvePoint[] }[],
  names: readonly string[],
): string =>
  csv(
    [...names, "epoch", "mean", "low_95", "high_95", "seeds"],
    curves.flatMap(({ labels, points }) => points.map((p) => [...labels, p.epoch, p.mean, p.low, p.high, p.n])),
  );

const csvOf = (all: readonly CurveSeries[]) =>
  curveCsv(
    all.map((s) => ({ labels: [s.label], points: s.points })),
    ["configuration"],
  );

async function accuracyPicture(context: ReportContext): Promise<Picture> {
  const all = series(context, testAccuracy);
  const options = {
    title: "test accuracy, %",
    epochs: context.epochs,
    factor: 100,
    bounds: [0, 1] as [number, number],
    chance: context.chance?.uniform,
  };
  const finals = all.map((s) => s.points.at(-1)?.mean ?? Number.NEGATIVE_INFINITY);
  const some = all.filter((_, i) => Number.isFinite(finals[i]));
  const close = leaders(some.map((s) => s.points.at(-1)!.mean));
  const panels = [await overlay(close ? "all" : "", all, options)];
  if (close) {
    const top = close.map((i) => some[i]);
    panels.push(await overlay("the best, enlarged", top, { ...options, fit: zoom(top) }));
  }
  return {
    id: "test-accuracy",
    title: leadTitle(context, all),
    subtitle: drawn(context, "test accuracy after each epoch"),
    alt: `Test accuracy over the epochs. At the end: ${endings(some, (v) => `${percent(v)} %`)}.`,
    views: [{ name: "", panels }],
    csv: csvOf(all),
  };
}

/** Since when the one that ends highest has been highest, and who was before. */
function leadTitle({ rows }: ReportContext, all: readonly CurveSeries[]): string {
  const ranked = rows.filter((r) => r.rank !== null);
  if (ranked.length === 0) return "No trial has finished";
  const low = ranked.filter((r) => r.chance);
  const compared = all.filter((s) => ranked.some((r) => r.configuration.label === s.label && !r.chance));
  if (compared.length < 2 || ranked.filter((r) => r.rank === 1).length > 1) return rankingTitle(rows);
  const first = ranked[0].configuration.label;
  const highest = (i: number) =>
    compared.reduce((a, b) => ((b.points[i]?.mean ?? 0) > (a.points[i]?.mean ?? 0) ? b : a));
  const { points } = compared.find((s) => s.label === first)!;
  const leaders = points.map((_, i) => highest(i).label);
  const before = leaders.slice(0, leaders.findLastIndex((l) => l !== first) + 1).filter((l) => l !== first);
  const often = [...groupBy(before, (l) => l)].sort(([, a], [, b]) => b.length - a.length)[0]?.[0];
  const since = points[leaders.findLastIndex((l) => l !== first) + 1]?.epoch;
  const lead = often
    ? `${first} has the highest mean test accuracy from epoch ${since} on, most often ${often} before`
    : `${first} has the highest mean test accuracy from the first epoch on`;
  const atChance = low.length > 0 ? `; ${rankingTitle(low)}` : "";
  return lead + atChance;
}

const endings = (all: readonly CurveSeries[], say: (value: number) => string) =>
  all.flatMap((s) => (s.points.length > 0 ? `${s.label} ${say(s.points[s.points.length - 1].mean)}` : [])).join(", ");

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

function lossTitle(all: readonly CurveSeries[], epochs: number): string {
  const turns = all.flatMap((s) => {
    const turn = turnUp(s.points);
    return turn ? [{ label: s.label, ...turn }] : [];
  });
  if (all.every((s) => s.points.length === 0)) return "No trial has finished";
  if (turns.length === 0) return `No test loss turns up within ${epochs} epochs`;
  if (turns.length > 3) {
    const from = turns.map((t) => t.epoch);
    return `The test loss of ${turns.length} configurations turns up again, from epoch ${Math.min(...from)} on at the earliest`;
  }
  const clauses = turns.map(
    (t) => `${t.label} after epoch ${t.epoch} (${significant(t.from, 3)} to ${significant(t.to, 3)})`,
  );
  const rest = all.filter((s) => s.points.length > 0 && !turns.some((t) => t.label === s.label)).map((s) => s.label);
  return `The test loss turns up for ${named(clauses)}${rest.length > 0 ? `; not for ${named(rest)}` : ""}`;
}

async function lossPicture(context: ReportContext): Promise<Picture> {
  const all = series(context, testLoss);
  const options = { title: "test loss", epochs: context.epochs };
  const positive = all.every((s) => s.points.every((p) => p.mean > 0));
  const linear = { name: "linear", panels: [await overlay("", all, options)] };
  const log = { name: "log", panels: [await overlay("", all, { ...options, log: true })] };
  return {
    id: "test-loss",
    title: lossTitle(all, context.epochs),
    subtitle: drawn(context, "test loss after each epoch, each loss in its own unit: compare shapes, not heights"),
    alt: `Test loss over the epochs. At the end: ${endings(all, significant)}.`,
    views: positive ? [log, linear] : [linear],
    csv: csvOf(all),
  };
}

const finalMean = (c: Configuration, read: ReadMeasure) => curve(c.done, read).at(-1)?.mean ?? Number.NaN;

/** How far training accuracy ends above held-out accuracy, least and most. */
function gapTitle({ learned, heldOut }: ReportContext, read: ReadMeasure): string {
  const gaps = learned
    .map((c) => ({ label: c.label, gap: finalMean(c, trainAccuracy) - finalMean(c, read) }))
    .filter((g) => Number.isFinite(g.gap))
    .sort((a, b) => a.gap - b.gap);
  if (gaps.length === 0) return `Training and ${heldOut} accuracy stay at chance`;
  const [least, most] = [gaps[0], gaps[gaps.length - 1]];
  const by = (g: { gap: number }) => percent(Math.abs(g.gap));
  const side = (g: { gap: number }) => (g.gap >= 0 ? "above" : "below");
  if (gaps.length === 1)
    return `Training accuracy ends ${by(least)} points ${side(least)} ${heldOut} accuracy with ${least.label}`;
  if (side(least) === side(most)) {
    const [near, far] = least.gap >= 0 ? [least, most] : [most, least];
    return `Training accuracy ends ${side(near)} ${heldOut} accuracy, by ${by(near)} points with ${near.label} up to ${by(far)} with ${far.label}`;
  }
  return `Training accuracy ends ${by(most)} points above ${heldOut} accuracy with ${most.label}, ${by(least)} points below it with ${least.label}`;
}

/** Training dashed against held-out solid: overlaid while they can be told apart, else one panel each. */
async function gapPicture(context: ReportContext): Promise<Picture> {
  const { highlighted, heldOut, hasValidation, epochs, configurations, basis } = context;
  const read: ReadMeasure = hasValidation ? (r) => r.validation?.accuracy : testAccuracy;
  const shown = configurations.filter((c) => highlighted.has(c) && c.done.length > 0);
  const options = {
    title: "accuracy, %",
    epochs,
    factor: 100,
    bounds: [0, 1] as [number, number],
    chance: context.chance?.uniform,
  };
  const overlaid = shown.length <= MOST_OVERLAID_PAIRS && shown.every((c) => c.style.dash.length === 0);
  const panels: Panel[] = [];
  if (overlaid) {
    const pairs = shown.flatMap((c): CurveSeries[] => [
      { label: c.label, style: { ...c.style, dash: [5, 3] }, points: curve(c.done, trainAccuracy), unnamed: true },
      { label: c.label, style: c.style, points: curve(c.done, read) },
    ]);
    const ends = shown.filter((c) => context.learned.includes(c));
    const some =
      ends.length > 0 && ends.length < shown.length ? pairs.filter((p) => ends.some((c) => c.label === p.label)) : [];
    panels.push(await overlay(some.length > 0 ? "all" : "", pairs, options));
    if (some.length > 0)
      panels.push(await overlay("those above chance, enlarged", some, { ...options, fit: zoom(some) }));
  } else {
    const drawnCurves = shown.map((c) => ({
      style: c.style,
      train: curve(c.done, trainAccuracy),
      heldOut: curve(c.done, read),
      heldOutName: heldOut,
    }));
    const means = drawnCurves.flatMap((d) => [...d.train, ...d.heldOut].map((p) => p.mean));
    const fit: [number, number] = [Math.min(...means), Math.max(...means)];
    for (const [i, d] of drawnCurves.entries()) {
      panels.push({
        heading: shown[i].label,
        svg: await render(lossPanel(d, { ...options, ...panelSize(drawnCurves.length), fit })),
      });
    }
  }
  const lines = `solid: ${heldOut}, dashed: training`;
  const of =
    shown.length < configurations.length ? ` · ${shown.length} of ${configurations.length} configurations` : "";
  return {
    id: "generalization",
    title: gapTitle(context, read),
    subtitle: `${basis} · accuracy over the epochs, ${lines}; training figures are gathered while the weights change${of}`,
    alt: `Training and ${heldOut} accuracy over the epochs. Training at the end: ${shown.map((c) => `${c.label} ${percent(finalMean(c, trainAccuracy))} %`).join(", ")}.`,
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
