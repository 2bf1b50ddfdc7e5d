/** Training on given numbers: given weights, given batches. For checks against other implementations, and for teaching. */
import type { Backend } from "../run/backend.ts";
import { cohort } from "../run/cohort.ts";
import { trainCohort } from "../run/train.ts";
import { choose } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import { averaged } from "../zoo/optimizers/averaged.ts";
import type { SpecInput } from "./plain.ts";

export interface ReplayInput {
  model: SpecInput;
  activation: SpecInput;
  loss: SpecInput;
  optimizer: SpecInput;
  /** By default the gradients stay as they are. */
  clip?: SpecInput;
  /** Decay of the average of the weights by which the last evaluation is made; 0 by default: the weights themselves. */
  ema?: number;
  /** Shape of one example. */
  shape: readonly number[];
  classes: number;
  /** [N, ...shape] in row-major order, and the classes [N]. */
  inputs: readonly number[];
  targets: readonly number[];
  /** Indices of the examples of each step; all steps have equally many. */
  batches: readonly (readonly number[])[];
  /** First values of the parameters by their names in the model, in row-major order. */
  parameters: Record<string, readonly number[]>;
}

export interface ReplayResult {
  /** Loss of each step's batch before its update. */
  losses: number[];
  /** Mean loss and accuracy over all examples after the last step. */
  final: { loss: number; accuracy: number };
  parameters: Record<string, Float32Array>;
}

/** Trains one trial on exactly the given batches, with the step loop that studies use. */
export async function replayTraining(backend: Backend, given: ReplayInput): Promise<ReplayResult> {
  const { shape, classes, batches, targets } = given;
  const made = cohort(
    [
      {
        id: "replay",
        model: choose("model", zoo.models, given.model),
        activation: choose("activation", zoo.activations, given.activation),
        loss: choose("loss", zoo.losses, given.loss),
        optimizer: averaged(choose("optimizer", zoo.optimizers, given.optimizer), given.ema ?? 0),
        clip: choose("clipping", zoo.clippings, given.clip ?? "none"),
        warmStart: choose("warm start", zoo.warmStarts, "fresh"),
        schedule: choose("schedule", zoo.schedules, "constant"),
        augment: choose("augmentation", zoo.augmentations, "none"),
        seed: 0,
      },
    ],
    {
      shape,
      classes,
      pixels: "float32",
      classCounts: Array.from({ length: classes }, (_, k) => targets.filter((t) => t === k).length),
      scale: [1],
      offset: [0],
    },
  );
  const all = Uint32Array.from(targets, (_, i) => i);
  const task = {
    cohort: made,
    data: {
      images: Float32Array.from(given.inputs),
      labels: Uint8Array.from(targets),
      train: Uint32Array.from(batches.flat()),
      validation: new Uint32Array(0),
      test: all,
    },
    batchSize: batches[0].length,
    epochs: 1,
    seed: 0,
    order: () => Uint32Array.from(batches.flat(), (_, i) => i),
  };
  // What is not given, such as the optimizer's tensors, begins as it always does.
  const state = Object.fromEntries(
    Object.entries(given.parameters).map(([name, values]) => [name, Float32Array.from(values)]),
  );
  for await (const { records, stepLosses, state: after } of trainCohort(task, backend, {
    resume: { epoch: 0, state, ended: new Map() },
  })) {
    const [{ test }] = records;
    return {
      losses: Array.from(stepLosses),
      final: { loss: test.loss, accuracy: test.accuracy },
      parameters: Object.fromEntries(Object.keys(given.parameters).map((name) => [name, after[name].data])),
    };
  }
  throw new Error("the training gave no epoch");
}
