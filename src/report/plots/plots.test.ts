import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as corruptions from "../../corruptions/index.ts";
import type { ProbabilityMeasures } from "../../run/observations.ts";
import { criticalDifferences } from "../../stats/critical-difference.ts";
import { chance } from "../chance.ts";
import { configurations } from "../configurations.ts";
import { curve, singleCurve } from "../curves.ts";
import { fixtureResults, manyConfigurations } from "../fixture.ts";
import { fitted, leaders } from "../leaders.ts";
import { drawnLosses } from "../loss-curves.ts";
import { classMeasures, totalConfusion } from "../per-class.ts";
import { render } from "../render.ts";
import { textWidth } from "../text-width.ts";
import { wordsIn } from "../words/index.ts";
import { epochAxis, linearAxis, logAxis, position, spread } from "./axis.ts";
import { claimPlot } from "./claim-plot.ts";
import { confusion, rowNormalized } from "./confusion.ts";
import { contour } from "./contours.ts";
import { criticalDifferencePlot } from "./critical-difference.ts";
import { landscapeLines, lossAxis } from "./landscape-lines.ts";
import { landscapeMaps } from "./landscape-maps.ts";
import { type CurveSeries, curvesFrame, learningCurves } from "./learning-curves.ts";
import { lossCurves } from "./loss-curves.ts";
import { lossSeries } from "./loss-panels.ts";
import { type PairCell, pairMatrix } from "./pair-matrix.ts";
import { perClass } from "./per-class.ts";
import { profilePlot } from "./profile.ts";
import { rankingPlot } from "./ranking-plot.ts";
import { reliability } from "./reliability.ts";
import { within } from "./small-plot.ts";
import { stabilityPlot } from "./stability.ts";
import { type StandingRow, standings } from "./standings.ts";
import { strengthCurves } from "./strength-curves.ts";

const { plots: words } = wordsIn("en");
const few = configurations(fixtureResults());
const many = configurations(fixtureResults({ configurations: manyConfigurations(), seeds: 2, epochs: 5 }));

const series = (all: typeof few): CurveSeries[] =>
  all.map((c, i) => ({
    label: c.label,
    style: c.style,
    points: curve(c.done, (r) => r.test.accuracy),
    singles: c.done.map((t) => singleCurve(t, (r) => r.test.accuracy)),
    broken: c.diverged.map((t) => singleCurve(t, (r) => r.test.accuracy)),
    context: i > 9,
  }));
const accuracy = {
  title: "test accuracy, %",
  epochs: 20,
  factor: 100,
  bounds: [0, 1] as [number, number],
  chance: 0.1,
};
const rows = (all: typeof few) =>
  all.map((c) => {
    const s = c.summaries.testAccuracy;
    return {
      label: c.label,
      style: c.style,
      value: s && s.mean * 100,
      halfWidth: s?.halfWidth ? s.halfWidth * 100 : null,
      text: s ? "96.42 ± 0.18" : "all diverged",
    };
  });
const classes = Array.from({ length: 10 }, (_, k) => String(k));
const bins = few[0].done[0].observations.flatMap((o) => (o.question.kind === "probabilities" ? (o.answer as ProbabilityMeasures).reliability : [])).slice(0, 15); // biome-ignore format: one line
const stabilityRows = ["CE", "written out"].map((label, i) => ({ label, second: i > 0, cells: [0, 1].map(() => [1, 1e-8, 0, Number.POSITIVE_INFINITY].map((error) => ({ error, text: "6e-8" }))) })); // biome-ignore format: one line
const slices = few.map((c, i) => ({
  label: c.label,
  style: c.style,
  loss: [i === 0 ? Number.NaN : 3 + i, 0.02, 9 * i],
  accuracy: [0.4, 0.9, 0.2 + 0.1 * i],
}));
const planes = few.map((c, i) => ({ label: c.label, rows: [[1, 0.5, i === 0 ? Number.NaN : 20], [0.5, 0.01, 0.5], [60, 0.5, 1]] })); // biome-ignore format: one line
const corruptionTitles = Object.values(corruptions).map((c) => c.title);
const totals = few.map((c) => totalConfusion(c)!);

