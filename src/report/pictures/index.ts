/** The pictures that a study asks for, drawn. */
import { percentageChange } from "../../metrics/index.ts";
import type { EpochRecord, SplitMeasures, TrialResult } from "../../run/records.ts";
import { type AskedPicture, type PictureKind, picturesOf } from "../../study/picture-kinds.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Picture, Section } from "../document.ts";
import type { Words } from "../words/index.ts";
import { curvesPicture, type Drawn, type Values } from "./curves.ts";
import { perConfiguration } from "./per-configuration.ts";
import { timePicture } from "./time.ts";

const each =
  (read: (record: EpochRecord) => number): Values =>
  ({ history }: TrialResult) =>
    history.map(read);

const MEASURES: Record<string, { read: (m: SplitMeasures) => number; fraction: boolean }> = {
  accuracy: { read: (m) => m.accuracy, fraction: true },
  loss: { read: (m) => m.loss, fraction: false },
  precision: { read: (m) => m.weighted.precision, fraction: true },
  recall: { read: (m) => m.weighted.recall, fraction: true },
  f1: { read: (m) => m.weighted.f1, fraction: true },
};

/** Differences may lie on either side of 0. */
const EITHER: [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const UP_TO_ONE: [number, number] = [0, 1];

const fractionAxis = (title: string, { pictures }: Words): Drawn["axis"] => ({
  title: pictures.percentAxis({ title }),
  factor: 100,
  bounds: UP_TO_ONE,
});
const pointsAxis = (title: string, { pictures }: Words): Drawn["axis"] => ({
  title: pictures.pointsAxis({ title }),
  factor: 100,
  bounds: EITHER,
});

/** Names that pictures of one kind need to stand beside each other. */
const idOf = ({ kind, params: { of, by, marks } }: AskedPicture): string =>
  ["picture", kind, of, by === "all" ? undefined : by, marks === "points" ? marks : undefined]
    .filter(Boolean)
    .join("-");

type Draw = (context: ReportContext, asked: AskedPicture) => Promise<Picture>;

const DRAW: Record<PictureKind, Draw> = {
  fourSeries: (context, asked) =>
    perConfiguration(context, asked, idOf(asked), context.words.pictures.fourSeries, ["loss", "accuracy"]),
  trainAndTest: (context, asked) => {
    const of = asked.params.of as "loss" | "accuracy";
    return perConfiguration(context, asked, idOf(asked), context.words.pictures.trainAndTest({ of }), [of]);
  },
  measure: (context, asked) => {
    const { pictures, plots } = context.words;
    const of = asked.params.of as keyof typeof pictures.measures;
    const title = pictures.measures[of];
    const { read, fraction } = MEASURES[of];
    return curvesPicture(context, asked, {
      id: idOf(asked),
      title: pictures.measure({ of }),
      subtitle: pictures.measureSubtitle({ of }),
      values: [
        { name: plots.train, read: each((r) => read(r.train)), dash: [5, 3] },
        { name: plots.heldOut.test, read: each((r) => read(r.test)), dash: [] },
      ],
      axis: fraction ? { ...fractionAxis(title, context.words), chance: context.chance?.uniform } : { title },
    });
  },
  testAccuracy: (context, asked) => {
    const { pictures, plots } = context.words;
    return curvesPicture(context, asked, {
      id: idOf(asked),
      title: pictures.testAccuracy,
      subtitle: pictures.testAccuracySubtitle,
      values: [{ name: plots.heldOut.test, read: each((r) => r.test.accuracy) }],
      axis: { ...fractionAxis(pictures.testAccuracySubtitle, context.words), chance: context.chance?.uniform },
    });
  },
  change: (context, asked) => {
    const { pictures, plots, convergence } = context.words;
    return curvesPicture(context, asked, {
      id: idOf(asked),
      title: pictures.change,
      subtitle: pictures.changeSubtitle,
      values: [
        {
          name: plots.train,
          read: ({ history }) => [Number.NaN, ...percentageChange(history.map((r) => r.train.loss))],
        },
      ],
      axis: { title: convergence.axis, bounds: EITHER },
    });
  },
  distance: (context, asked) => {
    const { pictures } = context.words;
    const of = asked.params.of === "loss" ? "loss" : "accuracy";
    const title = pictures.distanceAxes[of];
    return curvesPicture(context, asked, {
      id: idOf(asked),
      title: pictures.distance[of],
      subtitle: pictures.distanceSubtitle,
      values: [
        {
          name: "",
          read: each((r) => (of === "loss" ? r.test.loss - r.train.loss : r.train.accuracy - r.test.accuracy)),
        },
      ],
      axis: of === "loss" ? { title, bounds: EITHER } : pointsAxis(title, context.words),
    });
  },
  noise: (context, asked) => {
    const { pictures } = context.words;
    const of = asked.params.of === "accuracy" ? "accuracy" : "loss";
    const title = pictures.noiseAxes[of];
    const added = (read: (m: SplitMeasures) => number): Values =>
      each((r) => (r.noisyTest ? read(r.noisyTest) - read(r.test) : Number.NaN));
    return curvesPicture(context, asked, {
      id: idOf(asked),
      title: pictures.noise[of],
      subtitle: pictures.noiseSubtitle,
      values: [{ name: "", read: added((m) => m[of]) }],
      axis: of === "accuracy" ? pointsAxis(title, context.words) : { title, bounds: EITHER },
    });
  },
  time: timePicture,
};

/** The blocks of the pictures asked for. */
export async function pictureBlocks(context: ReportContext, asked: readonly AskedPicture[]): Promise<Block[]> {
  const blocks: Block[] = [];
  for (const one of asked) blocks.push({ kind: "picture", picture: await DRAW[one.kind](context, one) });
  return blocks;
}

/** What the study asks for; null when it asks for none, or there is nothing to draw. */
export async function picturesSection(context: ReportContext): Promise<Section | null> {
  const asked = picturesOf(context.results.run.spec.pictures);
  if (asked.length === 0 || context.configurations.every((c) => c.done.length === 0)) return null;
  return { id: "pictures", heading: context.words.pictures.heading, blocks: await pictureBlocks(context, asked) };
}
