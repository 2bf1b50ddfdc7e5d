import { canonicalJson } from "../../util/hash.ts";
import { type Configuration, who } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { medianEpochs } from "../convergence.ts";
import { type CurvePoint, curve, type ReadMeasure, singleCurve } from "../curves.ts";
import type { Panel, Picture, PictureView, Said, Section } from "../document.ts";
import { lossPanel } from "../draw-curves.ts";
import { groupBy } from "../group-by.ts";
import { curveCsv, testAccuracy, testLoss } from "./curves.ts";
import { foremost } from "./foremost.ts";
import { panelSize } from "./panel-size.ts";

const trainAccuracy: ReadMeasure = (r) => r.train.accuracy;
const trainLoss: ReadMeasure = (r) => r.train.loss;

/** Small multiples: training and test curves of each configuration by itself. */
export async function perLossSection(context: ReportContext): Promise<Section | null> {
  if (context.results.trials.every((t) => t.history.length === 0)) return null;
  return {
    id: "per-loss",
    heading: context.words.panels.heading,
    blocks: [
      { kind: "picture", picture: await accuracyPanels(context) },
      { kind: "picture", picture: await lossPanels(context) },
    ],
  };
}

interface Curves {
  configuration: Configuration;
  train: CurvePoint[];
  test: CurvePoint[];
  broken: CurvePoint[][];
}

const curvesOf = (context: ReportContext, train: ReadMeasure, test: ReadMeasure): Curves[] =>
  context.configurations.map((configuration) => ({
    configuration,
    train: curve(configuration.done, train),
    test: curve(configuration.done, test),
    broken: configuration.diverged.map((t) => singleCurve(t, test)),
  }));

const means = ({ train, test, broken }: Curves): number[] => [...train, ...test, ...broken.flat()].map((p) => p.mean);
const span = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];

/** Up to this many panels show their single seeds on demand. */
const WITH_SINGLES = 12;

async function panels(
  context: ReportContext,
  all: readonly Curves[],
  test: ReadMeasure,
  options: (c: Curves) => object,
): Promise<Panel[]> {
  const drawn: Panel[] = [];
  for (const curves of all) {
    const { configuration, train, broken } = curves;
    const { style, done, label } = configuration;
    const singles = all.length <= WITH_SINGLES && done.length > 1 ? done.map((t) => singleCurve(t, test)) : undefined;
    drawn.push(
      await lossPanel(
        { name: label, style, train, heldOut: curves.test, broken, singles, heldOutName: "test" },
        { title: "", ...panelSize(all.length), epochs: context.epochs, words: context.words.plots, ...options(curves) },
      ),
    );
  }
  return drawn;
}

const csvOf = (all: readonly Curves[]) =>
  curveCsv(
    all.flatMap(({ configuration: { label }, train, test }) => [
      { labels: [label, "train"], points: train },
      { labels: [label, "test"], points: test },
    ]),
    ["configuration", "split"],
  );

function speedTitle({ learned, configurations, words: { panels } }: ReportContext): Said {
  const speeds = learned.map((c) => ({ who: who(c), epochs: medianEpochs(c) })).sort((a, b) => a.epochs - b.epochs);
  if (configurations.every((c) => c.done.length === 0)) return panels.noneFinished;
  if (speeds.length === 0) return panels.noneLearned;
  const [first, last] = [speeds[0].epochs, speeds[speeds.length - 1].epochs];
  const at = (epochs: number) => speeds.filter((s) => s.epochs === epochs).map((s) => s.who);
  return panels.speed({ fastest: at(first), first, slowest: at(last), last });
}

async function accuracyPanels(context: ReportContext): Promise<Picture> {
  const all = curvesOf(context, trainAccuracy, testAccuracy);
  const { drawn, of } = foremost(context, all, (c) => c.configuration);
  const fit = span(drawn.flatMap(means));
  return {
    id: "accuracy-panels",
    title: speedTitle(context),
    subtitle: of(context.words.panels.accuracySubtitle({ basis: context.basis })),
    alt: context.words.panels.accuracyAlt({ n: drawn.length }),
    views: [
      {
        name: "",
        panels: await panels(context, drawn, testAccuracy, () => ({
          title: context.words.curves.accuracyAxis,
          factor: 100,
          bounds: [0, 1],
          fit: [Math.min(fit[0], fit[0] < 0.5 ? 0 : fit[0]), fit[1]],
          chance: context.chance?.uniform,
        })),
      },
    ],
    csv: csvOf(all),
  };
}

function lossTitle(all: readonly Curves[], { learned, words: { panels } }: ReportContext): Said {
  const ends = all.flatMap(({ configuration: c, train, test }) =>
    learned.includes(c) && test.length > 0 ? [{ who: who(c), gap: test.at(-1)!.mean - train.at(-1)!.mean }] : [],
  );
  if (ends.length === 0) return panels.lossesOfEach;
  const above = ends.filter((e) => e.gap > 0).map((e) => e.who);
  const below = ends.filter((e) => e.gap <= 0).map((e) => e.who);
  const most = Math.max(above.length, below.length);
  return panels.losses({ above, below, all: most > 1 && most === all.length });
}

async function lossPanels(context: ReportContext): Promise<Picture> {
  const { words, basis } = context;
  const all = curvesOf(context, trainLoss, testLoss);
  const { drawn, of } = foremost(context, all, (c) => c.configuration);
  // Losses have units of their own: only configurations with the same loss share the axis.
  const lossOf = ({ configuration }: Curves) => canonicalJson(configuration.loss);
  const values = new Map([...groupBy(drawn, lossOf)].map(([loss, group]) => [loss, group.flatMap(means)]));
  const positive = [...values.values()].flat().every((v) => v > 0);
  const view = async (name: string, log: boolean): Promise<PictureView> => ({
    name,
    panels: await panels(context, drawn, testLoss, (c) => ({
      title: words.curves.lossAxis,
      fit: span([...(log ? [] : [0]), ...values.get(lossOf(c))!]),
      log,
    })),
  });
  const linear = await view(words.curves.linear, false);
  return {
    id: "loss-panels",
    title: lossTitle(all, context),
    subtitle: of(words.panels.lossSubtitle({ basis })),
    alt: words.panels.lossAlt({ n: drawn.length }),
    views: positive ? [linear, await view(words.curves.log, true)] : [linear],
    csv: csvOf(all),
  };
}
