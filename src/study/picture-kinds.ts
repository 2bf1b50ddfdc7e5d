/** Pictures that a study can ask for, in its words: `pictures: [fourSeries, { distance: { by: optimizer } }]`. */
import type { z } from "zod";
import { choice, choose, type Entry } from "../zoo/entry.ts";
import { memberAlternatives } from "./alternatives.ts";

const by = choice("one frame for all configurations, or one for each value of a part of theirs", [
  "all",
  "loss",
  "optimizer",
  "activation",
  "model",
  "batchSize",
]);
const marks = choice("how the values of the epochs are drawn", ["lines", "points"]);
const of = <const W extends readonly [string, ...string[]]>(words: W) => choice("what is drawn", words);

/** The kinds with their parameters; a list in place of a parameter's value asks for several pictures. */
export const pictureKinds = {
  fourSeries: {
    name: "fourSeries",
    title: "four series",
    summary: "One frame for each configuration: training and test, loss and accuracy.",
    params: { marks },
  },
  measure: {
    name: "measure",
    title: "measure",
    summary: "One measure of all configurations, the training set's beside the test set's.",
    primary: "of",
    params: { of: of(["accuracy", "loss", "precision", "recall", "f1"]), marks },
  },
  testAccuracy: {
    name: "testAccuracy",
    title: "test accuracy",
    summary: "Test accuracy of all configurations, or by a part of theirs.",
    primary: "by",
    params: { by, marks },
  },
  change: {
    name: "change",
    title: "percentage change",
    summary: "By how many percent the training loss changes from epoch to epoch.",
    primary: "by",
    params: { by, marks },
  },
  trainAndTest: {
    name: "trainAndTest",
    title: "training and test",
    summary: "One frame for each configuration: training and test loss, or accuracy.",
    primary: "of",
    params: { of: of(["loss", "accuracy"]), marks },
  },
  distance: {
    name: "distance",
    title: "distance of training and test",
    summary: "Test minus training loss, or training minus test accuracy.",
    primary: "of",
    params: { of: of(["loss", "accuracy"]), by, marks },
  },
  noise: {
    name: "noise",
    title: "change under noise",
    summary: "What noise on the test inputs adds to loss or accuracy; needs measure: { testNoise: … }.",
    primary: "of",
    params: { of: of(["accuracy", "loss"]), by, marks },
  },
  time: {
    name: "time",
    title: "training time",
    summary: "Seconds per epoch of each configuration.",
    params: {},
  },
} as const satisfies Record<string, Entry<Record<string, z.ZodType>>>;

export type PictureKind = keyof typeof pictureKinds;

/** A picture asked for, with all its parameters. */
export interface AskedPicture {
  kind: PictureKind;
  params: { of?: string; by?: string; marks?: "lines" | "points" };
}

/** The pictures that a study's words stand for; without words none. They have been checked with the study. */
export const picturesOf = (said: unknown): AskedPicture[] =>
  said === undefined
    ? []
    : memberAlternatives(said, { kind: "picture", zoo: pictureKinds }).map(({ value }) => {
        const { entry, params } = choose<Entry>("picture", pictureKinds, value);
        return { kind: entry.name as PictureKind, params: params as AskedPicture["params"] };
      });
