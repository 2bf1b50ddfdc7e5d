/** Trainings on noise, and the time of their steps: a step costs the same whatever it learns. */
import { cohort } from "../src/run/cohort.ts";
import { memberOf } from "../src/run/members.ts";
import { nodeBackend } from "../src/run/node-backend.ts";
import type { Spec } from "../src/run/records.ts";
import { MOST_STEPS } from "../src/run/sizes.ts";
import { type TrainingTask, trainCohort } from "../src/run/train.ts";
import { sizeOf } from "../src/tensor/index.ts";
import { random } from "../src/util/random.ts";
import { zoo } from "../src/zoo/index.ts";

/** An epoch to warm up and one to measure, on both sides. */
export const EPOCHS = 2;
const CLASSES = 10;
export const SCALE = 2 / 255;
export const OFFSET = -1;

/** What the trials of a cohort differ in; a learning rate stands here where it is not the setting's. */
export type Kind = readonly [loss: Spec, activation: string, learningRate?: number];

/** Activations and losses of the MLPs that are compared. */
export const nine = ["selu", "hardswish", "tanh"].flatMap((activation): Kind[] => [
  [{ ce: {} }, activation],
  [{ kl: {} }, activation],
  [{ hinge: { delta: 5 } }, activation],
]);
/** Those of the LeNets. */
export const eight: Kind[] = [
  [{ ce: {} }, "relu"],
  [{ mae: {} }, "relu"],
  [{ focal: { gamma: 0.5 } }, "relu"],
  [{ focal: { gamma: 2 } }, "relu"],
  [{ focal: { gamma: 1 } }, "relu"],
  [{ kl: {} }, "relu"],
  [{ mse: {} }, "relu"],
  [{ hinge: { delta: 1 } }, "relu"],
];

export interface Noise {
  model: "mlp" | "lenet";
  shape: number[];
  batchSize: number;
  sgd: { lr: number; momentum: number; weight_decay: number };
  /** Of an epoch. */
  steps: number;
}

/** One timed training. */
export interface Turn {
  /** Seconds of the last epoch's steps after the first, of all trials. */
  seconds: number;
  /** Mean loss of the batch at `checkedStep`, by trial. */
  losses: number[];
}

/** Noise in place of images and labels drawn by lot: a step costs the same whatever it learns. */
export function syntheticTask({ model, shape, batchSize, sgd, steps }: Noise, trials: readonly Kind[]): TrainingTask {
  const count = steps * batchSize;
  const pixels = random(1, "pixels");
  const lots = random(1, "labels");
  const members = trials.map(([loss, activation, learningRate = sgd.lr], i) =>
    memberOf(
      {
        id: String(i),
        data: {},
        model: { [model]: {} },
        activation: { [activation]: {} },
        loss,
        optimizer: { sgd: { learningRate, momentum: sgd.momentum, weightDecay: sgd.weight_decay } },
        schedule: { constant: {} },
        epochs: EPOCHS,
        batchSize,
        seed: 1,
      },
      zoo,
    ),
  );
  const data = {
    images: Uint8Array.from({ length: count * sizeOf(shape) }, (_, i) => pixels.uint32(i)),
    labels: Uint8Array.from({ length: count }, (_, i) => lots.uint32(i) % CLASSES),
    train: Uint32Array.from({ length: count }, (_, i) => i),
    validation: new Uint32Array(0),
    test: Uint32Array.of(0),
  };
  const facts = {
    shape,
    pixels: "uint8" as const,
    classes: CLASSES,
    classCounts: Array<number>(CLASSES).fill(count / CLASSES),
    scale: Array<number>(shape[0]).fill(SCALE),
    offset: Array<number>(shape[0]).fill(OFFSET),
  };
  return { cohort: cohort(members, facts), data, batchSize, epochs: EPOCHS, seed: 1, order: () => data.train };
}

/** The step loop that studies run, timed from the first to the last call of an epoch; nothing is evaluated in between. */
export async function timeSteps(task: TrainingTask, checkedStep: number): Promise<Turn> {
  const { members } = task.cohort;
  const examples = task.data.train.length * members.length;
  let trained = 0;
  let begun: number | undefined;
  let first = 0;
  let seconds = 0;
  const onProgress = (more: number): void => {
    trained += more;
    if (trained <= examples * (EPOCHS - 1)) return;
    if (begun === undefined) {
      begun = performance.now();
      first = more;
    }
    seconds = (performance.now() - begun) / 1000;
  };
  const options = {
    stepsPerCall: MOST_STEPS,
    evaluationBatch: 1,
    onProgress,
  };
  let losses: number[] = [];
  for await (const { epoch, stepLosses } of trainCohort(task, nodeBackend(), options)) {
    if (epoch === 1) losses = Array.from(stepLosses.subarray(checkedStep * members.length)).slice(0, members.length);
  }
  if (first !== task.batchSize * members.length) throw new Error("the first call of an epoch is more than a step");
  // In the order of the setting, which the cohort rearranged.
  return { seconds, losses: losses.map((_, i) => losses[members.findIndex(({ id }) => id === String(i))]) };
}
