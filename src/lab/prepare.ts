/** From a data set to what a cohort trains on: the examples in use, their split and the scaling of pixels. Pure. */
import type { Dataset } from "../data/dataset.ts";
import { preprocessing } from "../data/preprocess.ts";
import { carveValidation, subset } from "../data/split.ts";
import type { CohortData } from "../run/cohort.ts";
import type { TrainingData } from "../run/train.ts";
import type { DataFacts } from "../study/plan.ts";
import type { DataSpec } from "../study/spec.ts";
import { sizeOf } from "../tensor/index.ts";

export interface PreparedData {
  cohort: CohortData;
  training: TrainingData;
}

export const factsOf = (dataset: Dataset): DataFacts => ({
  version: dataset.version,
  shape: dataset.shape,
  classes: dataset.classes.length,
  trainCount: dataset.train.labels.length,
  testCount: dataset.test.labels.length,
});

const everyIndex = (labels: Uint8Array): Uint32Array => Uint32Array.from(labels, (_, i) => i);

export function prepare(dataset: Dataset, spec: DataSpec): PreparedData {
  const { train, test } = dataset;
  const { splitSeed } = spec;
  const used =
    spec.train === null
      ? everyIndex(train.labels)
      : subset(everyIndex(train.labels), train.labels, spec.train, splitSeed);
  const tested =
    spec.test === null ? everyIndex(test.labels) : subset(everyIndex(test.labels), test.labels, spec.test, splitSeed);
  const labelsInUse = Uint8Array.from(used, (i) => train.labels[i]);
  const split = carveValidation(used.length, labelsInUse, spec.validation, splitSeed);
  const classes = dataset.classes.length;
  const classCounts = new Array<number>(classes).fill(0);
  for (const i of split.train) classCounts[labelsInUse[i]]++;
  const { scale, offset } = preprocessing(
    spec.scale,
    dataset,
    split.train.map((i) => used[i]),
  );

  const pixels = sizeOf(dataset.shape);
  const images = new Uint8Array((used.length + tested.length) * pixels);
  const labels = new Uint8Array(used.length + tested.length);
  const put = (from: Dataset["train"], source: number, to: number): void => {
    images.set(from.images.subarray(source * pixels, (source + 1) * pixels), to * pixels);
    labels[to] = from.labels[source];
  };
  used.forEach((source, i) => {
    put(train, source, i);
  });
  tested.forEach((source, i) => {
    put(test, source, used.length + i);
  });
  return {
    cohort: { shape: dataset.shape, pixels: "uint8", classes, classCounts, scale, offset },
    training: {
      images,
      labels,
      train: split.train,
      validation: split.validation,
      test: Uint32Array.from(tested, (_, i) => used.length + i),
    },
  };
}
