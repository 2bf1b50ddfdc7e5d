/** What both sides train: networks 784-28-10 with cross-entropy on batches of 100, by SGD with momentum, as many examples as MNIST has. */
import { generateDigits } from "../../src/core.ts";

export const SIZES = [784, 28, 10] as const;
export const BATCH = 100;
export const MODELS = 4;
export const STEPS = 600;
export const LEARNING_RATES = [0.02, 0.05, 0.1, 0.2];
export const MOMENTUM = 0.9;
/** MNIST's number of training examples; drawn digits, each six times. */
const TIMES = 6;

export function examples(): { images: Uint8Array; labels: Uint8Array } {
  const { images, labels } = generateDigits({ train: 10_000, test: 0 }).train;
  const all = { images: new Uint8Array(TIMES * images.length), labels: new Uint8Array(TIMES * labels.length) };
  for (let i = 0; i < TIMES; i++) {
    all.images.set(images, i * images.length);
    all.labels.set(labels, i * labels.length);
  }
  return all;
}

/** One side's answer. */
export interface Turn {
  /** For one step of one model. */
  microseconds: number;
  /** Mean training loss of the first model. */
  loss: number;
}
