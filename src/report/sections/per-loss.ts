import { canonicalJson } from "../../util/hash.ts";
import type { Configuration } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { medianEpochs } from "../convergence.ts";
import { type CurvePoint, curve, type ReadMeasure, singleCurve } from "../curves.ts";
import type { Panel, Picture, Section } from "../document.ts";
import { groupBy } from "../group-by.ts";
import { lossPanel } from "../plots/loss-panels.ts";
import { render } from "../render.ts";
import { named } from "../wording.ts";
import { curveCsv, testAccuracy, testLoss } from "./curves.ts";
import { panelSize } from "./panel-size.ts";

const trainAccuracy: ReadMeasure = (r) => r.train.accuracy;
const trainLoss: ReadMeasure = (r) => r.train.loss;

/** Small multiples: training and test curves of each configuration by itself. */
export async function perLossSection(context: ReportContext): Promise<Section | null> {
  if (context.results.trials.every((t) => t.history.length === 0)) return null;
  return {
    id: "per-loss",
    heading: "Curves one by one",
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
    const spec = lossPanel(
      { style, train, heldOut: curves.test, broken, singles, heldOutName: "test" },
      { title: "", ...panelSize(all.length), epochs: context.epochs, ...options(curves) },
    );
    drawn.push({ heading: label, svg: await render(spec) });
  }
  return drawn;
}

const LINES = "dashed: training, solid: test, band: 95 % interval over the seeds";

const csvOf = (all: readonly Curves[]) =>
  curveCsv(
    all.flatMap(({ configuration: { label }, train, test }) => [
      { labels: [label, "train"], points: train },
      { labels: [label, "test"], points: test },
    ]),
    ["configuration", "split"],
  );

function speedTitle({ learned, configurations }: ReportContext): string {
  const speeds = learned.map((c) => ({ label: c.label, epochs: medianEpochs(c) })).sort((a, b) => a.epochs - b.epochs);
  if (configurations.every((c) => c.done.length === 0))
    return "No trial has finished: the curves end where training did";
  if (speeds.length === 0) return "No configuration rises above chance";
  const labels = (epochs: number) =>
    named(
      speeds.filter((s) => s.epochs === epochs).map((s) => s.label),
      2,
    );
  const [fastest, slowest] = [speeds[0].epochs, speeds[speeds.length - 1].epochs];
  const one = speeds.filter((s) => s.epochs === fastest).length === 1;
  const start = `${labels(fastest)} ${one ? "reaches 95 % of its" : "reach 95 % of their"} final accuracy at epoch ${fastest}`;
  return fastest === slowest ? start : `${start}, ${labels(slowest)} last, at epoch ${slowest}`;
}

async function accuracyPanels(context: ReportContext): Promise<Picture> {
  const all = curvesOf(context, trainAccuracy, testAccuracy);
  const fit = span(all.flatMap(means));
  return {
    id: "accuracy-panels",
    title: speedTitle(context),
    subtitle: `${context.basis} · accuracy in percent over the epochs · ${LINES} · all panels share their axes`,
    alt: `Training and test accuracy over the epochs, one panel for each of ${all.length} configurations.`,
    views: [
      {
        name: "",
        panels: await panels(context, all, testAccuracy, () => ({
          title: "accuracy, %",
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

function lossTitle(all: readonly Curves[], learned: readonly Configuration[]): string {
  const ends = all.flatMap((c) =>
    learned.includes(c.configuration) && c.test.length > 0
      ? [{ label: c.configuration.label, gap: c.test.at(-1)!.mean - c.train.at(-1)!.mean }]
      : [],
  );
  if (ends.length === 0) return "Training and test loss of each configuration";
  const above = ends.filter((e) => e.gap > 0).map((e) => e.label);
  const below = ends.filter((e) => e.gap <= 0).map((e) => e.label);
  const where = (side: string, labels: string[]) => `${side} the training loss with ${named(labels)}`;
  return `The test loss ends ${[above.length > 0 ? where("above", above) : "", below.length > 0 ? where("below", below) : ""].filter(Boolean).join(", ")}`;
}

async function lossPanels(context: ReportContext): Promise<Picture> {
  const all = curvesOf(context, trainLoss, testLoss);
  // Losses have units of their own: only configurations with the same loss share the axis.
  const fits = new Map(
    [...groupBy(all, (c) => canonicalJson(c.configuration.loss))].map(([loss, group]) => [
      loss,
      span([0, ...group.flatMap(means)]),
    ]),
  );
  return {
    id: "loss-panels",
    title: lossTitle(all, context.learned),
    subtitle: `${context.basis} · loss over the epochs · ${LINES} · the loss axis is shared by panels with the same loss`,
    alt: `Training and test loss over the epochs, one panel for each of ${all.length} configurations.`,
    views: [
      {
        name: "",
        panels: await panels(context, all, testLoss, (c) => ({
          title: "loss",
          fit: fits.get(canonicalJson(c.configuration.loss)),
        })),
      },
    ],
    csv: csvOf(all),
  };
}
