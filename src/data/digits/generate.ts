import { random } from "../../util/random.ts";
import type { ImageSet } from "../dataset.ts";
import { drawStroke } from "./pen.ts";
import { skeletons } from "./skeletons.ts";

/** Side of an image in pixels. */
export const SIDE = 28;

/** Raised whenever a seed would give other pixels than before. */
export const DIGITS_VERSION = "digits-1";

/**
 * How far the writing varies. Tuned, by training on 10,000 of the images, so that a linear model stays near 0.90 test accuracy
 * and a small network reaches 0.97 (docs/data.md has the figures). Lengths in pixels, spreads as standard deviations.
 */
const STYLE = {
  /** Half the height of a digit. */
  halfHeight: 9.6,
  halfHeightSpread: 0.95,
  /** Width over height of the skeleton's box. */
  aspect: 0.9,
  aspectSpread: 0.11,
  /** Lean to the right, as the tangent of the angle. */
  slant: 0.1,
  slantSpread: 0.17,
  /** Tangent of half the angle of rotation. */
  rotationSpread: 0.05,
  shiftSpread: 1.3,
  /** Displacement of each point of the skeleton, in percent of its box. */
  jitterSpread: 3.4,
  radius: 1.15,
  radiusSpread: 0.27,
  /** Change of the pen's radius and ink along a stroke, relative. */
  taperSpread: 0.16,
  /** Width of the soft edge. */
  softness: [0.8, 1.7],
  /** Darkness of the ink, 0 … 1. */
  ink: [0.72, 1],
  breakChance: 0.08,
  clutterChance: 0.14,
  /** Noise on paper and ink, in grey levels of 255. */
  noiseSpread: 8,
} as const;

/** Index space of one image's draws: more than it ever needs, so images stay independent of one another. */
const DRAWS = 128;

export interface DigitsOptions {
  /** Whole number >= 0; another seed is another sample of the same handwriting. */
  seed?: number;
  /** Number of training images. */
  train?: number;
  /** Number of test images. */
  test?: number;
}

/**
 * Digits as a hand might write them, 28 x 28, grey, white ink on black. Image i of a split depends on the seed, the split and i
 * alone. Every ten images in a row hold each digit once, in random order.
 *
 * Only operations that IEEE 754 rounds exactly are used (no sine, no exponential): all engines draw the same pixels.
 */
export function generateDigits({ seed = 0, train = 10_000, test = 2_000 }: DigitsOptions = {}): {
  train: ImageSet;
  test: ImageSet;
} {
  return { train: drawSplit(seed, "train", train), test: drawSplit(seed, "test", test) };
}

function drawSplit(seed: number, split: string, count: number): ImageSet {
  const order = random(seed, "digits", split, "order");
  const shape = random(seed, "digits", split, "shape");
  const grain = random(seed, "digits", split, "grain");
  const images = new Uint8Array(count * SIDE * SIDE);
  const labels = new Uint8Array(count);
  const paper = new Float64Array(SIDE * SIDE);
  const words = new Uint32Array(paper.length);
  for (let i = 0; i < count; i++) {
    labels[i] = digitAt(i, order.uniform);
    let draw = i * DRAWS;
    const uniform = (): number => shape.uniform(draw++);
    const bell = (): number => bellOf(shape.uint32(draw++));
    paper.fill(0);
    write(paper, labels[i], uniform, bell);
    grain.words(i * words.length, words);
    develop(paper, words, images, i * paper.length);
  }
  return { images, labels };
}

/** The digit of image i: place i % 10 of the shuffle (Fisher-Yates) of 0 … 9 that belongs to its ten. */
function digitAt(i: number, uniform: (i: number) => number): number {
  const first = i - (i % 10);
  const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  for (let k = 9; k > 0; k--) {
    const j = Math.floor(uniform(first + k) * (k + 1));
    [digits[k], digits[j]] = [digits[j], digits[k]];
  }
  return digits[i - first];
}

