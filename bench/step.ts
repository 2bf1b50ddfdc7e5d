/**
 * The cost of a training step on one core, beside plain PyTorch in the same run: `npm run bench:step -- [--json FILE]`.
 * Both sides train from the same weights on the same batches; they take turns, and medians are compared.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Cohort } from "../src/run/cohort.ts";
import type { TrainingTask } from "../src/run/train.ts";
import { median } from "../src/stats/median.ts";
import { machineFacts, sgemmPeak } from "./machine.ts";
import { startPyTorch } from "./pytorch.ts";
import type { Side } from "./side.ts";
import {
  EPOCHS,
  eight,
  type Kind,
  type Noise,
  nine,
  OFFSET,
  SCALE,
  syntheticTask,
  type Turn,
  timeSteps,
} from "./synthetic.ts";

interface Setting extends Noise {
  title: string;
  repeats: number;
  /** Products of the first layer, through which no gradient flows back. */
  firstProducts: number;
  /** By cohort. */
  cohorts: Kind[][];
}

const settings: Setting[] = [
  {
    title: "MLP 784-28-10, batch 100",
    model: "mlp",
    shape: [1, 28, 28],
    batchSize: 100,
    sgd: { lr: 0.01, momentum: 0.9, weight_decay: 1e-4 },
    steps: 600, // an epoch of MNIST
    repeats: 9,
    firstProducts: 784 * 28,
    cohorts: [nine.slice(6, 7), [0, 1, 3, 5].map((i) => nine[i]), nine],
  },
  {
    title: "LeNet 3×32×32, batch 128",
    model: "lenet",
    shape: [3, 32, 32],
    batchSize: 128,
    sgd: { lr: 0.05, momentum: 0.9, weight_decay: 0 },
    steps: 48,
    repeats: 5,
    firstProducts: 3 * 25 * 6 * 28 * 28,
    cohorts: [eight.slice(0, 1), eight.slice(0, 4), eight],
  },
];

interface Result {
  setting: string;
  cohort: number;
  /** Median microseconds per model and step, and all that were measured. */
  losslab: number;
  losslabAll: number[];
  /** Of the peak of matrix products: forward, weight gradients and gradients of inner layers. */
  losslabOfPeak: number;
  pytorch?: number;
  pytorchAll?: number[];
  pytorchOfPeak?: number;
  /** Median over the turns of losslab's time divided by PyTorch's. */
  ratio?: number;
  /** The largest relative difference of the trials' losses at the checked step. */
  lossDifference?: number;
}

/** Losses are compared at this step of the first epoch: after some hundred, rounding has put values across the kinks of hinge and SELU. */
const LATEST_CHECK = 50;
/** Loss agreement below which both sides are taken to compute the same. */
const AGREE = 1e-3;

async function measure(
  setting: Setting,
  trials: readonly Kind[],
  peak: number,
  torch: Side | undefined,
): Promise<Result> {
  const task = syntheticTask(setting, trials);
  const checkedStep = Math.min(setting.steps - 1, LATEST_CHECK);
  const folder = mkdtempSync(join(tmpdir(), "losslab-bench-"));
  try {
    if (torch)
      await torch.ask({
        case: { ...files(folder, task), ...setting, epochs: EPOCHS, checkedStep, scale: SCALE, offset: OFFSET, trials },
      });
    const sides: { losslab: Turn; pytorch?: Turn }[] = [];
    for (let i = 0; i < setting.repeats; i++) {
      // Who goes first changes from turn to turn.
      const early = i % 2 === 0 ? await timeSteps(task, checkedStep) : undefined;
      const pytorch = await torch?.ask<Turn>({ run: true });
      sides.push({ losslab: early ?? (await timeSteps(task, checkedStep)), ...(pytorch && { pytorch }) });
    }
    const perStep = (seconds: number): number => (seconds * 1e6) / (setting.steps - 1) / trials.length;
    const { products } = task.cohort.model;
    const flop = 2 * setting.batchSize * (3 * products - setting.firstProducts);
    const ofPeak = (micros: number): number => flop / (micros / 1e6) / peak;
    const losslabAll = sides.map(({ losslab }) => perStep(losslab.seconds));
    const result: Result = {
      setting: setting.title,
      cohort: trials.length,
      losslab: median(losslabAll),
      losslabAll,
      losslabOfPeak: ofPeak(median(losslabAll)),
    };
    if (!torch) return result;
    const pytorchAll = sides.map(({ pytorch }) => perStep(pytorch!.seconds));
    const [{ losslab, pytorch }] = sides;
    return {
      ...result,
      pytorch: median(pytorchAll),
      pytorchAll,
      pytorchOfPeak: ofPeak(median(pytorchAll)),
      ratio: median(losslabAll.map((own, i) => own / pytorchAll[i])),
      lossDifference: Math.max(...losslab.losses.map((loss, t) => Math.abs(loss / pytorch!.losses[t] - 1))),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The data and the first weights of a trial, one parameter after the other, as files that Python reads. */
function files(folder: string, { cohort, data }: TrainingTask): Record<"images" | "labels" | "weights", string> {
  const write = (name: string, values: Uint8Array | Float32Array): string => {
    writeFileSync(join(folder, name), values);
    return join(folder, name);
  };
  return {
    images: write("images", data.images),
    labels: write("labels", data.labels),
    weights: write("weights", firstWeights(cohort)),
  };
}

function firstWeights({ model, members: [{ seed, model: chosen }] }: Cohort): Float32Array {
  const all = Object.keys(model.parameters).map((name) => model.initial(name, seed, chosen.params));
  return Float32Array.from(all.flatMap((values) => Array.from(values)));
}

const HEAD = ["", "cohort", "losslab µs", "of peak", "PyTorch µs", "of peak", "ratio", "losses differ"];

function row(r: Result): string[] {
  const percent = (fraction: number | undefined): string =>
    fraction === undefined ? "–" : `${(100 * fraction).toFixed(0)} %`;
  const micros = (value: number | undefined): string => (value === undefined ? "–" : value.toFixed(0));
  return [
    r.setting,
    String(r.cohort),
    micros(r.losslab),
    percent(r.losslabOfPeak),
    micros(r.pytorch),
    percent(r.pytorchOfPeak),
    r.ratio?.toFixed(2) ?? "–",
    r.lossDifference?.toExponential(0) ?? "–",
  ];
}

const line = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(26) : cell.padStart(HEAD[i].length + 2))).join("");

const { values } = parseArgs({ options: { json: { type: "string" } } });
const torch = startPyTorch();
try {
  const versions = await torch?.answer<Record<string, string>>();
  const peak = await sgemmPeak();
  const command = `npm run bench:step${values.json ? ` -- --json ${values.json}` : ""}`;
  const machine = machineFacts(command, peak, versions);
  console.log("Microseconds per model and training step, one core; medians of turns taken one after the other.\n");
  for (const [name, value] of Object.entries(machine)) console.log(`${name.padEnd(12)} ${value}`);
  console.log(`\n${line(HEAD)}`);
  const results: Result[] = [];
  for (const setting of settings) {
    for (const trials of setting.cohorts) {
      const result = await measure(setting, trials, peak, torch);
      results.push(result);
      console.log(line(row(result)));
    }
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, results }, null, 2)}\n`);
  const apart = results.filter(({ lossDifference = 0 }) => !(lossDifference <= AGREE));
  if (apart.length > 0) {
    console.error(`\nThe two sides do not compute the same: losses differ by more than ${AGREE}.`);
    process.exitCode = 1;
  }
} finally {
  torch?.stop();
}