const pairs = (all: typeof few) => {
  const cells = all.map((_, i) =>
    all.map((_, j): PairCell | null =>
      i === j
        ? null
        : {
            verdict: (["different", "equivalent", "undecided", "equal"] as const)[(i + j) % 4],
            text: i < j ? "+12.31" : "−12.31",
            positive: i < j,
            negligible: j === 3,
          },
    ),
  );
  return (width: number) => pairMatrix(cells, { width, words, labels: all.map((c) => c.label) });
};

const ranked = (all: typeof few) => all.map(({ label, style }, i) => ({ label, style, meanRank: 1 + i * 0.97 }));
const profiles = (all: typeof few) =>
  all.map(({ label, style }, i) => ({ label, style, shares: [1, 0.5, i / all.length] }));

/** An interval far wider than the seeds, one claimed on either side, one between. */
const claimRows = ([[1, Number.POSITIVE_INFINITY], [Number.NEGATIVE_INFINITY, -0.5], [-3, 3]] as const).map((claimed, i) => ({
  label: `accuracy(${few[i].label}) − accuracy(something of a rather long name, sgd(0.1))`,
  seeds: [0.2, 0.5, 1.1].map((d) => d - i),
  mean: 0.6 - i,
  halfWidth: [300, 0.4, 1][i],
  claimed,
  claimedText: "claimed: > 1.00 points",
  text: "+0.60 ± 300.00 points",
})); // biome-ignore format: one line

const standingRows: StandingRow[] = [
  { name: "digits", inner: false, cells: [] },
  { name: "symmetric noise 0.4", inner: true, cells: [{ text: "90.12 %", heat: "best" }, { text: "−1.20", heat: null }, null] },
  { name: "tuned", inner: true, cells: [{ text: "−0.10", heat: "may" }, { text: "91.02 %", heat: "may" }, { text: "−31.11", heat: null }] },
]; // biome-ignore format: one row a line

