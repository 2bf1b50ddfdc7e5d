/**
 * From a data set to what a cohort trains on:
 * published examples → those in use (test part, subsets) → splits → conditions (imbalance, label noise) → scaling. Pure.
 *
 * What is in use and how it is split depends on `splitSeed` and is the same for all seeds; what the conditions draw depends on the
 * trial's seed and is the same for all losses.
 */
import type { Dataset, Examples } from "../data/dataset.ts";
import { type Imbalance, unbalanced } from "../data/imbalance/imbalance.ts";
import { type LabelNoise, noisyLabels } from "../data/noise/noise.ts";
import { preprocessing, usualScale } from "../data/preprocess.ts";
import { carve, type Shares, subset, wholeNumber } from "../data/split.ts";
import type { CohortData } from "../run/cohort.ts";
import type { TrainingData } from "../run/train.ts";
import type { DataFacts } from "../study/plan.ts";
import { conditionFields, type DataSpec } from "../study/spec.ts";
import { sizeOf } from "../tensor/index.ts";
import { errorsOf, UserError, UserErrors } from "../util/errors.ts";
import { choose } from "../zoo/entry.ts";

export interface PreparedData {
  /** Equal for equal data. */
  key: string;
  /** Equal for equal images: they are the same for all conditions, splits and scalings of a subset. */
  pool: string;
  cohort: CohortData;
  classNames: readonly string[];
  training: TrainingData;
}

/** Share of the examples that is tested on where data bring no test part and the study does not say. */
const TEST_SHARE = 0.2;

const everyIndex = ({ labels }: Examples): Uint32Array => Uint32Array.from(labels, (_, i) => i);
const labelsAt = ({ labels }: Pick<Examples, "labels">, places: Uint32Array): Uint8Array =>
  Uint8Array.from(places, (i) => labels[i]);

/** The examples in use, by their places in the published sets. */
interface InUse {
  train: Uint32Array;
  test: Uint32Array;
  /** What `test` points into. */
  tested: Examples;
}

function inUse({ classes, train, test }: Dataset, spec: DataSpec): InUse {
  const { splitSeed } = spec;
  const shares: Shares = spec.balanced === false ? "proportional" : "equal";
  const limited = (places: Uint32Array, { labels }: Examples, amount: number | null): Uint32Array =>
    amount === null ? places : subset(places, labels, wholeNumber(amount, places.length), splitSeed, shares);
  if (test.labels.length > 0) {
    return {
      train: limited(everyIndex(train), train, spec.train),
      test: limited(everyIndex(test), test, spec.test),
      tested: test,
    };
  }
  const { rest, carved } = carve(train.labels, spec.test ?? TEST_SHARE, splitSeed, "test");
  for (const [k, name] of classes.entries()) {
    if (carved.some((i) => train.labels[i] === k)) continue;
    const all = train.labels.filter((label) => label === k).length;
    throw new UserError(
      `test: none of the ${all} examples of class "${name}" falls into the test part of ${carved.length}`,
      undefined,
      "a larger test part (test: 0.3), more examples, or a test part of your own",
    );
  }
  return { train: limited(rest, train, spec.train), test: carved, tested: train };
}

/** All that is known of the examples in use but their images. Those for training and validation stand before those for testing. */
interface Split extends Pick<TrainingData, "labels" | "train" | "validation" | "test"> {
  used: InUse;
  /** Training examples of each class, as they are labelled. */
  classCounts: number[];
}

/** Says of mistakes that only the data show where they stand below a study's `data`. */
function placed<T>(place: readonly string[], make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserErrors(
      errorsOf(error).map((e) => new UserError(e.message, [...place, e.where].filter(Boolean).join("."), e.hint)),
    );
  }
}

