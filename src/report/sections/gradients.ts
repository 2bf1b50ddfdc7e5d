import { type ActivationDiagnosis, concern, type EpochDiagnosis, type LayerDiagnosis } from "../../run/diagnosis.ts";
import type { TrialResult } from "../../run/records.ts";
import { percent, percentInterval, significant } from "../../util/format.ts";
import { type Configuration, over, who } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { type CurvePoint, curveOf } from "../curves.ts";
import { type Cell, type Panel, type Picture, prose, type Said, type Section, type Table } from "../document.ts";
import { curvesPanel } from "../draw-curves.ts";
import { diagnosisOf } from "../measures.ts";
import { DASHES, SERIES_COLORS, SHAPES } from "../palette.ts";
import type { CurveSeries } from "../plots/learning-curves.ts";
import { plainText } from "../text.ts";
import type { Words } from "../words/index.ts";
import { intervalCell, left, nameCell, right } from "./cells.ts";
import { curveCsv } from "./curves.ts";
import { foremost } from "./foremost.ts";
import { panelSize } from "./panel-size.ts";

/** So many configurations have a panel of their own; the data of the picture has them all. */
const MOST_PANELS = 9;

const hasDiagnosis = (t: TrialResult): boolean => t.observations.some((o) => o.question.kind === "diagnosis");

/** What went on within the networks, where the study asked to look. */
export async function gradientsSection(context: ReportContext): Promise<Section | null> {
  const shown = context.rows.map((r) => r.configuration).filter((c) => c.trials.some(hasDiagnosis));
  if (shown.length === 0) return null;
  const { words } = context;
  const ofEach = foremost(context, shown, (c) => c);
  return {
    id: "gradients",
    heading: words.gradients.heading,
    blocks: [
      { kind: "table", table: overview(context, shown) },
      { kind: "picture", picture: await picture(context, shown, NORMS) },
      { kind: "picture", picture: await picture(context, shown, RATIOS) },
      {
        kind: "fold",
        heading: ofEach.heading(words.gradients.fold),
        blocks: ofEach.drawn.map((c) => ({ kind: "table", table: layerTable(c, words) })),
      },
      prose(words.gradients.terms),
    ],
  };
}

const everyEpoch = (trial: TrialResult): EpochDiagnosis[] =>
  trial.history.flatMap(({ epoch }) => diagnosisOf(trial, epoch) ?? []);

const last = (trial: TrialResult): EpochDiagnosis | null => diagnosisOf(trial, trial.history.length);

/** `vanishing in dense1 (epochs 3 … 20)`, for each concern and layer, over all seeds. */
function concerns({ trials }: Configuration, { gradients: say }: Words): string[] {
  const epochs = new Map<string, { what: NonNullable<ReturnType<typeof concern>>; layer: string; at: number[] }>();
  for (const trial of trials) {
    everyEpoch(trial).forEach(({ layers }, i) => {
      for (const layer of layers) {
        const what = concern(layer);
        if (!what) continue;
        const key = `${what} ${layer.layer}`;
        const at = [...(epochs.get(key)?.at ?? []), i + 1];
        epochs.set(key, { what, layer: layer.layer, at });
      }
    });
  }
  return [...epochs.values()].map(({ what, layer, at }) =>
    say.concern({ what: say.concerns[what], layer, from: Math.min(...at), to: Math.max(...at) }),
  );
}

function overview({ rows, words }: ReportContext, shown: readonly Configuration[]): Table {
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
  const { common, gradients: say, grammar } = words;
  const { columns } = say;
  return {
    caption: say.caption,
    columns: [
      left(common.configuration),
      right(columns.smallestNorm),
      right(columns.largest),
      right(columns.smallestRatio),
      right(columns.largest),
      right(columns.saturated),
      right(columns.dead),
      left(columns.concerns),
    ],
    rows: rows
      .filter((r) => shown.includes(r.configuration))
      .map(({ configuration: c, standing }) => [
        nameCell(c, standing),
        extreme(c.done, Math.min, norms),
        extreme(c.done, Math.max, norms),
        extreme(c.done, Math.min, ratios),
        extreme(c.done, Math.max, ratios),
        share(c.done, "saturated"),
        share(c.done, "dead"),
        { text: plainText(grammar.some(concerns(c, words))) || say.none },
      ]),
  };
}

function layerTable(configuration: Configuration, { gradients: say }: Words): Table {
  const { done } = configuration;
  const { layerColumns: columns } = say;
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
    caption: say.layerCaption({ who: who(configuration) }),
    columns: [
      left(columns.part),
      right(columns.gradientNorm),
      right(columns.weightNorm),
      right(columns.updateRatio),
      right(columns.saturated),
      right(columns.dead),
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
  what: "norms" | "ratios";
  read(layer: LayerDiagnosis): number;
}

const NORMS: Shown = { id: "layer-gradients", what: "norms", read: (l) => l.gradientNorm };
const RATIOS: Shown = { id: "layer-updates", what: "ratios", read: (l) => l.updateRatio };

/** A line for each layer over the epochs, a panel for each configuration. */
async function picture(
  context: ReportContext,
  shown: readonly Configuration[],
  { id, what, read }: Shown,
): Promise<Picture> {
  const { basis, epochs, words } = context;
  const { gradients: say } = words;
  const all = shown.map((c) => ({ configuration: c, layers: layersOf(c, read) }));
  const { drawn, of } = foremost(context, all, (a) => a.configuration, MOST_PANELS);
  const panels: Panel[] = [];
  for (const { configuration, layers } of drawn) {
    const series = layers.map(
      ({ layer, points }, i): CurveSeries => ({
        label: layer,
        of: [configuration.label, layer],
        name: `${configuration.label}, ${layer}`,
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
    const options = { ...size, title: say.axes[what], words: words.plots, epochs, log: true };
    panels.push(await curvesPanel(configuration.label, series, options));
  }
  return {
    id,
    title: title(all, what, words),
    subtitle: of(say.subtitle({ basis, what })),
    alt: say.alt({ what, whos: drawn.map((d) => who(d.configuration)) }),
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
  what: Shown["what"],
  { gradients: say }: Words,
): Said {
  const spreads = all.flatMap(({ configuration, layers }) => {
    const ends = layers.flatMap(({ layer, points }) => {
      const end = points.at(-1)?.mean ?? 0;
      return end > 0 ? [{ layer, end }] : [];
    });
    if (ends.length < 2) return [];
    const order = ends.sort((a, b) => a.end - b.end);
    const [low, high] = [order[0], order[order.length - 1]];
    return [{ who: who(configuration), what, low: low.layer, high: high.layer, ratio: high.end / low.end }];
  });
  if (spreads.length === 0) return say.ofLayers({ what });
  return say.spread(spreads.reduce((a, b) => (b.ratio > a.ratio ? b : a)));
}