/** One specification for each kind of picture and each of its special cases. */
const SPECS = {
  "learning curves": learningCurves(series(few), { ...accuracy, words, width: 940, height: 380 }),
  "learning curves, narrow": learningCurves(series(few), { ...accuracy, words, width: 380, height: 280 }),
  "learning curves, enlarged": learningCurves(series(few), { ...accuracy, fit: [0.9, 0.97], words, width: 940, height: 380 }),
  "learning curves, log": learningCurves(series(few), { title: "loss", epochs: 20, log: true, words, width: 940, height: 380 }),
  "learning curves, many": learningCurves(series(many), { ...accuracy, words, width: 940, height: 380 }),
  "learning curves, many, narrow": learningCurves(series(many), { ...accuracy, words, width: 380, height: 380 }),
  "learning curves, nothing": learningCurves([], { ...accuracy, words, width: 380, height: 280 }),
  "learning curves, one epoch": learningCurves(series(few).map((s) => ({ ...s, points: s.points.slice(0, 1) })), { ...accuracy, epochs: 1, words, width: 380, height: 280 }),
  "loss panel": learningCurves(
    lossSeries({ name: "CE", style: few[0].style, train: curve(few[0].done, (r) => r.train.loss), heldOut: curve(few[0].done, (r) => r.test.loss), heldOutName: "test" }, words),
    { title: "loss", epochs: 20, words, width: 310, height: 210 },
  ),
  claim: claimPlot(claimRows, { width: 620, title: "left minus right, points", color: "#3ca951" }),
  "claim, narrow": claimPlot(claimRows, { width: 350, title: "left minus right, points", color: "#3ca951" }),
  "claim, all equal": claimPlot([{ ...claimRows[0], seeds: [0, 0], mean: 0, halfWidth: null, claimed: [0, 0] }], { width: 350, title: "left minus right, loss", color: "#9498a0" }),
  ranking: rankingPlot(rows(few), { width: 480, title: "test accuracy, %", fit: [95, 97], rule: { value: 10, label: "chance" } }),
  "ranking with rule": rankingPlot(rows(few), { width: 350, title: "test accuracy, %", fit: [5, 97], rule: { value: 10, label: "chance" } }),
  "ranking, many": rankingPlot(rows(many), { width: 940, title: "test accuracy, %", fit: [90, 97] }),
  "per class": perClass(few.map((c, i) => ({ label: c.label, recall: classMeasures(totals[i]).map((m) => m.recall) })), { width: 940, title: "recall, %", what: "class", classes, worst: 0.05 }),
  "per class, narrow": perClass(few.map((c, i) => ({ label: c.label, recall: classMeasures(totals[i]).map((m) => m.recall) })), { width: 380, title: "recall, %", what: "class", classes: classes.map((c) => `class ${c}`), worst: 0.05 }),
  corruptions: perClass(few.map((c) => ({ label: c.label, recall: corruptionTitles.map((_, k) => 0.9 - 0.05 * k) })), { width: 940, title: "accuracy, %", what: "corruption", classes: corruptionTitles, worst: 0.6 }),
  "corruptions, narrow": perClass(few.map((c) => ({ label: c.label, recall: corruptionTitles.map((_, k) => 0.9 - 0.05 * k) })), { width: 380, title: "accuracy, %", what: "corruption", classes: corruptionTitles, worst: 0.6 }),
  confusion: confusion(totals[0], { width: 320, classes, worst: 0.03, words }),
  pairs: pairs(few)(940),
  "pairs, narrow": pairs(few)(350),
  "pairs, many": pairs(many)(940),
  "pairs, many, narrow": pairs(many)(350),
  "critical differences": criticalDifferencePlot(ranked(few), criticalDifferences(ranked(few).map((r) => r.meanRank), 30), { width: 820, words }),
  "critical differences, narrow": criticalDifferencePlot(ranked(few), criticalDifferences(ranked(few).map((r) => r.meanRank), 2), { width: 350, words }),
  "critical differences, many": criticalDifferencePlot(ranked(many), criticalDifferences(ranked(many).map((r) => r.meanRank), 9), { width: 820, words }),
  profile: profilePlot(profiles(few), [0.9, 0.95, 1], { width: 820, height: 300, title: "test accuracy, %", words }),
  "profile, many": profilePlot(profiles(many), [0.9, 0.95, 1], { width: 350, height: 300, title: "test accuracy, %", words }),
  "confusion, 100 classes": confusion(
    Array.from({ length: 100 }, (_, i) => Array.from({ length: 100 }, (_, j) => (i === j ? 90 : (i + j) % 2))),
    { width: 430, classes: Array.from({ length: 100 }, (_, k) => `class ${k}`), worst: 0.03, words },
  ),
  reliability: reliability(bins, { width: 310, style: few[0].style, words }),
  "reliability, empty bins": reliability(bins.map((b, i) => (i < 5 ? b : { ...b, count: 0 })), { width: 210, style: few[1].style, words }),
  strength: strengthCurves(few.map((c) => ({ label: c.label, style: c.style, values: [0.9, 0.5, 0.1].map((mean) => ({ ...c.summaries.testLoss!, mean })) })), { width: 310, height: 240, title: "accuracy, %", across: "severity", strengths: ["clean", "1", "5"], factor: 100, fit: [0.1, 0.9] }),
  "strength, gaps": strengthCurves([{ label: "CE", style: few[0].style, values: [null, { ...few[0].summaries.testLoss!, mean: 0.4, halfWidth: null }, null] }], { width: 470, height: 240, title: "accuracy, %", across: "ε", strengths: ["clean", "0.1", "0.25"], factor: 100, fit: [0.4, 0.4] }),
  stability: stabilityPlot(stabilityRows, { width: 940, columns: ["−10⁴", "−1", "1", "10³"] }),
  "stability, narrow": stabilityPlot(stabilityRows, { width: 620, columns: ["−10⁴", "−1", "1", "10³"] }),
  "loss curves": lossCurves(drawnLosses([{ ce: {} }, { mae: {} }, { hinge: { delta: 5 } }], 10), { width: 940, columns: 2 }),
  "loss curves, narrow": lossCurves(drawnLosses([{ ce: {} }, { kl: {} }, { hinge: { squared: true } }], 2), { width: 380, columns: 1 }),
  "loss curves, a jump": lossCurves(drawnLosses([{ marginSoftmax: {} }, { ce: {} }], 2), { width: 940, columns: 2 }),
  "loss curves, log": lossCurves(drawnLosses([{ ce: {} }, { mae: {} }, { hinge: { delta: 5 } }], 10), { width: 940, columns: 2, log: true }),
  "landscape lines": landscapeLines(slices, { width: 940, columns: 2, along: [-1, 0, 1] }),
  "landscape lines, narrow": landscapeLines(slices.slice(0, 1), { width: 380, columns: 1, along: [-0.1, 0, 0.1] }),
  "landscape maps": landscapeMaps(planes, { width: 940, columns: 3, title: "loss", scale: logAxis(0.01, 50), along: [-1, 0, 1] }),
  "landscape maps, narrow": landscapeMaps(planes, { width: 380, columns: 1, title: "accuracy, %", scale: linearAxis(0, 100), along: [-0.25, 0, 0.25] }),
  standings: standings(["CE", "focal γ=2, α=0.1", "hinge"], standingRows, 600), // ends with a layer of nothing
  "standings, narrow": standings(["CE", "focal γ=2, α=0.1", "hinge"], standingRows, 260),
}; // biome-ignore format: one case a line

