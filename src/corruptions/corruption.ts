/** What a corruption is. One file per corruption beside this one; `laws.test.ts` holds for all of them. */
import type { RandomStream } from "../util/random.ts";

/** An image, channels first, row major: pixel (c, y, x) at (c·H + y)·W + x; values 0 … 1. */
export interface Image {
  shape: readonly [channels: number, height: number, width: number];
  values: ArrayLike<number>;
}

export type Severity = 1 | 2 | 3 | 4 | 5;

export interface Corruption {
  /** The name by which it is called. */
  readonly name: string;
  readonly title: string;
  /** One line: what it does to an image. */
  readonly summary: string;
  readonly formula?: string;
  /** Paper and section. */
  readonly reference: string;
  /** What the strength is, with its unit. Lengths are shares of the image's side, so that 28 and 32 pixels are treated alike. */
  readonly strength: string;
  /** The strength at severity 1 … 5. */
  readonly strengths: readonly [number, number, number, number, number];
  /**
   * A pure function of its arguments. The random numbers do not depend on the strength: a severer noise is the same noise, stronger.
   * @returns values in the order of the image's, not yet cut to 0 … 1
   */
  readonly apply: (image: Image, strength: number, random: RandomStream) => Float64Array;
}

export const corruption = (definition: Corruption): Corruption => definition;

// ---- words that several corruptions use

/** The length that shares of an image refer to. */
export const sideOf = ({ shape: [, height, width] }: Image): number => Math.min(height, width);

/** A function of each value and its place. */
export const mapValues = ({ values }: Image, f: (value: number, i: number) => number): Float64Array =>
  Float64Array.from(values, f);

/** A function of channel, row and column. */
export function drawn({ shape: [channels, height, width] }: Image, f: (c: number, y: number, x: number) => number) {
  const result = new Float64Array(channels * height * width);
  let i = 0;
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) result[i++] = f(c, y, x);
  return result;
}
