/** Points in the plane, drawn by a program: classes as curves, about which their points are scattered. */
import { random } from "../util/random.ts";
import type { DatasetSource, Examples } from "./dataset.ts";

export interface Curves {
  name: string;
  title: string;
  classes: readonly string[];
  /** Standard deviation of the points about their curve, where a study does not say. */
  spread: number;
  /** A point of a class's curve: `t` runs along it from 0 to 1. */
  at: (k: number, t: number) => readonly [x: number, y: number];
  citation: string;
}

/** Raised whenever a set's points change. */
const VERSION = 1;
const TRAIN = 2_000;
const TEST = 1_000;
/** Index space of one point's draws. */
const DRAWS = 4;

/** Example i is of class i mod C and depends on the split, i and the spread alone; more spread moves the same points further. */
function draw({ name, classes, at }: Curves, split: string, count: number, spread: number): Examples {
  const stream = random(0, name, split);
  const images = new Float32Array(2 * count);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = i % classes.length;
    const [x, y] = at(labels[i], stream.uniform(DRAWS * i));
    images[2 * i] = x + spread * stream.normal(DRAWS * i + 2);
    images[2 * i + 1] = y + spread * stream.normal(DRAWS * i + 3);
  }
  return { images, labels };
}

/** Curves as a data set. */
export const points = (curves: Curves): DatasetSource => ({
  name: curves.name,
  title: curves.title,
  classes: curves.classes,
  shape: [2],
  trainCount: TRAIN,
  testCount: TEST,
  licence: "MIT, as losslab itself",
  homepage: "docs/data.md",
  citation: curves.citation,
  folders: [],
  distinctNames: false,
  files: [],
  version: `${curves.name}-${VERSION}`,
  spread: curves.spread,
  decode: async (_, { spread = curves.spread } = {}) => ({
    train: draw(curves, "train", TRAIN, spread),
    test: draw(curves, "test", TEST, spread),
  }),
});