function splitOf(dataset: Dataset, spec: DataSpec, seed: number): Split {
  const used = inUse(dataset, spec);
  const { length } = used.train;
  const labels = new Uint8Array(length + used.test.length);
  labels.set(labelsAt(dataset.train, used.train));
  labels.set(labelsAt(used.tested, used.test), length);
  const { rest, carved: validation } = carve(
    labels.subarray(0, length),
    spec.validation,
    spec.splitSeed,
    "validation",
    spec.fold,
  );

  const { imbalance, labelNoise } = spec;
  let train = rest;
  if (imbalance) {
    const { entry, params } = choose<Imbalance>("imbalance", conditionFields.imbalance.kinds, imbalance);
    train = placed(["imbalance", entry.name], () => {
      const divisors = entry.divisors(params, dataset.classes.length);
      return unbalanced(rest, labels, divisors, params.rare as "last" | "random", seed);
    });
  }
  if (labelNoise) {
    const { entry, params } = choose<LabelNoise>("label noise", conditionFields.labelNoise.kinds, labelNoise);
    const transition = placed(["labelNoise", entry.name], () => entry.transition(params, dataset.classes));
    for (const part of [train, ...(params.validation ? [validation] : [])]) {
      const published = part.map((i) => used.train[i]);
      const noisy = noisyLabels(labelsAt({ labels }, part), published, transition, seed);
      part.forEach((i, n) => {
        labels[i] = noisy[n];
      });
    }
  }
  const classCounts = new Array<number>(dataset.classes.length).fill(0);
  for (const i of train) classCounts[labels[i]]++;
  const test = Uint32Array.from(used.test, (_, i) => length + i);
  return { used, labels, train, validation, test, classCounts };
}

const pixelsOf = (images: TrainingData["images"]): CohortData["pixels"] =>
  images instanceof Uint8Array ? "uint8" : "float32";

/** What the planner must know of data under the conditions of a study. */
export function factsOf(dataset: Dataset, spec: DataSpec, seed: number): DataFacts {
  const { name, version, shape, classes } = dataset;
  const { train, test } = splitOf(dataset, spec, seed);
  const pixels = pixelsOf(dataset.train.images);
  return { name, version, shape, pixels, classes: classes.length, trainCount: train.length, testCount: test.length };
}

/** The images in use, one after the other. */
function imagesOf({ shape, train }: Dataset, used: InUse): TrainingData["images"] {
  const size = sizeOf(shape);
  const count = (used.train.length + used.test.length) * size;
  const images = train.images instanceof Uint8Array ? new Uint8Array(count) : new Float32Array(count);
  let at = 0;
  const put = (from: Examples, places: Uint32Array): void => {
    for (const i of places) {
      images.set(from.images.subarray(i * size, (i + 1) * size), at);
      at += size;
    }
  };
  put(train, used.train);
  put(used.tested, used.test);
  return images;
}

/** Prepares the data of a study; what was prepared before is given again, and what several have in common exists once. */
export function preparer(datasetOf: (spec: DataSpec) => Dataset): (spec: DataSpec, seed: number) => PreparedData {
  const known = new Map<string, PreparedData>();
  const pools = new Map<string, TrainingData["images"]>();
  return (spec, seed) => {
    const { labelNoise, imbalance, validation, fold, scale, ...choice } = spec;
    const key = JSON.stringify([spec, labelNoise || imbalance ? seed : null]);
    const before = known.get(key);
    if (before) return before;
    const dataset = datasetOf(spec);
    const { used, classCounts, ...split } = splitOf(dataset, spec, seed);
    const pool = JSON.stringify(choice);
    const images = pools.get(pool) ?? imagesOf(dataset, used);
    pools.set(pool, images);
    const published = split.train.map((i) => used.train[i]);
    const prepared: PreparedData = {
      key,
      pool,
      cohort: {
        shape: dataset.shape,
        pixels: pixelsOf(images),
        classes: dataset.classes.length,
        classCounts,
        ...preprocessing(scale ?? usualScale(dataset.shape), dataset, published),
      },
      classNames: dataset.classes,
      training: { images, ...split },
    };
    known.set(key, prepared);
    return prepared;
  };
}
