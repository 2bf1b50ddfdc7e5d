/**
 * Whole epochs, end to end, beside PyTorch in the same run: `npm run bench -- [--json FILE] [--repeats 3]`.
 *
 * losslab's side is a study as users run it: planned, trained in its worker threads, evaluated on the test set after each epoch, stored;
 * its second epoch is timed. PyTorch's side trains and evaluates the same trials from the same weights on the same batches, its data
 * in memory, at the best of its ways: two threads, or two processes with half of the trials each (a single trial: one or two threads).
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execute } from "../src/lab/execute.ts";
import { type ReadyStudy, readyObject } from "../src/lab/study.ts";
import { cohort } from "../src/run/cohort.ts";
import { memberOf } from "../src/run/members.ts";
import type { Spec } from "../src/run/records.ts";
import { median } from "../src/stats/median.ts";
import { openStore } from "../src/store/store.ts";
import type { StudySpec } from "../src/study/spec.ts";
import { random } from "../src/util/random.ts";
import { zoo } from "../src/zoo/index.ts";
import { machineFacts, sgemmPeak } from "./machine.ts";
import { PyTorch } from "./pytorch.ts";

const MNIST = { set: "mnist", validation: 0, scale: "signed" } as const;

interface Work {
  title: string;
  study: StudySpec;
  /** PyTorch's time divided by losslab's that the project asks for. */
  bar: number;
  torch: { model: string; params?: object; sgd: object };
}

const nine = { activation: ["selu", "hardswish", "tanh"], loss: ["ce", "kl", { hinge: 5 }] };
const eight = ["ce", "mae", { focal: 0.5 }, { focal: 2 }, { focal: 1 }, "kl", "mse", { hinge: 1 }];
const four = eight.slice(0, 4);
const plain = { lr: 0.01, momentum: 0.9, weight_decay: 0 };
const decayed = { ...plain, weight_decay: 1e-4 };
const sgd = ({ lr, momentum, weight_decay }: typeof plain) => ({
  sgd: { learningRate: lr, momentum, weightDecay: weight_decay },
});

const mlp = (name: string, hidden: number[], rest: Partial<StudySpec>): StudySpec => ({
  name,
  data: MNIST,
  model: { mlp: { hidden } },
  optimizer: sgd(decayed),
  batchSize: 100,
  ...rest,
});
const images = (name: string, model: string, loss: StudySpec["loss"], train: number, test: number): StudySpec => ({
  name,
  data: { set: "cifar10", validation: 0, scale: "signed", train, test },
  model,
  activation: "relu",
  optimizer: sgd(plain),
  batchSize: 128,
  loss: loss!,
});
const single = { activation: "tanh", loss: "ce" };

const works: Work[] = [
  {
    title: "MLP 784-28-10, nine",
    study: mlp("mlp-9", [28], nine),
    bar: 5,
    torch: { model: "mlp", sgd: decayed },
  },
  {
    title: "MLP 784-112-28-10, nine",
    study: mlp("mlp2-9", [112, 28], nine),
    bar: 4,
    torch: { model: "mlp", params: { hidden: [112, 28] }, sgd: decayed },
  },
  {
    title: "LeNet, eight",
    study: images("lenet-8", "lenet", eight, 12_800, 2_000),
    bar: 1.6,
    torch: { model: "lenet", sgd: plain },
  },
  {
    title: "cnn, four",
    study: images("cnn-4", "cnn", four, 2_560, 500),
    bar: 0.9,
    torch: { model: "cnn", sgd: plain },
  },
  {
    title: "MLP 784-28-10, one",
    study: mlp("mlp-1", [28], single),
    bar: 1.5,
    torch: { model: "mlp", sgd: decayed },
  },
  {
    title: "MLP 784-112-28-10, one",
    study: mlp("mlp2-1", [112, 28], single),
    bar: 1.5,
    torch: { model: "mlp", params: { hidden: [112, 28] }, sgd: decayed },
  },
  {
    title: "LeNet, one",
    study: images("lenet-1", "lenet", "ce", 12_800, 2_000),
    bar: 0.9,
    torch: { model: "lenet", sgd: plain },
  },
  {
    title: "cnn, one",
    study: images("cnn-1", "cnn", "ce", 2_560, 500),
    bar: 0.7,
    torch: { model: "cnn", sgd: plain },
  },
];

