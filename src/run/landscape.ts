/** Slices of the loss around trained weights: many networks that differ in their weights alone, evaluated as one fused cohort. */
import type { Backend } from "./backend.ts";
import { type CohortData, cohort, type Member } from "./cohort.ts";
import { filterNormalized } from "./directions.ts";
import { Evaluation, examplesOf } from "./evaluation.ts";
import type { TrialState } from "./evaluator.ts";
import { evaluationBatch } from "./sizes.ts";
import type { TrainingData } from "./train.ts";

export interface Slice {
  /** Directions: 1 for a line through the weights, 2 for a plane. */
  dimensions: 1 | 2;
  /** Points along each direction, an odd number: the weights themselves lie in the middle. */
  points: number;
  /** How far the slice reaches to both sides, in lengths of the filters. */
  radius: number;
  /** Of the directions. */
  seed: number;
}

/** What is measured on a slice, row by row: of a plane [points · points], the second direction first. */
export interface Landscape {
  /** Mean of the trial's own loss. */
  loss: number[];
  /** 0 … 1. */
  accuracy: number[];
}

/** A trained network and its loss. */
export interface Trained {
  /** How its optimizer averages plays no role: `state` is what it is evaluated with. */
  member: Member;
  state: TrialState;
}

/** Networks in one call: more gain nothing. */
const AT_ONCE = 16;

/** Where the points of a direction lie, the middle one at 0. */
export const coordinates = ({ points, radius }: Pick<Slice, "points" | "radius">): number[] =>
  Array.from({ length: points }, (_, i) => radius * ((2 * i - (points - 1)) / (points - 1)));

/** The points of a slice by their coordinates along its directions, in the order of a `Landscape`. */
export function pointsOf(slice: Slice): number[][] {
  const line = coordinates(slice);
  return slice.dimensions === 1 ? line.map((a) => [a]) : line.flatMap((b) => line.map((a) => [a, b]));
}

/** The given examples alone, as data of their own. */
function only({ images, labels }: TrainingData, examples: Uint32Array, size: number): TrainingData {
  const kept =
    images instanceof Uint8Array ? new Uint8Array(examples.length * size) : new Float32Array(examples.length * size);
  for (const [i, example] of examples.entries())
    kept.set(images.subarray(example * size, (example + 1) * size), i * size);
  const none = Uint32Array.of();
  const test = examples.map((_, i) => i);
  return { images: kept, labels: Uint8Array.from(examples, (i) => labels[i]), train: none, validation: none, test };
}

/**
 * Loss and accuracy over a slice through trained weights, along directions that are normalized filter by filter.
 * @param examples those that are measured, by their places in the data
 * @param atOnce networks in one call; the last bits of a loss depend on it, nothing else
 * @param onProgress told how many points are done
 */
export async function landscape(
  { member, state }: Trained,
  data: { facts: CohortData; training: TrainingData },
  examples: Uint32Array,
  slice: Slice,
  backend: Backend,
  { atOnce = AT_ONCE, onProgress }: { atOnce?: number; onProgress?: (done: number) => void } = {},
): Promise<Landscape> {
  const points = pointsOf(slice);
  const together = Math.min(atOnce, points.length);
  const places = Array.from({ length: together }, (_, i) => ({ ...member, id: String(i).padStart(6, "0") }));
  const networks = cohort(places, data.facts);
  const { model } = networks;
  const directions = Array.from({ length: slice.dimensions }, (_, axis) =>
    filterNormalized(model, state, slice.seed, axis),
  );
  const size = data.facts.shape.reduce((n, s) => n * s, 1);
  const task = { cohort: networks, data: only(data.training, examples, size), batchSize: 1, epochs: 1, seed: 0 };
  const evaluation = await Evaluation.create(
    backend,
    task,
    evaluationBatch(model, together),
    examplesOf(backend, task),
  );
  const found: Landscape = { loss: [], accuracy: [] };
  try {
    for (let at = 0; at < points.length; at += together) {
      // Places that are left over in the last call repeat its last point.
      const own = places.map((_, i) => points[Math.min(at + i, points.length - 1)]);
      const sums = await evaluation.run(task.data.test, moved(state, directions, own));
      for (let i = 0; i < Math.min(together, points.length - at); i++) {
        const { loss, accuracy } = sums.measures(i);
        found.loss.push(loss);
        found.accuracy.push(accuracy);
      }
      onProgress?.(Math.min(at + together, points.length));
    }
  } finally {
    await evaluation.session.release();
  }
  return found;
}

/** The weights at each of the points, one after the other, [points, ...]. */
function moved(
  state: TrialState,
  directions: readonly TrialState[],
  points: readonly number[][],
): Record<string, Float32Array> {
  const all = Object.entries(state).map(([name, values]) => {
    const result = new Float32Array(points.length * values.length);
    points.forEach((coordinates, p) => {
      const own = result.subarray(p * values.length, (p + 1) * values.length);
      own.set(values);
      for (const [axis, along] of directions.entries()) {
        const step = along[name];
        if (step) for (let i = 0; i < own.length; i++) own[i] += coordinates[axis] * step[i];
      }
    });
    return [name, result] as const;
  });
  return Object.fromEntries(all);
}
