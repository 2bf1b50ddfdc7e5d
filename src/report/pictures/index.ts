/** The pictures that a study asks for, drawn. */
import { percentageChange } from "../../metrics/index.ts";
import type { EpochRecord, SplitMeasures, TrialResult } from "../../run/records.ts";
import { type AskedPicture, type PictureKind, picturesOf } from "../../study/picture-kinds.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Picture, Section } from "../document.ts";
import { curvesPicture, type Drawn, type Values } from "./curves.ts";
import { perConfiguration } from "./per-configuration.ts";
import { timePicture } from "./time.ts";

const each =
  (read: (record: EpochRecord) => number): Values =>
  ({ history }: TrialResult) =>
    history.map(read);

const MEASURES: Record<string, { title: string; read: (m: SplitMeasures) => number; fraction: boolean }> = {
  accuracy: { title: "accuracy", read: (m) => m.accuracy, fraction: true },
  loss: { title: "loss", read: (m) => m.loss, fraction: false },
  precision: { title: "precision", read: (m) => m.weighted.precision, fraction: true },
  recall: { title: "recall", read: (m) => m.weighted.recall, fraction: true },
  f1: { title: "F1", read: (m) => m.weighted.f1, fraction: true },
};

/** Differences may lie on either side of 0. */
const EITHER: [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const UP_TO_ONE: [number, number] = [0, 1];

const fractionAxis = (title: string): Drawn["axis"] => ({ title: `${title}, %`, factor: 100, bounds: UP_TO_ONE });
const pointsAxis = (title: string): Drawn["axis"] => ({ title: `${title}, points`, factor: 100, bounds: EITHER });

/** Names that pictures of one kind need to stand beside each other. */
const idOf = ({ kind, params: { of, by, marks } }: AskedPicture): string =>
  ["picture", kind, of, by === "all" ? undefined : by, marks === "points" ? marks : undefined].filter(Boolean).join("-");

const capital = (text: string): string => text[0].toUpperCase() + text.slice(1);

type Draw = (context: ReportContext, asked: AskedPicture) => Promise<Picture>;

const DRAW: Record<PictureKind, Draw> = {
  fourSeries: (context, asked) =>
    perConfiguration(context, asked, idOf(asked), "Training and test, loss and accuracy of each configuration", [
      "loss",
      "accuracy",
    ]),
  trainAndTest: (context, asked) => {
    const of = asked.params.of as "loss" | "accuracy";
    return perConfiguration(context, asked, idOf(asked), `Training and test ${of} of each configuration`, [of]);
  },
  measure: (context, asked) => {
    const { title, read, fraction } = MEASURES[asked.params.of!];
    return curvesPicture(context, asked, {
      id: idOf(asked),
      title: `${capital(title)} of all configurations on both sets`,
      subtitle: `${title} · training dashed, test solid`,
      values: [
        { name: "train", read: each((r) => read(r.train)), dash: [5, 3] },
        { name: "test", read: each((r) => read(r.test)), dash: [] },
      ],
      axis: fraction ? { ...fractionAxis(title), chance: context.chance?.uniform } : { title },
    });
  },
  testAccuracy: (context, asked) =>
    curvesPicture(context, asked, {
      id: idOf(asked),
      title: "Test accuracy over the epochs",
      subtitle: "test accuracy",
      values: [{ name: "test", read: each((r) => r.test.accuracy) }],
      axis: { ...fractionAxis("test accuracy"), chance: context.chance?.uniform },
    }),
  change: (context, asked) =>
    curvesPicture(context, asked, {
      id: idOf(asked),
      title: "Change of the training loss from epoch to epoch",
      subtitle: "percentage change of the training loss, nearer to 0 the more converged",
      values: [
        {
          name: "train",
          read: ({ history }) => [Number.NaN, ...percentageChange(history.map((r) => r.train.loss))],
        },
      ],
      axis: { title: "change of the training loss, %", bounds: EITHER },
    }),
  distance: (context, asked) => {
    const loss = asked.params.of === "loss";
    return curvesPicture(context, asked, {
      id: idOf(asked),
      title: loss ? "Test loss minus training loss" : "Training accuracy minus test accuracy",
      subtitle: "above 0 the test set does worse",
      values: [
        {
          name: "",
          read: each((r) => (loss ? r.test.loss - r.train.loss : r.train.accuracy - r.test.accuracy)),
        },
      ],
      axis: loss ? { title: "test minus training loss", bounds: EITHER } : pointsAxis("training minus test accuracy"),
    });
  },
  noise: (context, asked) => {
    const accuracy = asked.params.of === "accuracy";
    const added = (read: (m: SplitMeasures) => number): Values =>
      each((r) => (r.noisyTest ? read(r.noisyTest) - read(r.test) : Number.NaN));
    return curvesPicture(context, asked, {
      id: idOf(asked),
      title: accuracy ? "Change of test accuracy under noise" : "Change of test loss under noise",
      subtitle: "test set with noise on its inputs minus test set without",
      values: [{ name: "", read: added(accuracy ? (m) => m.accuracy : (m) => m.loss) }],
      axis: accuracy ? pointsAxis("change of test accuracy") : { title: "change of test loss", bounds: EITHER },
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
  return { id: "pictures", heading: "Pictures of the study", blocks: await pictureBlocks(context, asked) };
}
