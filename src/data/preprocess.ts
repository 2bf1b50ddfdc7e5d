import type { Dataset } from "./dataset.ts";

/** How pixels become inputs; declared in the study and part of each trial's identity. */
export const preprocessingKinds = ["unit", "standardize", "none", "signed"] as const;
export type Preprocessing = (typeof preprocessingKinds)[number];

/** What is meant where a study does not say: pixels from 0 to 1; the features of a table, each in units of its own, standardized. */
export const usualScale = (shape: readonly number[]): Preprocessing => (shape.length === 1 ? "standardize" : "unit");

/** Per channel c, or per feature: input = value * scale[c] + offset[c], value 0 … 255 where values are bytes. */
export interface Scaling {
  scale: number[];
  offset: number[];
}

/**
 * The scaling of each channel, in float64. Low and high are 0 and 255 where values are bytes; else the least and the greatest value of
 * the channel among the given training examples. So are the mean and the (population) deviation.
 * - `unit`: (x - low)/(high - low), from 0 to 1
 * - `standardize`: (x - mean)/deviation
 * - `none`: x
 * - `signed`: 2 (x - low)/(high - low) - 1, from -1 to 1
 */
export function preprocessing(
  kind: Preprocessing,
  dataset: Pick<Dataset, "shape" | "train">,
  trainIndices: Uint32Array,
): Scaling {
  const channels = dataset.shape[0];
  const same = (scale: number, offset: number): Scaling => ({
    scale: Array(channels).fill(scale),
    offset: Array(channels).fill(offset),
  });
  if (kind === "none") return same(1, 0);
  if (kind === "standardize") {
    const { mean, deviation } = channelMoments(dataset, trainIndices);
    // A channel of one value only is centred, not stretched.
    const spread = deviation.map((d) => (d > 0 ? d : dataset.train.images instanceof Uint8Array ? 255 : 1));
    return { scale: spread.map((s) => 1 / s), offset: mean.map((m, c) => -m / spread[c]) };
  }
  if (dataset.train.images instanceof Uint8Array) return kind === "unit" ? same(1 / 255, 0) : same(2 / 255, -1);
  const { low, high } = channelBounds(dataset, trainIndices);
  const width = high.map((h, c) => (h > low[c] ? h - low[c] : 1));
  return kind === "unit"
    ? { scale: width.map((w) => 1 / w), offset: low.map((l, c) => -l / width[c]) }
    : { scale: width.map((w) => 2 / w), offset: low.map((l, c) => -1 - (2 * l) / width[c]) };
}

/** Calls back with each value of channel c of the given examples. */
function eachValue(
  { shape, train }: Pick<Dataset, "shape" | "train">,
  indices: Uint32Array,
  c: number,
  see: (value: number) => void,
): void {
  const [channels, ...rest] = shape;
  const plane = rest.reduce((a, b) => a * b, 1);
  for (const i of indices) {
    const first = (i * channels + c) * plane;
    for (let j = first; j < first + plane; j++) see(train.images[j]);
  }
}

/** The least and the greatest value of each channel. */
function channelBounds(
  dataset: Pick<Dataset, "shape" | "train">,
  indices: Uint32Array,
): { low: number[]; high: number[] } {
  const low: number[] = [];
  const high: number[] = [];
  for (let c = 0; c < dataset.shape[0]; c++) {
    low[c] = Infinity;
    high[c] = -Infinity;
    eachValue(dataset, indices, c, (value) => {
      if (value < low[c]) low[c] = value;
      if (value > high[c]) high[c] = value;
    });
  }
  return { low, high };
}

/**
 * Mean and population standard deviation of each channel's values. Of bytes the sums are whole numbers below 2^53, so exact and
 * independent of the order of the examples; of other values the deviation comes from a second look, at the distances to the mean, as
 * the difference of large squares would have lost it.
 */
export function channelMoments(
  dataset: Pick<Dataset, "shape" | "train">,
  indices: Uint32Array,
): { mean: number[]; deviation: number[] } {
  const bytes = dataset.train.images instanceof Uint8Array;
  const mean: number[] = [];
  const deviation: number[] = [];
  for (let c = 0; c < dataset.shape[0]; c++) {
    let n = 0;
    let sum = 0;
    let squares = 0;
    eachValue(dataset, indices, c, (value) => {
      n++;
      sum += value;
      squares += value * value;
    });
    mean.push(sum / n);
    if (bytes) {
      deviation.push(Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2)));
      continue;
    }
    let distances = 0;
    eachValue(dataset, indices, c, (value) => {
      distances += (value - sum / n) ** 2;
    });
    deviation.push(Math.sqrt(distances / n));
  }
  return { mean, deviation };
}
