/** Computes losses in the runtime that trains with them, and draws them. */
import { type LossPoint, marginOf } from "../../../src/library/loss-curve.ts";
import { lossCurveOn, lossPoints } from "../../../src/library/loss-points.ts";
import { csv } from "../../../src/report/csv.ts";
import { specLabel } from "../../../src/report/labels.ts";
import { DASHES, SERIES_COLORS, SHAPES } from "../../../src/report/palette.ts";
import { lossCurves, MARGINS } from "../../../src/report/plots/loss-curves.ts";
import type { LossCurvesWords } from "../../../src/report/words/en/loss-curves.ts";
import type { Spec } from "../../../src/run/records.ts";
import { draw } from "../drawing/draw.ts";
import { wasmBackend } from "../engine/runtime.ts";
import { problemOf } from "../parts/problem.ts";
import { answer } from "../rpc.ts";
import { simplexLogits } from "./simplex.ts";

const backend = wasmBackend();

/** Margins at equal steps, and those of probabilities at equal steps: smooth over either. */
function grid(classes: number): number[] {
  const margins = Array.from({ length: 161 }, (_, i) => MARGINS[0] + ((MARGINS[1] - MARGINS[0]) * i) / 160);
  const probabilities = Array.from({ length: 99 }, (_, i) => marginOf((i + 1) / 100, classes));
  return [...margins, ...probabilities].sort((a, b) => a - b);
}

/** Results of before, the newest last: dragging one slider leaves the other losses as they are. */
const known = new Map<string, Promise<unknown>>();
const MOST_KNOWN = 64;

function once<T>(key: unknown[], compute: () => Promise<T>): Promise<T> {
  const text = JSON.stringify(key);
  const made = (known.get(text) as Promise<T> | undefined) ?? compute();
  known.delete(text);
  known.set(text, made);
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
  return made;
}

/** What is asked of each loss, or what is wrong with it. */
const ofEach = <T>(losses: readonly Spec[], ask: (spec: Spec) => Promise<T>): Promise<(T | { problem: string })[]> =>
  Promise.all(
    losses.map(async (spec) => {
      try {
        return await ask(spec);
      } catch (error) {
        return problemOf(error);
      }
    }),
  );

const curvesOf = (losses: readonly Spec[], classes: number): Promise<(LossPoint[] | { problem: string })[]> =>
  ofEach(losses, (spec) =>
    once(["curve", spec, classes], async () => lossCurveOn(await backend, spec, grid(classes), { classes })),
  );

const agree = (a: readonly LossPoint[], b: readonly LossPoint[]): boolean =>
  a.every((p, i) => Math.abs(p.value - b[i].value) <= 1e-5 && Math.abs(p.gradient - b[i].gradient) <= 1e-5);

export interface CurvesQuestion {
  losses: Spec[];
  labels: string[];
  classes: number;
  log: boolean;
  width: number;
  p: number;
  words: LossCurvesWords;
}

export interface Read {
  value: number;
  gradient: number;
}

const handlers = {
  async curves({ losses, labels, classes, log, width, p, words }: CurvesQuestion) {
    const curves = await curvesOf(losses, classes);
    const read = await ofEach(losses, async (spec): Promise<Read> => {
      const [{ value, gradient }] = await lossCurveOn(await backend, spec, [marginOf(p, classes)], { classes });
      return { value, gradient };
    });
    const drawn = curves.flatMap((points, i) => ("problem" in points ? [] : [{ points, i }]));
    const series = drawn.map(({ points, i }, place) => {
      // A loss that equals one before it is dashed, so that both show.
      const equal = drawn.slice(0, place).filter((other) => agree(other.points, points)).length;
      const style = {
        color: SERIES_COLORS[i % SERIES_COLORS.length],
        dash: DASHES[equal % DASHES.length],
        shape: SHAPES[i % SHAPES.length],
      };
      return { label: labels[i], style, points };
    });
    const columns = width < 640 ? 1 : 2;
    return {
      svg:
        series.length > 0 ? await draw(lossCurves(series, { width: Math.max(300, width), columns, log, words })) : "",
      read: read.map((r) => ("problem" in r ? null : r)),
      problems: curves.map((c) => ("problem" in c ? c.problem : "")),
    };
  },

  /** Values, or sizes of gradients, over the probabilities of three classes, the first wanted. */
  maps: (losses: Spec[], what: "value" | "gradient") =>
    ofEach(losses, (spec) =>
      once(["map", spec, what], async () => {
        const { values, gradients } = await lossPoints(await backend, spec, simplexLogits(), { classes: 3 });
        if (what === "value") return values;
        return values.map((_, i) => Math.hypot(...gradients.subarray(3 * i, 3 * i + 3)));
      }),
    ),

  async csv(losses: Spec[], classes: number): Promise<string> {
    const curves = await curvesOf(losses, classes);
    const rows = curves.flatMap((points, i) =>
      "problem" in points ? [] : points.map((q) => [specLabel(losses[i]), classes, q.p, q.margin, q.value, q.gradient]),
    );
    return csv(["loss", "classes", "p", "margin", "value", "gradient"], rows);
  },
};

export type ExplorerWorker = typeof handlers;
answer(handlers);
