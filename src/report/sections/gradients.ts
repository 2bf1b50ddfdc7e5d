import { type ActivationDiagnosis, concern, type EpochDiagnosis, type LayerDiagnosis } from "../../run/diagnosis.ts";
import type { TrialResult } from "../../run/records.ts";
import { percent, percentInterval, significant } from "../../util/format.ts";
import { type Configuration, over } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { type CurvePoint, curveOf } from "../curves.ts";
import { type Cell, type Panel, type Picture, prose, type Section, type Table } from "../document.ts";
import { diagnosisOf } from "../measures.ts";
import { DASHES, SERIES_COLORS, SHAPES } from "../palette.ts";
import { type CurveSeries, learningCurves } from "../plots/learning-curves.ts";
import { render } from "../render.ts";
import { named } from "../wording.ts";
import { curveCsv } from "./curves.ts";
import { panelSize } from "./panel-size.ts";
import { intervalCell } from "./ranking.ts";

/** So many configurations have a panel of their own; the data of the picture has them all. */
const MOST_PANELS = 9;

const hasDiagnosis = (t: TrialResult): boolean => t.observations.some((o) => o.question.kind === "diagnosis");

/** What went on within the networks, where the study asked to look. */
export async function gradientsSection(context: ReportContext): Promise<Section | null> {
  const shown = context.rows.map((r) => r.configuration).filter((c) => c.trials.some(hasDiagnosis));
  if (shown.length === 0) return null;
  return {
    id: "gradients",
    heading: "Gradients and units",
    blocks: [
      { kind: "table", table: overview(context, shown) },
      { kind: "picture", picture: await picture(context, shown, NORMS) },
      { kind: "picture", picture: await picture(context, shown, RATIOS) },
      {
        kind: "fold",
        heading: "Each layer and activation at the end",
        blocks: shown.map((c) => ({ kind: "table", table: layerTable(c) })),
      },
      prose(
        "Means over the probed steps of an epoch. Update ratio: length of a step over length of the weights, by layer; near 10⁻³ is usual. Vanishing: no gradient, or an update that float32 rounds away; exploding: an update longer than the weights. Saturated: the derivative of the activation is below 0.01 (of ReLU: the unit is off); dead: so at every example of the mini-batch.",
      ),
    ],
  };
}

const everyEpoch = (trial: TrialResult): EpochDiagnosis[] =>
  trial.history.flatMap(({ epoch }) => diagnosisOf(trial, epoch) ?? []);

const last = (trial: TrialResult): EpochDiagnosis | null => diagnosisOf(trial, trial.history.length);

/** `vanishing in dense1 (epochs 3 … 20)`, for each concern and layer, over all seeds. */
function concerns({ trials }: Configuration): string[] {
  const epochs = new Map<string, number[]>();
  for (const trial of trials) {
    everyEpoch(trial).forEach(({ layers }, i) => {
      for (const layer of layers) {
        const what = concern(layer);
        if (what) epochs.set(`${what} in ${layer.layer}`, [...(epochs.get(`${what} in ${layer.layer}`) ?? []), i + 1]);
      }
    });
  }
  return [...epochs].map(([what, found]) => {
    const [from, to] = [Math.min(...found), Math.max(...found)];
    return `${what} (epoch${from === to ? ` ${from}` : `s ${from} … ${to}`})`;
  });
}

const right = (header: string) => ({ header, align: "right" as const });

function overview({ rows }: ReportContext, shown: readonly Configuration[]): Table {
  const extreme = (
    trials: readonly TrialResult[],
    pick: (...values: number[]) => number,
    read: (d: EpochDiagnosis) => number[],
  ): Cell => {
    const found = over(trials, (t) => {
      const seen = last(t);
      const values = seen ? read(seen).filter(Number.isFinite) : [];
      return values.length > 0 ? pick(...values) : undefined;
    });
    return intervalCell(found, (mean) => significant(mean, 2));
  };
  const share = (trials: readonly TrialResult[], part: "dead" | "saturated"): Cell =>
    intervalCell(
      over(trials, (t) => {
        const seen = last(t)?.activations ?? [];
        return seen.length > 0 ? Math.max(...seen.map((a) => a[part])) : undefined;
      }),
      percentInterval,
    );
  const ratios = (d: EpochDiagnosis) => d.layers.map((l) => l.updateRatio);
  const norms = (d: EpochDiagnosis) => d.layers.map((l) => l.gradientNorm);
  return {
    caption:
      "At the last epoch, means over the seeds of the layer with the smallest and the one with the largest value; concerns over all epochs and seeds.",
    columns: [
      { header: "configuration", align: "left" },
      right("gradient norm, smallest"),
      right("largest"),
      right("update ratio, smallest"),
      right("largest"),
      right("most saturated, %"),
      right("most dead, %"),
      { header: "concerns", align: "left" },
    ],
    rows: rows
      .filter((r) => shown.includes(r.configuration))
      .map(({ configuration: c, standing }) => [
        { text: c.label, style: c.style, strong: standing === "first" },
        extreme(c.done, Math.min, norms),
        extreme(c.done, Math.max, norms),
        extreme(c.done, Math.min, ratios),
        extreme(c.done, Math.max, ratios),
        share(c.done, "saturated"),
        share(c.done, "dead"),
        { text: named(concerns(c)) || "none" },
      ]),
  };
}

