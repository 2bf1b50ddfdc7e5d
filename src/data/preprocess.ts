import type { Dataset } from "./dataset.ts";

/** How pixels become inputs; declared in the study and part of each trial's identity. */
export const preprocessingKinds = ["unit", "standardize", "none", "signed"] as const;
export type Preprocessing = (typeof preprocessingKinds)[number];

/** Per channel c: input = pixel * scale[c] + offset[c], pixel 0 … 255. */
export interface Scaling {
  scale: number[];
  offset: number[];
}

/**
 * The scaling of each channel, in float64:
 * - `unit`: x/255, from 0 to 1
 * - `standardize`: (x/255 - mean)/std, mean and (population) deviation of the channel over the given training examples only
 * - `none`: x, from 0 to 255
 * - `signed`: (x/255 - 0.5) * 2, from -1 to 1
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
  switch (kind) {
    case "unit":
      return same(1 / 255, 0);
    case "none":
      return same(1, 0);
    case "signed":
      return same(2 / 255, -1);
    case "standardize": {
      const { mean, deviation } = channelMoments(dataset, trainIndices);
      // A channel of one value only is centred, not stretched.
      const spread = deviation.map((d) => (d > 0 ? d : 255));
      return { scale: spread.map((s) => 1 / s), offset: mean.map((m, c) => -m / spread[c]) };
    }
  }
}

/**
 * Mean and population standard deviation of each channel's pixels, 0 … 255. The sums are whole numbers below 2^53, so exact and
 * independent of the order of the examples.
 */
export function channelMoments(
  { shape: [channels, height, width], train }: Pick<Dataset, "shape" | "train">,
  indices: Uint32Array,
): { mean: number[]; deviation: number[] } {
  const plane = height * width;
  const mean: number[] = [];
  const deviation: number[] = [];
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    let squares = 0;
    for (const i of indices) {
      const first = (i * channels + c) * plane;
      for (let j = first; j < first + plane; j++) {
        const pixel = train.images[j];
        sum += pixel;
        squares += pixel * pixel;
      }
    }
    const n = indices.length * plane;
    mean.push(sum / n);
    deviation.push(Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2)));
  }
  return { mean, deviation };
}
