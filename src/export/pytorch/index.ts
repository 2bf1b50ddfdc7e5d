/** A trial as a PyTorch script that trains the same, with all that it needs beside it. */
import { zipSync } from "fflate";
import { type CohortData, cohort as cohortOf, type Member } from "../../run/cohort.ts";
import type { EpochRecord, Trial } from "../../run/records.ts";
import { stepFeeds } from "../../run/step-feeds.ts";
import type { TrainingData } from "../../run/train.ts";
import { cohortBefore } from "../../run/warm-start.ts";
import { sizeOf } from "../../tensor/index.ts";
import { encodeNpy } from "./npy.ts";
import { script } from "./script.ts";

export interface PytorchParts {
  trial: Trial;
  member: Member;
  /** What the trial trains on. */
  data: CohortData;
  training: TrainingData;
  /** The trial's epochs, as far as it was trained. */
  history: readonly EpochRecord[];
}

/** Losslab's own results, for the script to show beside its own; a number that is not finite is null. */
const results = ({ trial, history }: PytorchParts): string =>
  `${JSON.stringify(
    {
      trial,
      epochs: history.map(({ train, test }) => ({
        "training loss": train.loss,
        "test loss": test.loss,
        "test accuracy": test.accuracy,
      })),
    },
    null,
    1,
  )}\n`;

/** NumPy's archive of arrays, not compressed: https://numpy.org/doc/stable/reference/generated/numpy.savez.html. */
const npz = (arrays: Record<string, Uint8Array>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, array])), {
    level: 0,
    mtime: "1980-01-02", // equal trials give equal files
  });

/** The examples and labels at these places. */
function examplesAt(
  { images, labels }: TrainingData,
  places: Uint32Array,
  shape: readonly number[],
): { examples: Uint8Array; labels: Uint8Array } {
  const size = sizeOf(shape);
  const Type = images instanceof Uint8Array ? Uint8Array : Float32Array;
  const chosen = new Type(places.length * size);
  places.forEach((place, i) => {
    chosen.set(images.subarray(place * size, (place + 1) * size), i * size);
  });
  const own = Uint8Array.from(places, (place) => labels[place]);
  return {
    examples: encodeNpy(chosen, [places.length, ...shape]),
    labels: encodeNpy(own, [places.length]),
  };
}

/**
 * Files by their names: `train.py`; `losslab.json`; `data.npz`; `initial.npz`, the network's state; `order.npy` [epochs, examples], places
 * among the training examples; where layers draw random numbers `seeds.npy` [steps]; where examples are changed `draws.npy` [epochs,
 * examples, draws].
 * @throws UserError for what cannot be said in PyTorch
 */
export function pytorchFolder(parts: PytorchParts): Record<string, Uint8Array | string> {
  const { trial, member, data, training } = parts;
  const cohort = cohortOf([member], data);
  const earlier = cohortBefore(cohort, trial.epochs);
  const before = earlier && { optimizer: earlier.cohort.members[0].optimizer, epochs: earlier.epochs };
  const epochs = Math.max(trial.epochs, before?.epochs ?? 0);
  const feeds = stepFeeds({ cohort, data: training, batchSize: trial.batchSize, epochs, seed: trial.seed });
  const count = training.train.length;
  const { trainLast = count } = trial.measure ?? {};
  const { text, tensors, seeded, augments } = script({
    trial,
    member,
    data,
    before,
    stepsPerEpoch: feeds.stepsPerEpoch,
    smallestBatch: feeds.rest || trial.batchSize,
    countedFrom: Math.floor(Math.max(0, count - trainLast) / trial.batchSize),
  });
  const placeOf = new Map(Array.from(training.train, (place, i) => [place, i]));
  const order = new Int32Array(epochs * count);
  for (let epoch = 0; epoch < epochs; epoch++) {
    feeds.order(epoch + 1).forEach((place, i) => {
      order[epoch * count + i] = placeOf.get(place)!;
    });
  }
  const [train, test] = [training.train, training.test].map((places) => examplesAt(training, places, data.shape));
  const files: Record<string, Uint8Array | string> = {
    "train.py": text,
    "losslab.json": results(parts),
    "data.npz": npz({
      train_examples: train.examples,
      train_labels: train.labels,
      test_examples: test.examples,
      test_labels: test.labels,
    }),
    "initial.npz": npz(initialState(parts, tensors)),
    "order.npy": encodeNpy(order, [epochs, count]),
  };
  const steps = Array.from({ length: epochs * feeds.stepsPerEpoch }, (_, step) => step);
  if (seeded) files["seeds.npy"] = encodeNpy(BigInt64Array.from(steps, feeds.seed), [steps.length]);
  if (augments) {
    const draws = member.augment.entry.draws(member.augment.params, data.shape).length;
    const all = new Float32Array(epochs * count * draws);
    let at = 0;
    for (const step of steps) {
      const isLast = step % feeds.stepsPerEpoch === feeds.fullSteps;
      const drawn = feeds.drawn(step, isLast ? feeds.rest : trial.batchSize);
      all.set(drawn, at);
      at += drawn.length;
    }
    files["draws.npy"] = encodeNpy(all, [epochs, count, draws]);
  }
  return files;
}

/** The network's state as PyTorch names it. */
function initialState({ trial, member, data }: PytorchParts, names: Readonly<Record<string, string>>) {
  const { model } = cohortOf([member], data);
  const state: Record<string, Uint8Array> = {};
  for (const [ours, { shape }] of Object.entries({ ...model.parameters, ...model.buffers })) {
    state[names[ours]] = encodeNpy(model.initial(ours, trial.seed, member.model.params), shape);
    // What normalizations count besides; it changes nothing.
    if (names[ours].endsWith("running_mean"))
      state[names[ours].replace("running_mean", "num_batches_tracked")] = encodeNpy(BigInt64Array.of(0n), []);
  }
  return state;
}
