/** Figures with curves, for the script of their page, and that script. */
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { type CurvesFrame, type FramedSeries, withOwners } from "./curves-frame.ts";
import type { Picture } from "./document.ts";
import { interactive, type PageCurves, type PageFrame } from "./interactive.ts";
import type { Words } from "./words/index.ts";

/** JSON as an attribute in single quotes. */
const attribute = (name: string, value: unknown): string =>
  ` data-${name}='${JSON.stringify(value).replace(/[&'<>]/g, (c) => `&#${c.charCodeAt(0)};`)}'`;

/** The curves of a figure, each once however many of its drawings have it. */
export interface FigureCurves {
  /** For the figure's element; empty without curves. */
  attributes: string;
  /** For the element around one drawing. */
  frame(frame: CurvesFrame | undefined): string;
  /** The drawing with its marks named. */
  marked(svg: string, frame: CurvesFrame | undefined): string;
}

export function figureCurves({ views }: Picture): FigureCurves {
  const frames = views.flatMap(({ panels }) => panels.flatMap(({ frames }) => (frames ? [frames.wide] : [])));
  const labels = new Map<string, FramedSeries>();
  const series = new Map<string, FramedSeries>();
  const keyOf = ({ of }: FramedSeries): string => of.join("\t");
  for (const one of frames.flatMap((frame) => frame.series)) {
    // Of several with a label, as those of two splits, the last is the one that names it.
    labels.set(one.label, one);
    if (!series.has(keyOf(one))) series.set(keyOf(one), one);
  }
  const [labelPlaces, seriesPlaces] = [[...labels.keys()], [...series.keys()]];
  const colorOf = ({ style, context }: FramedSeries): string => (context ? "var(--context)" : style.color);
  const labelAt = ({ label }: FramedSeries): number => labelPlaces.indexOf(label);
  const page: PageCurves = {
    labels: [...labels.values()].map(({ label, style }) => {
      const colors = new Set([...series.values()].flatMap((one) => (one.label === label ? colorOf(one) : [])));
      return [label, colors.size === 1 ? [...colors][0] : "var(--muted)", style.dash.join(" ")];
    }),
    series: [...series.values()].map((one) => {
      const [at, color, key] = [labelAt(one), colorOf(one), keyOf(one)];
      if (key !== one.name) return [at, color, one.name, key];
      return one.name === one.label ? [at, color] : [at, color, one.name];
    }),
  };
  const short = (pixels: number): number => Number(pixels.toFixed(1));
  return {
    attributes: series.size === 0 ? "" : attribute("curves", page),
    frame: (frame) => {
      if (!frame || frame.series.length === 0) return "";
      const { left, top, width, height, x, y, log, factor, legend } = frame;
      const places = frame.series.map((one) => seriesPlaces.indexOf(keyOf(one)));
      const numbers: PageFrame = [short(left), short(top), short(width), short(height), ...x, ...y, log ? 1 : 0, factor, places, legend]; // biome-ignore format: one line
      return attribute("frame", numbers);
    },
    marked: (svg, frame) => (frame ? withOwners(svg, frame, (i) => labelAt(frame.series[i])) : svg),
  };
}

/** The script of a page in the language of its words, and what allows it and no other to run. */
export function pageScript({ page }: Words): { text: string; source: string } {
  const words = {
    epoch: page.epochValue({ epoch: "#" }),
    shown: page.series,
    all: page.all,
    hint: page.curvesHint,
  } satisfies Parameters<typeof interactive>[0];
  const text = `(${interactive})(${JSON.stringify(words)})`.replace(/^\s+/gm, "");
  const hash = btoa(String.fromCharCode(...sha256(utf8ToBytes(text))));
  return { text, source: `'sha256-${hash}'` };
}
