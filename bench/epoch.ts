/**
 * Whole epochs, end to end, beside PyTorch in the same run.
 *
 * losslab's side is a study as users run it: planned, trained in its worker threads, evaluated on the test set after each epoch, stored;
 * its second epoch is timed. PyTorch's side trains and evaluates the same trials from the same weights on the same batches, its data
 * in memory, at the best of its ways: two threads, or two processes with half of the trials each (a single trial: one or two threads).
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ReadyStudy, readyObject } from "../src/lab/study.ts";
import { cohort } from "../src/run/cohort.ts";
import { memberOf } from "../src/run/members.ts";
import type { Spec } from "../src/run/records.ts";
import { median } from "../src/stats/median.ts";
import { random } from "../src/util/random.ts";
import { zoo } from "../src/zoo/index.ts";
import { startPyTorch } from "./pytorch.ts";
import type { Side } from "./side.ts";
import { type Turn, timeStudy } from "./study.ts";
import { line } from "./table.ts";
import type { Work } from "./works.ts";

/** What the other side trains on: pixels, labels, the first weights and the order of the first epoch, as files. */
export function caseOf(folder: string, work: Work, ready: ReadyStudy): object {
  const [{ batchSize, seed }] = ready.plan.trials;
  const { cohort: facts, training } = ready.prepared(ready.plan.cohorts[0].data, seed);
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

/** A loss with the parameters that the other side knows. */
export function plainLoss(spec: Spec): Spec {
  const [[name, { gamma, delta }]] = Object.entries(spec);
  return { [name]: { ...(name === "focal" && { gamma }), ...(name === "hinge" && { delta }) } };
}

/** PyTorch's ways of using two cores. */
export interface Torch {
  one: Side;
  other: Side;
  threaded: Side;
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

export interface Result {
  work: string;
  trials: number;
  examples: number;
  bar: number;
  /** Median seconds of an epoch of all trials, evaluation included; and all that were measured. */
  losslab: number;
  losslabAll: number[];
  /** Of the sgemm peak of as many cores as losslab had cohorts, or threads within them, for. */
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
  const { training } = ready.prepared(cohorts[0].data, cohorts[0].seed);
  const folder = mkdtempSync(join(tmpdir(), "losslab-bench-"));
  try {
    if (torch) {
      const task = caseOf(folder, work, ready);
      for (const process of Object.values(torch) as Side[]) await process.ask({ case: task });
    }
    const turns: { own: Turn; ways: Record<string, Turn> }[] = [];
    const kinds = trials.map(({ loss, activation }) => [plainLoss(loss), Object.keys(activation)[0]]);
    for (let i = 0; i < repeats; i++) {
      const early = i % 2 === 0 ? await timeStudy(ready) : undefined;
      const ways = torch ? await theirs(torch, kinds) : {};
      turns.push({ own: early ?? (await timeStudy(ready)), ways });
    }
    const losslabAll = turns.map(({ own }) => own.seconds);
    const losslab = median(losslabAll);
    const cores = Math.min(
      2,
      cohorts.reduce((total, { threads }) => total + threads, 0),
    );
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

export const startTorch = (): Torch | undefined => {
  const one = startPyTorch(1);
  return one && { one, other: startPyTorch(1)!, threaded: startPyTorch(2)! };
};

/** Each work, its row printed when it is measured. */
export async function epochs(
  chosen: readonly Work[],
  peak: number,
  torch: Torch | undefined,
  repeats: number,
): Promise<Result[]> {
  console.log("\nSeconds of an epoch of all trials, evaluation included; medians of turns taken one after the other\n");
  console.log(line(HEAD));
  const results: Result[] = [];
  for (const work of chosen) {
    const result = await measure(work, peak, torch, repeats);
    results.push(result);
    console.log(line(row(result)));
  }
  return results;
}