/** Whether every element ends where it must. */
function wellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [, close, tag, self] of svg.matchAll(/<(\/?)([a-zA-Z]+)(?:"[^"]*"|[^"<>])*?(\/?)>/g)) {
    if (close && open.pop() !== tag) return false;
    if (!close && !self) open.push(tag);
  }
  return open.length === 0;
}

/** Every text of an SVG with its place and estimated extent. */
function texts(svg: string): { text: string; left: number; right: number; y: number }[] {
  const found: { text: string; left: number; right: number; y: number }[] = [];
  const stack: [number, number][] = [];
  const at: [number, number] = [0, 0];
  for (const [, close, tag, attributes, self, text] of svg.matchAll(/<(\/?)(\w+)([^>]*?)(\/?)>([^<]*)/g)) {
    if (close) {
      if (tag === "g") [at[0], at[1]] = stack.pop()!;
      continue;
    }
    const [, dx = 0, dy = 0] = (/translate\(([-\d.]+),([-\d.]+)\)/.exec(attributes) ?? []).map(Number);
    if (tag === "g" && !self) {
      stack.push([at[0], at[1]]);
      [at[0], at[1]] = [at[0] + dx, at[1] + dy];
    }
    if (tag !== "text" || attributes.includes("rotate")) continue;
    const size = Number(/font-size="(\d+)px"/.exec(attributes)?.[1] ?? 12);
    const width = textWidth(text.replaceAll("&amp;", "&"), size);
    const anchor = /text-anchor="(\w+)"/.exec(attributes)?.[1] ?? "start";
    const x = at[0] + dx - (anchor === "end" ? width : anchor === "middle" ? width / 2 : 0);
    found.push({ text, left: x, right: x + width, y: at[1] + dy });
  }
  return found;
}

