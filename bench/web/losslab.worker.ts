import { cohort, memberOf, type Trial, trainCohort, zoo } from "../../src/core.ts";
import { MOST_STEPS } from "../../src/run/sizes.ts";
import { SECONDS_PER_CALL } from "../../web/src/engine/pace.ts";
import { wasmBackend } from "../../web/src/engine/runtime.ts";
import { answer } from "../../web/src/rpc.ts";
import { BATCH, examples, LEARNING_RATES, MOMENTUM, SIZES, STEPS, type Turn } from "./work.ts";

const { images, labels } = examples();

async function turn(threads: number): Promise<Turn> {
  const trials = LEARNING_RATES.map(
    (learningRate, i): Trial => ({
      id: String(i),
      data: {},
      model: { mlp: { hidden: [SIZES[1]] } },
      activation: { relu: {} },
      loss: { ce: {} },
      optimizer: { sgd: { learningRate, momentum: MOMENTUM } },
      schedule: { constant: {} },
      epochs: 2,
      batchSize: BATCH,
      seed: 1,
    }),
  );
  const made = cohort(
    trials.map((trial) => memberOf(trial, zoo)),
    {
      shape: [1, 28, 28],
      pixels: "uint8",
      classes: 10,
      classCounts: Array(10).fill(labels.length / 10),
      scale: [1 / 255],
      offset: [0],
    },
  );
  const data = {
    images,
    labels,
    train: Uint32Array.from({ length: STEPS * BATCH }, (_, i) => i),
    validation: new Uint32Array(0),
    test: Uint32Array.of(0),
  };
  const task = { cohort: made, data, batchSize: BATCH, epochs: 2, seed: 1 };
  let [begun, result] = [0, { microseconds: 0, loss: 0 }];
  // The first epoch warms up.
  for await (const { records } of trainCohort(task, await wasmBackend(threads), {
    stepsPerCall: MOST_STEPS,
    secondsPerCall: SECONDS_PER_CALL,
  })) {
    const now = performance.now();
    result = { microseconds: (1000 * (now - begun)) / STEPS / trials.length, loss: records[0].train.loss };
    begun = now;
  }
  return result;
}

const handlers = { turn };
export type LosslabSide = typeof handlers;
answer(handlers);