function layerTable({ label, done }: Configuration): Table {
  const [first] = done.flatMap((t) => last(t) ?? []);
  const ofLayer = (i: number, read: (l: LayerDiagnosis) => number): Cell =>
    intervalCell(
      over(done, (t) => read(last(t)!.layers[i])),
      (mean) => significant(mean, 3),
    );
  const ofActivation = (i: number, read: (a: ActivationDiagnosis) => number): Cell =>
    intervalCell(
      over(done, (t) => read(last(t)!.activations[i])),
      (mean) => percent(mean),
    );
  const none: Cell = { text: "" };
  return {
    caption: `${label}: at the last epoch, means over the seeds.`,
    columns: [
      { header: "part", align: "left" },
      right("gradient norm"),
      right("weight norm"),
      right("update ratio"),
      right("saturated, %"),
      right("dead, %"),
    ],
    rows: [
      ...(first?.layers ?? []).map(({ layer }, i) => [
        { text: layer },
        ofLayer(i, (l) => l.gradientNorm),
        ofLayer(i, (l) => l.weightNorm),
        ofLayer(i, (l) => l.updateRatio),
        none,
        none,
      ]),
      ...(first?.activations ?? []).map(({ activation }, i) => [
        { text: activation },
        none,
        none,
        none,
        ofActivation(i, (a) => a.saturated),
        ofActivation(i, (a) => a.dead),
      ]),
    ],
  };
}

interface Shown {
  id: string;
  axis: string;
  what: string;
  read(layer: LayerDiagnosis): number;
}

const NORMS: Shown = {
  id: "layer-gradients",
  axis: "gradient norm",
  what: "gradient norms",
  read: (l) => l.gradientNorm,
};
const RATIOS: Shown = {
  id: "layer-updates",
  axis: "update / weights",
  what: "update ratios",
  read: (l) => l.updateRatio,
};

/** A line for each layer over the epochs, a panel for each configuration. */
async function picture(
  context: ReportContext,
  shown: readonly Configuration[],
  { id, axis, what, read }: Shown,
): Promise<Picture> {
  const { basis, epochs } = context;
  const all = shown.map((c) => ({ configuration: c, layers: layersOf(c, read) }));
  const drawn = all.slice(0, MOST_PANELS);
  const panels: Panel[] = [];
  for (const { configuration, layers } of drawn) {
    const series = layers.map(
      ({ layer, points }, i): CurveSeries => ({
        label: layer,
        // A logarithmic axis has no place for gradients of 0; the tables tell of them.
        points: points.filter((p) => p.mean > 0),
        style: {
          color: SERIES_COLORS[i % SERIES_COLORS.length],
          dash: DASHES[Math.floor(i / SERIES_COLORS.length) % DASHES.length],
          shape: SHAPES[i % SHAPES.length],
        },
      }),
    );
    const size = { ...panelSize(drawn.length), height: 240 };
    panels.push({
      heading: configuration.label,
      svg: await render(learningCurves(series, { ...size, title: axis, epochs, log: true })),
    });
  }
  const rest = all.length - drawn.length;
  return {
    id,
    title: title(all, what),
    subtitle: `${basis} · ${what} of each layer, mean over the probed steps of an epoch, log axis; band: 95 % interval over the seeds${rest > 0 ? ` · the best ${drawn.length}; the data has the other ${rest} too` : ""}`,
    alt: `${what} by layer over the epochs for ${named(drawn.map((d) => d.configuration.label))}.`,
    views: [{ name: "", panels }],
    csv: curveCsv(
      all.flatMap(({ configuration, layers }) =>
        layers.map(({ layer, points }) => ({ labels: [configuration.label, layer], points })),
      ),
      ["configuration", "layer"],
    ),
  };
}

function layersOf({ done }: Configuration, read: Shown["read"]): { layer: string; points: CurvePoint[] }[] {
  const names = done.flatMap((t) => last(t)?.layers.map((l) => l.layer) ?? []);
  return [...new Set(names)].map((layer, i) => ({
    layer,
    points: curveOf(done, (t) => everyEpoch(t).map(({ layers }) => read(layers[i]))),
  }));
}

/** How far layers lie apart at the end, where that is most. */
function title(
  all: readonly { configuration: Configuration; layers: { layer: string; points: CurvePoint[] }[] }[],
  what: string,
): string {
  const spreads = all.flatMap(({ configuration, layers }) => {
    const ends = layers.flatMap(({ layer, points }) => {
      const end = points.at(-1)?.mean ?? 0;
      return end > 0 ? [{ layer, end }] : [];
    });
    if (ends.length < 2) return [];
    const order = ends.sort((a, b) => a.end - b.end);
    const [low, high] = [order[0], order[order.length - 1]];
    return [{ label: configuration.label, low, high, ratio: high.end / low.end }];
  });
  if (spreads.length === 0) return `The ${what} of the layers`;
  const { label, low, high, ratio } = spreads.reduce((a, b) => (b.ratio > a.ratio ? b : a));
  return `With ${label} the ${what} of ${high.layer} end ${significant(ratio, 2)} times those of ${low.layer}`;
}