describe("pictures", () => {
  const warn = vi.spyOn(console, "warn");
  beforeEach(() => void warn.mockReset());
  afterEach(() => void warn.mockReset());

  it.each(Object.entries(SPECS))("%s: no warning, no colour left unpainted, no label cut", async (_, spec) => {
    const svg = await render(spec);
    expect(warn).not.toHaveBeenCalled();
    expect(svg).not.toMatch(/#0101/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(wellFormed(svg)).toBe(true);
    const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!.map(Number);
    const all = texts(svg);
    expect(all.length).toBeGreaterThan(1);
    for (const t of all) {
      expect(t.left, t.text).toBeGreaterThanOrEqual(-1);
      expect(t.right, t.text).toBeLessThanOrEqual(width + 1);
      expect(t.y).toBeGreaterThan(6);
      expect(t.y).toBeLessThanOrEqual(height);
    }
  });

  it("draws the same picture twice", async () => {
    expect(await render(SPECS["learning curves"])).toBe(await render(SPECS["learning curves"]));
  });

  it("draws each configuration's line and band in its own colour", async () => {
    const svg = await render(SPECS["learning curves"]);
    for (const { style } of few) {
      expect(svg).toContain(`stroke="${style.color}"`);
      expect(svg).toContain(`fill="${style.color}" opacity="0.18"`);
    }
    expect(svg).toContain(">chance 10 %<");
  });

  it("names the chance level where no curve passes, while there is such a place", async () => {
    const line = (level: (t: number) => number): CurveSeries => ({
      label: "a",
      style: few[0].style,
      points: Array.from({ length: 20 }, (_, i) => ({
        epoch: i + 1,
        n: 1,
        mean: level(i / 19),
        low: null,
        high: null,
      })),
    });
    const size = { words, width: 310, height: 210 };
    for (const level of [
      (t: number) => 0.1 + 0.9 * t,
      (t: number) => 1 - 0.9 * t,
      (t: number) => 0.12 + 3 * (t - 0.5) ** 2,
    ]) {
      const { points } = line(level);
      const { margin, plot, y } = curvesFrame([line(level)], { ...accuracy, ...size });
      const at = texts(await render(learningCurves([line(level)], { ...accuracy, ...size }))).find((t) => t.text === "chance 10 %")!; // biome-ignore format: one line
      const under = points.filter(({ epoch }) => {
        const x = margin.left + ((epoch - 1) / 19) * plot.width;
        return x > at.left - 2 && x < at.right + 2;
      });
      expect(under.length).toBeGreaterThan(2);
      for (const { mean } of under)
        expect(Math.abs(margin.top + plot.height - position(y, 100 * mean, plot.height) - at.y)).toBeGreaterThan(5);
    }
  });

  it("names up to six series at their ends and more in a legend", async () => {
    const names = (svg: string) => texts(svg).filter((t) => many.some((c) => c.label === t.text));
    const six = series(many.slice(0, 6)).map((s, i) => ({ ...s, label: `line ${i}` }));
    const direct = texts(await render(learningCurves(six, { ...accuracy, words, width: 940, height: 380 }))).filter(
      (t) => t.text.startsWith("line"),
    );
    expect(direct.length).toBe(6);
    for (const t of direct) expect(t.left).toBeGreaterThan(800);
    const ys = direct.map((t) => t.y).sort((a, b) => a - b);
    for (let i = 1; i < 6; i++) expect(ys[i] - ys[i - 1]).toBeGreaterThanOrEqual(14.5);
    const legend = names(await render(SPECS["learning curves, many"]));
    expect(legend.length).toBe(many.slice(0, 10).filter((c) => c.done.length > 0).length);
    for (const t of legend) expect(t.y).toBeLessThan(160);
  });
});

describe("axes", () => {
  const value = fc.double({ min: -1e4, max: 1e4, noNaN: true });
  it("hold the data and have few, round ticks", () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const axis = linearAxis(low, high);
        const slack = 1e-6 * Math.max(1e-9, high - low);
        expect(axis.domain[0]).toBeLessThanOrEqual(low + slack);
        expect(axis.domain[1]).toBeGreaterThanOrEqual(high - slack);
        expect(axis.ticks.length).toBeLessThanOrEqual(9);
        expect(axis.ticks.length).toBeGreaterThanOrEqual(2);
      }),
    );
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e5, noNaN: true }),
        fc.double({ min: 1, max: 1e5, noNaN: true }),
        (low, factor) => {
          const axis = logAxis(low, low * factor);
          expect(axis.domain[0]).toBeLessThanOrEqual(low * 1.00001);
          expect(axis.domain[1]).toBeGreaterThanOrEqual(low * factor * 0.99999);
          expect(axis.domain[1]).toBeGreaterThan(axis.domain[0]);
          expect(axis.ticks.length).toBeGreaterThanOrEqual(2);
        },
      ),
    );
    expect(epochAxis(20).ticks).toEqual([1, 5, 10, 15, 20]);
    expect(epochAxis(100).ticks).toEqual([1, 20, 40, 60, 80, 100]);
    expect(epochAxis(3).ticks).toEqual([1, 2, 3]);
    expect(position(logAxis(0.1, 10), 1, 100)).toBeCloseTo(50);
  });

  it("spread labels without overlap, in order, within the plot", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 15 }), (wanted) => {
        const places = spread(wanted, 15, 0, 300);
        const order = [...wanted.keys()].sort((a, b) => wanted[a] - wanted[b]);
        order.slice(1).forEach((i, k) => {
          expect(places[i] - places[order[k]]).toBeGreaterThanOrEqual(15 - 1e-6);
        });
        for (const p of places) {
          expect(p).toBeGreaterThanOrEqual(-1e-6);
          expect(p).toBeLessThanOrEqual(300 + 1e-6);
        }
      }),
    );
  });
});

