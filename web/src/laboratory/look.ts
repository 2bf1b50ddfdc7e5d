/** What networks make of the plane, and of examples. */
import { softmax } from "../../../src/metrics/index.ts";
import type { CohortData } from "../../../src/run/cohort.ts";
import { type Inputs, scaler } from "../../../src/run/inputs.ts";
import type { TrainingData } from "../../../src/run/train.ts";

/** A rectangle of the plane, in the data's own units. */
export interface Extent {
  x: readonly [low: number, high: number];
  y: readonly [low: number, high: number];
}

/** Points to each side of a map of decisions. */
export const RESOLUTION = 48;
const MARGIN = 0.08;

/** Around all points, with a margin. */
export function extentOf(points: ArrayLike<number>): Extent {
  const axis = (first: number): readonly [number, number] => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = first; i < points.length; i += 2) {
      low = Math.min(low, points[i]);
      high = Math.max(high, points[i]);
    }
    const margin = MARGIN * (high - low || 1);
    return [low - margin, high + margin];
  };
  return { x: axis(0), y: axis(1) };
}

/** The middles of the map's cells, row by row from the top. */
export function gridInputs(extent: Extent, facts: CohortData): Inputs {
  const scaled = scaler(facts);
  const at = ([low, high]: readonly [number, number], i: number): number =>
    low + ((high - low) * (i + 0.5)) / RESOLUTION;
  return {
    labels: new Uint8Array(RESOLUTION * RESOLUTION),
    write: (i, into) =>
      scaled([at(extent.x, i % RESOLUTION), at(extent.y, RESOLUTION - 1 - Math.floor(i / RESOLUTION))], into),
  };
}

/** Test examples as networks see them. */
export function exampleInputs(examples: Uint32Array, facts: CohortData, { images, labels }: TrainingData): Inputs {
  const size = facts.shape.reduce((a, b) => a * b, 1);
  const scaled = scaler(facts);
  return {
    labels: Uint8Array.from(examples, (i) => labels[i]),
    write: (i, into) => scaled(images.subarray(examples[i] * size, (examples[i] + 1) * size), into),
  };
}

/** The most probable class of each row, and its probability. */
export interface Decisions {
  classes: Uint8Array;
  sure: Float32Array;
}

export function decisionsOf(logits: Float32Array, classes: number): Decisions {
  const n = logits.length / classes;
  const rows = softmax(Array.from({ length: n }, (_, i) => logits.subarray(i * classes, (i + 1) * classes)));
  const best = new Uint8Array(n);
  const sure = new Float32Array(n);
  rows.forEach((row, i) => {
    for (let k = 1; k < classes; k++) if (row[k] > row[best[i]]) best[i] = k;
    sure[i] = row[best[i]];
  });
  return { classes: best, sure };
}
