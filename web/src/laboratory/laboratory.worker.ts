/** The laboratory's thread: everything that computes, so that the page stays free. */
import { stringify } from "yaml";
import { measuresCsv } from "../../../src/report/results-csv.ts";
import { trialLabels } from "../../../src/report/trial-labels.ts";
import type { Backend } from "../../../src/run/backend.ts";
import type { EpochRecord } from "../../../src/run/records.ts";
import { UserError } from "../../../src/util/errors.ts";
import { type Processor, threadsHere, wasmBackend, webgpuBackend } from "../engine/runtime.ts";
import { answer, Transferred, tell } from "../rpc.ts";
import { memoryDisk, type OpenedFile } from "./files.ts";
import { type Decisions, decisionsOf, exampleInputs, extentOf, gridInputs } from "./look.ts";
import { type Phase, ready, Training } from "./training.ts";

/** Points and pictures that are shown at most. */
const MOST_POINTS = 600;
const MOST_PICTURES = 24;
/** News are gathered for so long. */
const NEWS_MS = 150;

const backends = new Map<Processor, Promise<Backend>>();
function backendOn(processor: Processor): Promise<Backend> {
  const known = backends.get(processor);
  if (known) return known;
  const made =
    processor === "wasm"
      ? wasmBackend(threadsHere())
      : webgpuBackend().then((found) => {
          if ("problem" in found)
            throw new UserError(`WebGPU cannot be used here: ${found.problem}`, "on", "train on the processor");
          return found;
        });
  backends.set(processor, made);
  made.catch(() => backends.delete(processor));
  return made;
}

let training: Training | undefined;
const current = (): Training => {
  if (!training) throw new Error("nothing is prepared");
  return training;
};

/** What happened to a trial since the last news. */
export interface TrialNews {
  trial: string;
  records: EpochRecord[];
  diverged: string | null;
}

export interface News {
  trials: TrialNews[];
  /** Examples trained since the last news. */
  examples: number;
}

const told = new Map<string, number>();
let changed = new Set<string>();
let examples = 0;
let last = 0;

function flush(force: boolean): void {
  const now = performance.now();
  if (!force && now - last < NEWS_MS) return;
  last = now;
  const trials = [...changed].map((trial): TrialNews => {
    const { records, diverged } = current().progress(trial);
    const from = told.get(trial) ?? 0;
    told.set(trial, records.length);
    return { trial, records: records.slice(from), diverged };
  });
  changed = new Set();
  tell("news", { trials, examples } satisfies News);
  examples = 0;
}

export interface Shown {
  /** In the study's order; those of one loss have one label. */
  trials: { id: string; loss: number; seed: number; label: string }[];
  classNames: readonly string[];
  shape: readonly number[];
  counts: { train: number; test: number; perClass: readonly number[] };
  cohorts: number;
  parameters: number;
  threads: number;
  /** Of the plane: training points and their labels, as they were trained on. */
  points: { values: Float32Array; labels: Uint8Array } | null;
  /** Test pictures, [n, channels, height, width] as bytes, and their labels. */
  pictures: { values: Uint8Array; labels: Uint8Array } | null;
}

const handlers = {
  /** Makes everything ready; what was there before ends. */
  async prepare(
    study: Record<string, unknown>,
    processor: Processor,
    files: OpenedFile[],
  ): Promise<Transferred<Shown>> {
    await training?.stop();
    training = undefined;
    told.clear();
    changed.clear();
    const disk = files.length > 0 ? await memoryDisk(files) : undefined;
    const planned = await ready(study, disk);
    const backend = await backendOn(processor);
    training = new Training(backend, planned, {
      onEpoch(trials) {
        for (const trial of trials) changed.add(trial);
        flush(false);
      },
      onProgress(more) {
        examples += more;
        flush(false);
      },
      onPhase(phase: Phase) {
        flush(true);
        tell("phase", phase);
      },
      onFault: (error) => tell("fault", error instanceof Error ? error.message : String(error)),
    });
    const { plan, dataset, prepared } = planned;
    const { cohort: facts, classNames, training: data } = prepared(plan.cohorts[0]);
    const labels = trialLabels(plan.trials);
    const losses = [...new Set(plan.trials.map(({ loss }) => JSON.stringify(loss)))];
    const size = facts.shape.reduce((a, b) => a * b, 1);
    const take = (places: Uint32Array): { values: Uint8Array | Float32Array; labels: Uint8Array } => {
      const values = new (data.images.constructor as typeof Float32Array)(places.length * size);
      places.forEach((i, n) => {
        values.set(data.images.subarray(i * size, (i + 1) * size), n * size);
      });
      return { values, labels: Uint8Array.from(places, (i) => data.labels[i]) };
    };
    const points = size === 2 ? take(data.train.subarray(0, MOST_POINTS)) : null;
    const pictures =
      facts.shape.length === 3 && facts.pixels === "uint8" ? take(data.test.subarray(0, MOST_PICTURES)) : null;
    const shown: Shown = {
      trials: plan.trials.map(({ id, loss, seed }) => ({
        id,
        seed,
        loss: losses.indexOf(JSON.stringify(loss)),
        label: labels.get(id)!,
      })),
      classNames,
      shape: dataset.shape,
      counts: { train: data.train.length, test: data.test.length, perClass: facts.classCounts },
      cohorts: plan.cohorts.length,
      parameters: current().parameters(plan.trials[0].id),
      threads: processor === "wasm" ? threadsHere() : 1,
      points: points as Shown["points"],
      pictures: pictures as Shown["pictures"],
    };
    const memory = [points, pictures].flatMap((part) => (part ? [part.values.buffer, part.labels.buffer] : []));
    return new Transferred(shown, memory as Transferable[]);
  },
  run: () => current().run(),
  step: () => current().step(),
  pause: () => current().pause(),

  /** Decisions of trials as they stand: over the plane, or on the pictures that are shown. */
  async look(trials: string[]): Promise<Record<string, Decisions>> {
    const found: Record<string, Decisions> = {};
    const own = current();
    for (const trial of trials) {
      const { cohort: facts, training: data } = own.study.prepared(own.cohortOf(trial));
      const size = facts.shape.reduce((a, b) => a * b, 1);
      const inputs =
        size === 2
          ? gridInputs(extentOf(data.images), facts)
          : exampleInputs(data.test.subarray(0, MOST_PICTURES), facts, data);
      const logits = await own.logits(trial, inputs);
      if (logits) found[trial] = decisionsOf(logits, facts.classes);
    }
    return found;
  },

  csv: (): string => measuresCsv(current().results(), { history: true }),
  onnx: (trial: string): Uint8Array => current().onnx(trial),
  study: (study: Record<string, unknown>): string => stringify(study, { flowCollectionPadding: false }),
};

export type LaboratoryWorker = typeof handlers;
answer(handlers);
