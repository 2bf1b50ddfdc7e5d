/** Trials in PyTorch beside the same in losslab, for tests. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CohortData } from "../../run/cohort.ts";
import { cohort } from "../../run/cohort.ts";
import { memberOf } from "../../run/members.ts";
import { nodeBackend } from "../../run/node-backend.ts";
import type { Trial } from "../../run/records.ts";
import type { TrainingData } from "../../run/train.ts";
import { trainWarm } from "../../run/warm-start.ts";
import { sizeOf } from "../../tensor/index.ts";
import { random } from "../../util/random.ts";
import { choose, type Entry } from "../../zoo/entry.ts";
import { zoo } from "../../zoo/index.ts";
import { pytorchFolder } from "./index.ts";

/** What is said of a trial; the usual stands for what is not. */
export interface Said {
  model?: string | object;
  activation?: string | object;
  loss?: string | object;
  optimizer?: string | object;
  clip?: string | object;
  schedule?: string | object;
  augment?: string | object;
  warmStart?: string | object;
  ema?: number;
  epochs?: number;
  batchSize?: number;
  seed?: number;
}

/** Examples that can be told apart, not perfectly: a pattern for each class, and noise. */
export function examples(
  shape: readonly number[],
  classes: number,
  count: number,
): { data: CohortData; training: TrainingData } {
  const size = sizeOf(shape);
  const noise = random(11, "noise");
  const patterns = random(12, "patterns");
  const labels = Uint8Array.from({ length: count }, (_, i) => noise.uint32(i) % classes);
  const images = Uint8Array.from({ length: count * size }, (_, at) => {
    const label = labels[Math.floor(at / size)];
    return Math.max(0, Math.min(255, 90 + 80 * patterns.uniform(label * size + (at % size)) + 50 * noise.normal(at)));
  });
  const tested = Math.floor(count / 5);
  const train = Uint32Array.from({ length: count - tested }, (_, i) => i);
  const classCounts = Array.from({ length: classes }, (_, k) => train.filter((i) => labels[i] === k).length);
  return {
    data: {
      shape,
      pixels: "uint8",
      classes,
      classCounts,
      scale: Array.from({ length: shape[0] }, (_, c) => 1 / (100 + 20 * c)),
      offset: Array.from({ length: shape[0] }, (_, c) => -1.2 - 0.1 * c),
    },
    training: {
      images,
      labels,
      train,
      validation: new Uint32Array(0),
      test: Uint32Array.from({ length: tested }, (_, i) => count - tested + i),
    },
  };
}

export function trialOf(said: Said): Trial {
  const spec = (kind: string, members: object, value: unknown) =>
    choose(kind, members as Record<string, Entry>, value).spec;
  const { ema, epochs = 3, batchSize = 16, seed = 0 } = said;
  return {
    id: "0123456789abcdef",
    data: { set: "patterns" },
    model: spec("model", zoo.models, said.model ?? { mlp: [12] }),
    activation: spec("activation", zoo.activations, said.activation ?? "relu"),
    loss: spec("loss", zoo.losses, said.loss ?? "ce"),
    optimizer: spec("optimizer", zoo.optimizers, said.optimizer ?? { sgd: 0.05 }),
    ...(said.clip && { clip: spec("clipping", zoo.clippings, said.clip) }),
    schedule: spec("schedule", zoo.schedules, said.schedule ?? "constant"),
    ...(said.augment && { augment: spec("augmentation", zoo.augmentations, said.augment) }),
    ...(said.warmStart && { warmStart: spec("warm start", zoo.warmStarts, said.warmStart) }),
    ...(ema !== undefined && { ema }),
    epochs,
    batchSize,
    seed,
  };
}

const backend = nodeBackend();

/** The loss of every mini-batch as losslab trains the trial, and the script with its arrays in a folder. */
export async function inLosslab(trial: Trial, on: ReturnType<typeof examples>, folder: string): Promise<number[]> {
  const member = memberOf(trial, zoo);
  const made = cohort([member], on.data);
  const { batchSize, epochs, seed } = trial;
  const losses: number[] = [];
  const history = [];
  for await (const { stepLosses, records } of trainWarm(
    { cohort: made, data: on.training, batchSize, epochs, seed },
    backend,
    { stepsPerCall: 50 },
  )) {
    losses.push(...stepLosses);
    history.push(...records);
  }
  const files = pytorchFolder({ trial, member, ...on, history });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return losses;
}

/** Losses of the steps as a script trains; null for one that is not a number. */
export type Losses = readonly (number | null)[];

/** The same training three times, which tells how far rounding moves it. */
export interface Trained {
  single: Losses;
  double: Losses;
  /** In float64 from weights that are off by as much as float32 rounds them. */
  nudged: Losses;
}

/** Trains the scripts of the folders. */
export const IN_PYTORCH = `
import json, math, runpy, sys, torch
torch.set_num_threads(1)
steps, folders = int(sys.argv[1]), sys.argv[2:]

def losses(train, dtype):
    return [None if math.isnan(loss) else loss for loss in train(steps, dtype, say=lambda line: None)]

def nudge(value):
    return value.double() * (1 + 2**-24) if value.is_floating_point() else value

def nudged(build):
    network = build()
    load = network.load_state_dict
    network.load_state_dict = lambda state: load({name: nudge(value) for name, value in state.items()})
    return network

results = []
for folder in folders:
    train = runpy.run_path(folder + "/train.py")["train"]
    trained = {"single": losses(train, torch.float32), "double": losses(train, torch.float64)}
    build = train.__globals__["build_network"]
    train.__globals__["build_network"] = lambda: nudged(build)
    trained["nudged"] = losses(train, torch.float64)
    results.append(trained)
print(json.dumps(results))
`;