const bytesOf = (word: number): number => (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);

/** A bell-shaped number of mean 0 and deviation 1, within ±3.45, from the sum of a word's four bytes. */
const bellAt = (sum: number): number => (sum - 510) / 147.8;
const bellOf = (word: number): number => bellAt(bytesOf(word));

/** The noise in grey levels by the sum of a word's four bytes. */
const NOISE = Float64Array.from({ length: 4 * 255 + 1 }, (_, sum) => STYLE.noiseSpread * bellAt(sum));

/** Writes one digit, ink 0 … 1, on the paper. */
function write(paper: Float64Array, digit: number, uniform: () => number, bell: () => number): void {
  const between = ([low, high]: readonly number[]): number => low + (high - low) * uniform();
  const variants = skeletons[digit];
  const skeleton = variants[Math.floor(uniform() * variants.length)];

  const scaleY = (STYLE.halfHeight + STYLE.halfHeightSpread * bell()) / 45;
  const scaleX = scaleY * (STYLE.aspect + STYLE.aspectSpread * bell());
  const slant = STYLE.slant + STYLE.slantSpread * bell();
  const t = STYLE.rotationSpread * bell();
  const cosine = (1 - t * t) / (1 + t * t);
  const sine = (2 * t) / (1 + t * t);
  const centreX = SIDE / 2 + STYLE.shiftSpread * bell();
  const centreY = SIDE / 2 + STYLE.shiftSpread * bell();
  const place = (x: number, y: number): [number, number] => {
    const v = (y - 50) * scaleY;
    const u = (x - 50) * scaleX - slant * v;
    return [centreX + cosine * u - sine * v, centreY + sine * u + cosine * v];
  };

  const radius = Math.max(0.55, STYLE.radius + STYLE.radiusSpread * bell());
  const softness = between(STYLE.softness);
  const ink = between(STYLE.ink);
  const broken = uniform() < STYLE.breakChance ? uniform() : -1;
  const cluttered = uniform() < STYLE.clutterChance;

  for (const stroke of skeleton) {
    const points: number[] = [];
    for (let k = 0; k < stroke.points.length; k += 2) {
      const x = stroke.points[k] + STYLE.jitterSpread * bell();
      const y = stroke.points[k + 1] + STYLE.jitterSpread * bell();
      points.push(...place(x, y));
    }
    const taper = STYLE.taperSpread * bell();
    const fade = Math.min(0, STYLE.taperSpread * bell());
    drawStroke(paper, SIDE, points, stroke.corners, {
      radius: [radius * (1 - taper), radius * (1 + taper)],
      ink: [ink, ink * (1 + fade)],
      softness,
      gap: [broken * 0.8 + 0.1, broken * 0.8 + 0.18],
    });
  }
  if (cluttered) {
    // A short stray mark near the border, as of a neighbouring letter.
    const side = uniform() < 0.5 ? -1 : 1;
    const across = SIDE / 2 + side * (9.5 + 4 * uniform());
    const along = SIDE * uniform();
    const from = uniform() < 0.5 ? [across, along] : [along, across];
    const points = [from[0], from[1], from[0] + 2.2 * bell(), from[1] + 2.2 * bell()];
    drawStroke(paper, SIDE, points, [false, false], { radius: [0.7, 0.5], ink: [0.8 * ink, 0.6 * ink], softness });
  }
}

/** Turns ink into grey levels and adds the grain that random words give; the image stands in `images` from `at` on. */
function develop(paper: Float64Array, words: Uint32Array, images: Uint8Array, at: number): void {
  for (let j = 0; j < paper.length; j++) {
    const level = 255 * paper[j] + NOISE[bytesOf(words[j])] + 0.5;
    images[at + j] = level <= 0 ? 0 : level >= 255 ? 255 : level; // what is kept of a number is its whole part
  }
}