describe("what pictures are made of", () => {
  it("cuts lines where they leave the axis", () => {
    expect(within([[0, 0], [1, 2], [2, 4], [3, 0]], [0, 3])).toEqual([[[0, 0], [1, 2], [1.5, 3]], [[2.25, 3], [3, 0]]]); // biome-ignore format: points
    const y = fc.integer({ min: -9, max: 9 });
    fc.assert(
      fc.property(fc.array(y), (ys) => {
        const runs = within(
          ys.map((value, i) => [i, value]),
          [-4, 4],
        );
        for (const [, value] of runs.flat()) expect(Math.abs(value)).toBeLessThanOrEqual(4);
        const kept = runs
          .flat()
          .filter(([x]) => Number.isInteger(x))
          .map(([x]) => x);
        for (const [i, value] of ys.entries()) if (Math.abs(value) <= 4) expect(kept).toContain(i);
      }),
    );
  });

  it("dashes a loss that equals one before it", () => {
    const [ce, mae, kl] = drawnLosses([{ ce: {} }, { mae: {} }, { kl: {} }], 2);
    expect(ce.style.dash).toEqual([]);
    expect(mae.style.dash).toEqual([]);
    expect(kl.style.dash).not.toEqual([]);
  });

  it("finds those that a picture of all could not tell apart", () => {
    expect(leaders([0.964, 0.963, 0.958, 0.103])).toEqual([0, 1, 2]);
    expect(leaders([0.1, 0.9, 0.89])).toEqual([1, 2]);
    expect(leaders([0.9, 0.8, 0.7, 0.6])).toBeNull();
    expect(leaders([0.9, 0.9])).toBeNull();
    expect(leaders([0.9])).toBeNull();
  });

  it("set the axis where they are most, or far above the others; else all do", () => {
    expect(fitted([0.964, 0.963, 0.958, 0.103])).toEqual([0, 1, 2]);
    expect(fitted([0.97, 0.96, 0.1, 0.1, 0.1, 0.1])).toEqual([0, 1]);
    const even = Array.from({ length: 60 }, (_, i) => 0.97 - 0.001 * i);
    expect(fitted(even)).toEqual([...even.keys()]);
  });

  it("normalizes rows, and agrees with the records on recall", () => {
    for (const row of rowNormalized(totals[0])) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(rowNormalized([[0, 0], [1, 3]])).toEqual([[0, 0], [0.25, 0.75]]); // biome-ignore format: matrix
    const t = few[0].done[0].history.at(-1)!.test;
    const recalls = classMeasures(t.confusion).map((m) => m.recall);
    expect(recalls.reduce((a, b) => a + b) / recalls.length).toBeCloseTo(t.macro.recall, 12);
    expect(chance(few[0])).toEqual({ classes: 10, uniform: 0.1, largest: 0.1 });
  });

  it("thins out long curves but keeps their ends", () => {
    const [c] = configurations(fixtureResults({ configurations: [manyConfigurations()[0]], seeds: 2, epochs: 1000 }));
    const points = curve(c.done, (r) => r.test.accuracy);
    expect(points.length).toBeLessThanOrEqual(202);
    expect([points[0].epoch, points.at(-1)!.epoch]).toEqual([1, 1000]);
  });
});

