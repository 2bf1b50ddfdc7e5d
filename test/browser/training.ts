/** One epoch of 20 steps that Node.js and the page both train: a cohort whose trials differ in loss, activation and optimizer. */
import {
  type Backend,
  cohort,
  type EpochResult,
  generateDigits,
  memberOf,
  type Trial,
  trainCohort,
  zoo,
} from "../../src/core.ts";

export const STEPS = 20;
const BATCH_SIZE = 50;

const momentum = { sgd: { learningRate: 0.05, momentum: 0.9, weightDecay: 1e-4 } };

export const trials: readonly Pick<Trial, "id" | "loss" | "activation" | "optimizer">[] = [
  { id: "mae", loss: { mae: {} }, activation: { relu: {} }, optimizer: { adam: { learningRate: 0.001 } } },
  { id: "hinge", loss: { hinge: {} }, activation: { selu: {} }, optimizer: { sgd: { learningRate: 0.01 } } },
  { id: "ce", loss: { ce: {} }, activation: { relu: {} }, optimizer: momentum },
  { id: "focal", loss: { focal: { gamma: 2 } }, activation: { tanh: {} }, optimizer: momentum },
];

/** Plain arrays, as they travel from a page. */
export interface Trained {
  /** Ids in the cohort's order. */
  trials: string[];
  /** [steps, trials] */
  losses: number[];
  testAccuracy: number[];
  /** [trials, ...] each, by name. */
  parameters: Record<string, number[]>;
}

export async function train(backend: Backend): Promise<Trained> {
  const count = STEPS * BATCH_SIZE;
  const { train, test } = generateDigits({ seed: 3, train: count, test: 200 });
  const members = trials.map((trial) =>
    memberOf(
      {
        ...trial,
        data: {},
        model: { mlp: { hidden: [28] } },
        schedule: { constant: {} },
        epochs: 1,
        batchSize: BATCH_SIZE,
        seed: 1,
      },
      zoo,
    ),
  );
  const made = cohort(members, {
    shape: [1, 28, 28],
    pixels: "uint8",
    classes: 10,
    classCounts: Array(10).fill(count / 10),
    scale: [1 / 255],
    offset: [0],
  });
  const data = {
    images: Uint8Array.from([...train.images, ...test.images]),
    labels: Uint8Array.from([...train.labels, ...test.labels]),
    train: Uint32Array.from(train.labels, (_, i) => i),
    validation: new Uint32Array(0),
    test: Uint32Array.from(test.labels, (_, i) => count + i),
  };
  const task = { cohort: made, data, batchSize: BATCH_SIZE, epochs: 1, seed: 1 };
  const epochs: EpochResult[] = [];
  for await (const epoch of trainCohort(task, backend)) epochs.push(epoch);
  const [{ stepLosses, records, state }] = epochs;
  return {
    trials: made.members.map(({ id }) => id),
    losses: Array.from(stepLosses),
    testAccuracy: records.map(({ test }) => test.accuracy),
    parameters: Object.fromEntries(
      Object.keys(made.model.parameters).map((name) => [name, Array.from(state[name].data)]),
    ),
  };
}
