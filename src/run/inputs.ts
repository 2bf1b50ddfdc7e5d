/** Examples as a network sees them: as they are, or with something done to them. */
import { corrupt } from "../corruptions/corrupt.ts";
import type { Image, Severity } from "../corruptions/corruption.ts";
import { inputNoise } from "../corruptions/inputNoise.ts";
import { subset } from "../data/split.ts";
import { sizeOf } from "../tensor/index.ts";
import { UserError } from "../util/errors.ts";
import type { CohortData } from "./cohort.ts";
import type { Disturbed } from "./observations.ts";
import type { TrainingData } from "./train.ts";

export interface Inputs {
  /** Class of each example, [n]. */
  labels: ArrayLike<number>;
  /** Writes the values of the i-th example, in the scale of the network. */
  write(i: number, into: Float32Array): void;
}

const BRIGHTEST = 255;

/** A value of the network's is a stored one · scale + offset, by channel. */
export function scaler({ shape, scale, offset }: CohortData): (values: ArrayLike<number>, into: Float32Array) => void {
  const plane = sizeOf(shape) / scale.length;
  return (values, into) => {
    for (let c = 0, i = 0; c < scale.length; c++)
      for (const end = i + plane; i < end; i++) into[i] = values[i] * scale[c] + offset[c];
  };
}

/** The given examples as they are. */
export function clean(cohort: CohortData, { images, labels }: TrainingData, examples: Uint32Array): Inputs {
  const size = sizeOf(cohort.shape);
  const scaled = scaler(cohort);
  return {
    labels: Uint8Array.from(examples, (i) => labels[i]),
    write: (i, into) => scaled(images.subarray(examples[i] * size, (examples[i] + 1) * size), into),
  };
}

/** Test examples: where they stand in the data, and which of the test set they are, wherever that stands. */
export interface TestExamples {
  examples: Uint32Array;
  places: Uint32Array;
}

/** The test examples that are disturbed. */
export function disturbedExamples({ test, labels }: TrainingData, { examples: most, seed }: Disturbed): TestExamples {
  const all = Uint32Array.from(test, (_, place) => place);
  const own = Uint8Array.from(test, (i) => labels[i]);
  const places = most === null ? all : subset(all, own, most, seed);
  return { examples: places.map((place) => test[place]), places };
}

/** With Gaussian noise of that deviation, in the scale of the network. */
export const noisy = (inputs: Inputs, { places }: TestExamples, sigma: number, seed: number): Inputs => ({
  labels: inputs.labels,
  write(i, into) {
    inputs.write(i, into);
    into.set(inputNoise(into, { sigma, seed, index: places[i] }));
  },
});

/** Why these data are no images with values from 0 to 1, or null. */
export const noImages = ({ shape, pixels }: Pick<CohortData, "shape" | "pixels">): string | null =>
  shape.length !== 3
    ? `examples of [${shape.join(", ")}] are no images`
    : pixels !== "uint8"
      ? "the images have no known range of values"
      : null;

/**
 * Images after a corruption, as eight-bit images again, as the published sets of corrupted images are.
 * @returns [n · size]
 * @throws UserError when the data are no images
 */
export function corruptedImages(
  cohort: CohortData,
  { images }: TrainingData,
  { examples, places }: TestExamples,
  { name, severity, seed }: { name: string; severity: number; seed: number },
): Uint8Array {
  const why = noImages(cohort);
  if (why) throw new UserError(`${why}: the corruption "${name}" cannot be applied`);
  const size = sizeOf(cohort.shape);
  const result = new Uint8Array(examples.length * size);
  examples.forEach((example, i) => {
    const values = Float32Array.from(images.subarray(example * size, (example + 1) * size), (v) => v / BRIGHTEST);
    const image = { shape: cohort.shape as Image["shape"], values };
    const after = corrupt(name, image, { severity: severity as Severity, seed, index: places[i] });
    for (let j = 0; j < size; j++) result[i * size + j] = Math.round(after[j] * BRIGHTEST);
  });
  return result;
}

/** Examples that are stored by themselves, such as those that came out of a corruption. */
export function stored(cohort: CohortData, values: Uint8Array | Float32Array, labels: ArrayLike<number>): Inputs {
  const size = sizeOf(cohort.shape);
  const scaled = scaler(cohort);
  return { labels, write: (i, into) => scaled(values.subarray(i * size, (i + 1) * size), into) };
}
