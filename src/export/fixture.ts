/** Trained trials for tests: networks of the zoo with weights that were drawn, and other programs to hold their exports against. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import type { NetworkInputs } from "../lab/trained.ts";
import type { Trial } from "../run/records.ts";
import { sizeOf } from "../tensor/index.ts";
import { random } from "../util/random.ts";
import { choose } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import { networkOf, type TrainedTrial } from "./trained-trial.ts";

export interface Drawn {
  model: string | object;
  activation?: string | object;
  loss?: string | object;
  /** Of one example; grey digits unless said. */
  shape?: readonly number[];
  classes?: number;
}

/** How values of each channel, or feature, are scaled: differently, so that a mistaken channel is seen. */
function inputsOf({ shape = [1, 28, 28], classes = 10 }: Drawn): NetworkInputs {
  return {
    shape,
    pixels: shape.length === 3 ? "uint8" : "float32",
    scale: Array.from({ length: shape[0] }, (_, c) => 1 / (200 + 55 * c)),
    offset: Array.from({ length: shape[0] }, (_, c) => 0.1 - 0.2 * c),
    classNames: Array.from({ length: classes }, (_, k) => `class ${k}`),
  };
}

/** A trial whose weights, statistics of normalizations among them, are nowhere what they begin with. */
export function drawnTrial(drawn: Drawn): TrainedTrial {
  const { model, activation = "relu", loss = "ce" } = drawn;
  const chosen = choose("model", zoo.models, model);
  const trial: Trial = {
    id: "0123456789abcdef",
    data: { set: "drawn" },
    model: chosen.spec,
    activation: choose("activation", zoo.activations, activation).spec,
    loss: choose("loss", zoo.losses, loss).spec,
    optimizer: choose("optimizer", zoo.optimizers, "sgd").spec,
    schedule: choose("schedule", zoo.schedules, "constant").spec,
    epochs: 3,
    batchSize: 10,
    seed: 0,
  };
  const inputs = inputsOf(drawn);
  const network = networkOf({ trial, inputs });
  const state = Object.fromEntries(
    Object.entries({ ...network.parameters, ...network.buffers }).map(([name, { shape }]) => {
      const stream = random(1, "drawn", name);
      const begin = network.initial(name, 1, chosen.params);
      return [name, Float32Array.from({ length: sizeOf(shape) }, (_, i) => begin[i] + 0.1 * (stream.uniform(i) - 0.5))];
    }),
  );
  return { trial, epoch: 3, state, inputs };
}

/** Values as a data set stores them, [n · size]. */
export function storedValues({ inputs: { shape, pixels } }: TrainedTrial, n: number): Float32Array {
  const stream = random(2, "values");
  return Float32Array.from({ length: n * sizeOf(shape) }, (_, i) =>
    pixels === "uint8" ? stream.uint32(i) % 256 : 100 * stream.normal(i),
  );
}

/** A Python with the given modules, or why there is none. */
export function pythonWith(...modules: string[]): { path: string } | { missing: string } {
  const paths = [process.env.PYTHON, "/usr/bin/python3", "python3"].filter((path) => path !== undefined);
  for (const path of paths) {
    if (path.startsWith("/") && !existsSync(path)) continue;
    if (spawnSync(path, ["-c", `import ${modules.join(", ")}`]).status === 0) return { path };
  }
  return { missing: `none of ${paths.join(", ")} has ${modules.join(" and ")}` };
}

/** Runs a program of Python's and reads what it prints as JSON. */
export function runPython<T>(path: string, program: string, args: readonly string[] = []): T {
  const { status, stdout, stderr } = spawnSync(path, ["-c", program, ...args], { encoding: "utf8", maxBuffer: 1e9 });
  if (status !== 0) throw new Error(`Python ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
