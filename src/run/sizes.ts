/** How much of a training goes into one call of the runtime, what memory that takes, and how many threads it gets. Functions of the study alone. */
import { sizeOf } from "../tensor/index.ts";
import type { BuiltModel } from "../zoo/models/model.ts";

/** The most training steps in one call, whose indices and factors have room of their own. */
export const MOST_STEPS = 100;
/** Floats of the largest layer's output, over all trials, in one evaluation call. */
const EVALUATION_FLOATS = 2e6;
const LEAST_EVALUATED = 10;
const MOST_EVALUATED = 1000;
const FLOAT_BYTES = 4;

/** Examples in one evaluation call: larger calls leave the caches, and their tensors are new pages from the system each time. */
export function evaluationBatch({ outputs }: BuiltModel, trials: number): number {
  const largest = Math.max(...outputs.map(sizeOf));
  const fitting = Math.floor(EVALUATION_FLOATS / (largest * trials));
  return Math.max(LEAST_EVALUATED, Math.min(MOST_EVALUATED, fitting));
}

/** Multiply-adds of a step from which its operators are large enough for two threads. */
const WORK_FOR_THREADS = 1e8;

/**
 * Threads within a cohort. Two where the study has a single cohort, whose steps are long: other cores have nothing else to do. Dense
 * networks keep one, since their products are split among threads in ways that change the last bits.
 */
export function threadsOf(
  { products, outputs }: BuiltModel,
  trials: number,
  batchSize: number,
  cohorts: number,
): number {
  const convolves = outputs.some(({ length }) => length === 3);
  return cohorts === 1 && convolves && 3 * products * batchSize * trials >= WORK_FOR_THREADS ? 2 : 1;
}

/** Channels that a runtime's direct convolutions pad images to (onnx/blocks.ts); with smaller blocks the estimate is on the safe side. */
const BLOCK = 16;
/** What a cohort's sessions take beside its tensors. */
const SESSIONS_BYTES = 20e6;

/**
 * Bytes that a cohort's sessions and state take at most, by what trainings were seen to take (docs/benchmarks.md).
 * @param inputs numbers of an example
 * @param slots tensors that the optimizer keeps for each parameter
 */
export function memoryOf(model: BuiltModel, inputs: number, trials: number, batchSize: number, slots: number): number {
  const parameters = Object.values(model.parameters).reduce((total, { shape }) => total + sizeOf(shape), 0);
  // The batch is there once for all trials, flattened or not.
  const [first, ...later] = model.outputs;
  const own = first.length === 1 && sizeOf(first) === inputs ? later : model.outputs;
  const sizes = own.map((shape) =>
    shape.length === 3
      ? (BLOCK * Math.ceil((trials * shape[0]) / BLOCK) * sizeOf(shape)) / shape[0]
      : trials * sizeOf(shape),
  );
  const activations = sizes.reduce((total, size) => total + size, 0);
  const largest = Math.max(...sizes);
  // The state before and after a call, in the loop and in the sessions that probe; gradients and the updates' temporaries.
  const state = trials * parameters * (5 * (1 + slots) + 7);
  // Forward values live until the backward pass has used them, beside gradients and copies in other layouts.
  const training = batchSize * (4 * activations + 6 * largest + 4 * inputs);
  const evaluation = evaluationBatch(model, trials) * (4 * largest + 4 * inputs);
  return SESSIONS_BYTES + FLOAT_BYTES * (state + training + evaluation);
}