interface Turn {
  seconds: number;
  /** Mean training loss of the first epoch, by trial. */
  losses: number[];
}

/** Runs a study of two epochs in a store of its own; seconds from the moment when all have finished the first to the end of the second. */
async function ours(ready: ReadyStudy): Promise<Turn> {
  const folder = mkdtempSync(join(tmpdir(), "losslab-bench-"));
  const store = await openStore(folder);
  const losses = new Map<string, number>();
  const { trials, cohorts } = ready.plan;
  let waiting = cohorts.length;
  let begun = 0;
  let ended = 0;
  try {
    const { failures } = await execute(ready.plan, {
      store,
      prepared: ready.prepared,
      onEvent(event) {
        if (event.kind !== "epoch") return;
        if (event.epoch === 2) ended = performance.now();
        else {
          for (const { trial, train } of event.records) losses.set(trial, train.loss);
          if (--waiting === 0) begun = performance.now();
        }
      },
    });
    if (failures.length > 0) throw new Error(failures[0].stack);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
  return { seconds: (ended - begun) / 1000, losses: trials.map(({ id }) => losses.get(id)!) };
}

/** What PyTorch trains on: pixels, labels, the first weights and the order of the first epoch, as files. */
function caseOf(folder: string, work: Work, ready: ReadyStudy): object {
  const [{ batchSize, seed }] = ready.plan.trials;
  const { cohort: facts, training } = ready.prepared(ready.plan.cohorts[0].data);
  const { model, members } = cohort([memberOf(ready.plan.trials[0], zoo)], facts);
  const weights = Object.keys(model.parameters).flatMap((name) =>
    Array.from(model.initial(name, seed, members[0].model.params)),
  );
  const order = random(seed, "order", 1).permutation(training.train.length);
  const write = (name: string, values: Uint8Array | Int32Array | Float32Array): string => {
    writeFileSync(join(folder, name), values);
    return join(folder, name);
  };
  return {
    ...work.torch,
    images: write("images", training.images as Uint8Array),
    labels: write("labels", training.labels),
    weights: write("weights", Float32Array.from(weights)),
    train: write(
      "train",
      Int32Array.from(order, (i) => training.train[i]),
    ),
    test: write("test", Int32Array.from(training.test)),
    shape: facts.shape,
    scale: facts.scale[0],
    offset: facts.offset[0],
    batchSize,
  };
}

/** A loss with the parameters that PyTorch's side knows. */
function forPyTorch(spec: Spec): Spec {
  const [[name, { gamma, delta }]] = Object.entries(spec);
  return { [name]: { ...(name === "focal" && { gamma }), ...(name === "hinge" && { delta }) } };
}

/** PyTorch's ways of using two cores. */
interface Torch {
  one: PyTorch;
  other: PyTorch;
  threaded: PyTorch;
}

/** Wall-clock seconds of each way. */
async function theirs({ one, other, threaded }: Torch, trials: readonly unknown[]): Promise<Record<string, Turn>> {
  const ways: Record<string, Turn> = { "2 threads": await threaded.ask<Turn>({ epoch: trials }) };
  if (trials.length === 1) ways["1 thread"] = await one.ask<Turn>({ epoch: trials });
  else {
    const half = Math.ceil(trials.length / 2);
    const begun = performance.now();
    const parts = await Promise.all([
      one.ask<Turn>({ epoch: trials.slice(0, half) }),
      other.ask<Turn>({ epoch: trials.slice(half) }),
    ]);
    const seconds = (performance.now() - begun) / 1000;
    ways["2 processes"] = { seconds, losses: parts.flatMap(({ losses }) => losses) };
  }
  return ways;
}

interface Result {
  work: string;
  trials: number;
  examples: number;
  bar: number;
  /** Median seconds of an epoch of all trials, evaluation included; and all that were measured. */
  losslab: number;
  losslabAll: number[];
  /** Of the sgemm peak of as many cores as losslab had cohorts for. */
  losslabOfPeak: number;
  pytorch?: Record<string, number>;
  pytorchBest?: number;
  pytorchWay?: string;
  /** PyTorch's best divided by losslab's: how many times as fast losslab is. */
  ratio?: number;
  /** The largest relative difference of the trials' mean training losses. */
  lossDifference?: number;
}

async function measure(work: Work, peak: number, torch: Torch | undefined, repeats: number): Promise<Result> {
  const ready = await readyObject({ ...work.study, epochs: 2, seeds: [1] });
  const { trials, cohorts } = ready.plan;
  const { training } = ready.prepared(cohorts[0].data);
  const folder = mkdtempSync(join(tmpdir(), "losslab-bench-"));
  try {
    if (torch) {
      const task = caseOf(folder, work, ready);
      for (const process of Object.values(torch) as PyTorch[]) await process.ask({ case: task });
    }
    const turns: { own: Turn; ways: Record<string, Turn> }[] = [];
    const kinds = trials.map(({ loss, activation }) => [forPyTorch(loss), Object.keys(activation)[0]]);
    for (let i = 0; i < repeats; i++) {
      const early = i % 2 === 0 ? await ours(ready) : undefined;
      const ways = torch ? await theirs(torch, kinds) : {};
      turns.push({ own: early ?? (await ours(ready)), ways });
    }
    const losslabAll = turns.map(({ own }) => own.seconds);
    const losslab = median(losslabAll);
    const cores = Math.min(2, cohorts.length);
    const flop = (2 * cohorts.reduce((total, { work: products }) => total + products, 0)) / 2; // of one of two epochs
    const result: Result = {
      work: work.title,
      trials: trials.length,
      examples: training.train.length,
      bar: work.bar,
      losslab,
      losslabAll,
      losslabOfPeak: flop / losslab / (cores * peak),
    };
    if (!torch) return result;
    const names = Object.keys(turns[0].ways);
    const pytorch = Object.fromEntries(names.map((way) => [way, median(turns.map((t) => t.ways[way].seconds))]));
    const pytorchWay = names.reduce((a, b) => (pytorch[b] < pytorch[a] ? b : a));
    const [{ own, ways }] = turns;
    return {
      ...result,
      pytorch,
      pytorchWay,
      pytorchBest: pytorch[pytorchWay],
      ratio: median(turns.map((t) => Math.min(...names.map((way) => t.ways[way].seconds)) / t.own.seconds)),
      lossDifference: Math.max(...own.losses.map((loss, t) => Math.abs(loss / ways[pytorchWay].losses[t] - 1))),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const HEAD = ["", "losslab s", "of peak", "PyTorch s", "its way", "times as fast", "bar", "losses differ"];

function row(r: Result): string[] {
  return [
    r.work,
    r.losslab.toFixed(2),
    `${(100 * r.losslabOfPeak).toFixed(0)} %`,
    r.pytorchBest?.toFixed(2) ?? "–",
    r.pytorchWay ?? "–",
    r.ratio?.toFixed(2) ?? "–",
    r.ratio === undefined ? "–" : `${r.bar} ${r.ratio >= r.bar ? "met" : "missed"}`,
    r.lossDifference?.toExponential(0) ?? "–",
  ];
}

const line = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(26) : cell.padStart(14))).join("");

const { values } = parseArgs({
  options: { json: { type: "string" }, repeats: { type: "string", default: "3" }, only: { type: "string" } },
});
if (!process.env.LOSSLAB_DATA) {
  console.error("LOSSLAB_DATA is not set: this benchmark trains on MNIST and CIFAR-10 (see: losslab data)");
  process.exit(2);
}
const one = PyTorch.start(1);
const torch: Torch | undefined = one && { one, other: PyTorch.start(1)!, threaded: PyTorch.start(2)! };
try {
  let versions: Record<string, string> | undefined;
  for (const process of torch ? [torch.one, torch.other, torch.threaded] : []) versions = await process.answer();
  const peak = await sgemmPeak();
  const command = ["npm run bench", ...(process.argv.length > 2 ? ["--", ...process.argv.slice(2)] : [])].join(" ");
  const machine = machineFacts(command, peak, versions);
  console.log("Seconds of an epoch of all trials, evaluation included; medians of turns taken one after the other.\n");
  for (const [name, value] of Object.entries(machine)) console.log(`${name.padEnd(12)} ${value}`);
  console.log(`\n${line(HEAD)}`);
  const results: Result[] = [];
  for (const work of works.filter(({ study }) => !values.only || values.only.split(",").includes(study.name))) {
    const result = await measure(work, peak, torch, Number(values.repeats));
    results.push(result);
    console.log(line(row(result)));
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, results }, null, 2)}\n`);
} finally {
  for (const process of torch ? (Object.values(torch) as PyTorch[]) : []) process.stop();
}
