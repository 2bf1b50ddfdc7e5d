/** How much of a training goes into one call of the runtime, and what memory that takes. None of it changes a number. */
import { sizeOf } from "../tensor/index.ts";
import type { BuiltModel } from "../zoo/models/model.ts";

/** Multiply-adds of one call, about a twentieth of a second of a core: short enough to show progress and to stop. */
const WORK_OF_A_CALL = 2e9;
const MOST_STEPS = 100;
/** Floats of the largest layer's output, over all trials, in one evaluation call: what caches and memory like. */
const EVALUATION_FLOATS = 4e6;
const MOST_EVALUATED = 1000;
const FLOAT_BYTES = 4;

/** Training steps in one call. */
export function stepsPerCall({ products }: BuiltModel, trials: number, batchSize: number): number {
  const work = 3 * products * batchSize * trials;
  return Math.max(1, Math.min(MOST_STEPS, Math.floor(WORK_OF_A_CALL / work)));
}

/** Examples in one evaluation call. */
export function evaluationBatch({ outputs }: BuiltModel, trials: number): number {
  const largest = Math.max(...outputs.map(sizeOf));
  return Math.max(10, Math.min(MOST_EVALUATED, Math.floor(EVALUATION_FLOATS / (largest * trials))));
}

/**
 * Bytes that a cohort's sessions and state take at most.
 * @param slots tensors that the optimizer keeps for each parameter
 */
export function memoryOf(model: BuiltModel, trials: number, batchSize: number, slots: number): number {
  const parameters = Object.values(model.parameters).reduce((total, { shape }) => total + sizeOf(shape), 0);
  const activations = model.outputs.reduce((total, shape) => total + sizeOf(shape), 0);
  const largest = Math.max(...model.outputs.map(sizeOf));
  // The state before and after a step, gradients and the updates' temporaries.
  const state = parameters * (2 * (1 + slots) + 4);
  // Forward values live until the backward pass has used them, beside gradients and copies in other layouts.
  const training = batchSize * (3 * activations + 6 * largest);
  const evaluation = evaluationBatch(model, trials) * 4 * largest;
  return FLOAT_BYTES * trials * (state + training + evaluation);
}