describe("contours", () => {
  const grid = Array.from({ length: 9 }, (_, j) => Array.from({ length: 9 }, (_, i) => (i - 4) ** 2 + (j - 4) ** 2));
  it("lie where the function has the level", () => {
    const lines = contour(grid, 9);
    for (const [x0, y0, x1, y1] of lines)
      for (const [x, y] of [
        [x0, y0],
        [x1, y1],
      ])
        expect(Math.abs(Math.hypot(x - 4, y - 4) - 3)).toBeLessThan(0.1);
    // Closed: every end is the end of two pieces.
    const ends = lines.flatMap(([x0, y0, x1, y1]) => [
      `${x0.toFixed(9)} ${y0.toFixed(9)}`,
      `${x1.toFixed(9)} ${y1.toFixed(9)}`,
    ]);
    for (const end of ends) expect(ends.filter((other) => other === end).length).toBe(2);
    const length = lines.reduce((sum, [x0, y0, x1, y1]) => sum + Math.hypot(x1 - x0, y1 - y0), 0);
    expect(Math.abs(length - 6 * Math.PI)).toBeLessThan(0.3);
  });
  it("leave out what is no number, and are none where the level is not reached", () => {
    expect(contour(grid, 33)).toEqual([]);
    expect(
      contour(
        [
          [0, Number.NaN],
          [1, 1],
        ],
        0.5,
      ),
    ).toEqual([]);
  });
  it("have two pieces on a saddle, around the corners of the rarer side", () => {
    const pieces = (middle: number) =>
      contour(
        [
          [1, middle],
          [middle, 1],
        ],
        0.5,
      );
    expect(pieces(0.3).length).toBe(2);
    // High in the mean: the low corners, upper right and lower left, are cut off.
    for (const [x0, y0, x1, y1] of pieces(0.3)) expect(Math.abs(x0 - y0) + Math.abs(x1 - y1)).toBeGreaterThan(0.5);
    for (const [x0, y0, x1, y1] of pieces(-0.9))
      expect(Math.abs(1 - x0 - y0) + Math.abs(1 - x1 - y1)).toBeGreaterThan(0.5);
  });
});

describe("the loss axis of landscapes", () => {
  const of = (...loss: number[][]) => lossAxis(loss.map((l) => ({ loss: l })));
  it("is logarithmic where losses differ much and all are above 0", () => {
    expect(of([0.01, 5]).axis.log).toBe(true);
    expect(of([0.5, 5]).axis.log).toBe(false);
    expect(of([0, 5]).axis.log).toBe(false);
    expect(of([Number.NaN, 1, 2]).axis.domain[1]).toBeGreaterThanOrEqual(2);
  });
  it("cuts off a loss that dwarfs the others", () => {
    expect(of([0, 1], [0, 1], [0, 1000])).toMatchObject({ cut: true, axis: { domain: [0, 4] } });
    expect(of([0, 1], [0, 3])).toMatchObject({ cut: false });
  });
});
