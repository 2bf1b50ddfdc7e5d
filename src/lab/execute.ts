/**
 * Carries a plan out:   plan → cohorts not yet trained → workers → epochs → store.
 * What was finished is kept at every moment; what was not is taken up from the last finished epoch.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { RunInfo, Trial } from "../run/records.ts";
import type { Store } from "../store/store.ts";
import { cohortId, ENGINE_VERSION, type Plan, type PlannedCohort } from "../study/plan.ts";
import { contentHash } from "../util/hash.ts";
import { environment } from "./environment.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./messages.ts";
import type { PreparedData } from "./prepare.ts";

/** What happens while a study runs, for whoever shows it. */
export type RunEvent =
  | { kind: "started"; run: RunInfo; trials: number; known: number; cohorts: number; workers: number; epochs: number }
  | { kind: "resumed"; cohort: string; epoch: number; trials: string[] }
  | { kind: "discarded"; cohort: string; reason: string }
  | { kind: "progress"; examples: number }
  | { kind: "epoch"; cohort: string; epoch: number; records: Extract<FromWorker, { kind: "epoch" }>["records"] }
  | { kind: "trial"; trial: string; status: "done" | "diverged" | "failed"; reason: string | null }
  | { kind: "finished"; run: RunInfo };

export interface ExecuteOptions {
  store: Store;
  /** Prepared data of each data specification. */
  prepared: (spec: PlannedCohort["data"]) => PreparedData;
  workers?: number;
  modules?: readonly string[];
  onEvent?: (event: RunEvent) => void;
  /** Stops the run at the next step; what was finished is kept. */
  signal?: AbortSignal;
}

export interface Execution {
  run: RunInfo;
  /** Whether the signal ended it. */
  interrupted: boolean;
  /** Errors of cohorts that failed, with their stacks. */
  failures: { trials: string[]; message: string; stack: string }[];
}

export const defaultWorkers = (): number => Math.max(1, availableParallelism());

const workerFile = (): URL => {
  // Sources are run by tests and tools; a worker thread needs what was built from them.
  const here = import.meta.url;
  return here.includes("/src/") ? new URL("../../dist/worker.js", here) : new URL("./worker.js", here);
};

/** The run to go on with: the newest of this study and these trials if it was interrupted; else a new one. */
async function runFor(plan: Plan, store: Store): Promise<RunInfo> {
  const trials = plan.trials.map((t) => t.id);
  const [latest] = (await store.runs()).filter((r) => r.study === plan.study.name);
  if (latest && latest.state !== "finished") {
    const known = await store.run(latest.id);
    if (String(known.trials) === String(trials)) return known;
  }
  const startedAt = new Date();
  const stamp = startedAt.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  const run: RunInfo = {
    id: `${stamp}-${contentHash({ trials, at: startedAt.getTime(), process: process.pid }).slice(0, 4)}`,
    study: plan.study.name,
    spec: plan.study.said,
    startedAt: startedAt.toISOString(),
    finishedAt: null,
    state: "running",
    environment: environment(),
    trials,
  };
  await store.createRun(run, plan.trials);
  return run;
}

/** A cohort without the trials that are in the store already; another cohort then, with an identity of its own. */
function remaining(cohort: PlannedCohort, known: ReadonlyMap<string, unknown>): PlannedCohort | null {
  const trials = cohort.trials.filter((id) => !known.has(id));
  if (trials.length === 0) return null;
  if (trials.length === cohort.trials.length) return cohort;
  return { ...cohort, trials, id: cohortId(trials) };
}

export async function execute(plan: Plan, options: ExecuteOptions): Promise<Execution> {
  const { store, prepared, onEvent = () => {}, signal, modules = [] } = options;
  const run = await runFor(plan, store);
  const lock = await store.acquireRunLock(run.id);
  const failures: Execution["failures"] = [];
  try {
    await store.updateRun(run.id, { state: "running" });
    const known = await store.findTrials(run.trials);
    const cohorts = plan.cohorts
      .map((cohort) => remaining(cohort, known))
      .filter((cohort) => cohort !== null)
      .sort((a, b) => b.work - a.work);
    const workers = Math.min(options.workers ?? defaultWorkers(), cohorts.length);
    const epochs = cohorts.reduce((total, c) => total + c.epochs, 0);
    onEvent({
      kind: "started",
      run,
      trials: run.trials.length,
      known: known.size,
      cohorts: cohorts.length,
      workers,
      epochs,
    });

    const byId = new Map(plan.trials.map((t) => [t.id, t]));
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const halt = (): void => {
      Atomics.store(stop, 0, 1);
    };
    if (signal?.aborted) halt();
    signal?.addEventListener("abort", halt, { once: true });
    const setup: WorkerSetup = { stop, modules };
    const queue = [...cohorts];
    const tasks = Array.from({ length: workers }, () =>
      serve(queue, setup, byId, { store, run, prepared, onEvent, failures, stop }),
    );
    try {
      await Promise.all(tasks);
    } finally {
      signal?.removeEventListener("abort", halt);
    }

    const interrupted = Atomics.load(stop, 0) === 1;
    const state = interrupted || failures.length > 0 ? "interrupted" : "finished";
    const finishedAt = state === "finished" ? new Date().toISOString() : null;
    await store.updateRun(run.id, { state, finishedAt });
    const after = { ...run, state, finishedAt } as RunInfo;
    onEvent({ kind: "finished", run: after });
    return { run: after, interrupted, failures };
  } finally {
    await lock.release();
  }
}

interface Serving {
  store: Store;
  run: RunInfo;
  prepared: ExecuteOptions["prepared"];
  onEvent: (event: RunEvent) => void;
  failures: Execution["failures"];
  stop: Int32Array;
}

/** One worker thread for as long as there are cohorts. */
async function serve(
  queue: PlannedCohort[],
  setup: WorkerSetup,
  trials: ReadonlyMap<string, Trial>,
  serving: Serving,
): Promise<void> {
  // Flags of the calling process, such as those of `node -e`, are not the worker's.
  const worker = new Worker(workerFile(), { workerData: setup, execArgv: [] });
  const sent = new Set<string>();
  const tell = (message: ToWorker): void => worker.postMessage(message);
  try {
    for (let next = queue.shift(); next && Atomics.load(serving.stop, 0) === 0; next = queue.shift()) {
      const key = JSON.stringify(next.data);
      if (!sent.has(key)) tell({ kind: "data", key, prepared: serving.prepared(next.data) });
      sent.add(key);
      await trainOn(worker, tell, next, key, trials, serving);
    }
  } catch (error) {
    Atomics.store(serving.stop, 0, 1); // the store failed: the other workers need not go on
    throw error;
  } finally {
    await worker.terminate();
  }
}

/** Where a cohort stands: at its checkpoint, or at the beginning if there is none that is sound. */
async function resumption(
  cohort: PlannedCohort,
  { store, run, onEvent }: Serving,
): Promise<Extract<ToWorker, { kind: "train" }>["resume"]> {
  const state = await store.startCohort({ id: cohort.id, run: run.id, trials: cohort.trials, model: ENGINE_VERSION });
  if (state.epochsDone === 0) return null;
  const read = state.checkpoint
    ? await store.readCheckpoint(state.checkpoint)
    : { checkpoint: null, reason: "no checkpoint was kept" };
  if (!read.checkpoint || !state.checkpoint) {
    onEvent({ kind: "discarded", cohort: cohort.id, reason: `${read.reason}; the cohort begins anew` });
    await store.discardEpochsAfter(cohort.id, 0);
    return null;
  }
  const { tensors, metadata } = read.checkpoint;
  await store.discardEpochsAfter(cohort.id, state.checkpoint.epoch);
  onEvent({ kind: "resumed", cohort: cohort.id, epoch: state.checkpoint.epoch, trials: cohort.trials });
  return {
    epoch: state.checkpoint.epoch,
    state: Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, t.data as Float32Array])),
    ended: new Map(Object.entries(JSON.parse(metadata.ended) as Record<string, string>)),
  };
}

async function trainOn(
  worker: Worker,
  tell: (message: ToWorker) => void,
  cohort: PlannedCohort,
  data: string,
  trials: ReadonlyMap<string, Trial>,
  serving: Serving,
): Promise<void> {
  const { store, onEvent, failures } = serving;
  const resume = await resumption(cohort, serving);
  await new Promise<void>((resolve, reject) => {
    const finish = (error?: unknown): void => {
      worker.off("message", receive);
      worker.off("error", finish);
      if (error) reject(error);
      else resolve();
    };
    // Messages are handled one after the other, whatever each of them waits for.
    let chain: Promise<void> = Promise.resolve();
    const receive = (message: FromWorker): void => {
      chain = chain.then(() => handle(message)).catch(finish);
    };
    const handle = async (message: FromWorker): Promise<void> => {
      switch (message.kind) {
        case "progress":
          onEvent({ kind: "progress", examples: message.examples });
          return;
        case "epoch": {
          const tensors = Object.fromEntries(
            Object.entries(message.state).map(([name, t]) => [
              name,
              { dtype: "F32" as const, shape: [...t.shape], data: t.data as Float32Array<ArrayBuffer> },
            ]),
          );
          const metadata = { epoch: String(message.epoch), ended: JSON.stringify(Object.fromEntries(message.ended)) };
          const checkpoint = await store.writeCheckpoint(cohort.id, message.epoch, tensors, metadata);
          await store.saveEpoch(cohort.id, message.epoch, message.records, checkpoint);
          tell({ kind: "stored" });
          onEvent({ kind: "epoch", cohort: cohort.id, epoch: message.epoch, records: message.records });
          return;
        }
        case "trained":
        case "failed": {
          const ended = message.kind === "trained" ? message.ended : new Map<string, string>();
          const outcomes = cohort.trials.map((trial) => {
            if (message.kind === "failed") return { trial, status: "failed" as const, reason: message.message };
            const reason = ended.get(trial) ?? null;
            return { trial, status: reason === null ? ("done" as const) : ("diverged" as const), reason };
          });
          if (message.kind === "failed")
            failures.push({ trials: cohort.trials, message: message.message, stack: message.stack });
          await store.finishTrials(cohort.id, outcomes);
          for (const outcome of outcomes) onEvent({ kind: "trial", ...outcome });
          finish();
          return;
        }
        case "stopped":
          finish();
      }
    };
    worker.on("message", receive);
    worker.on("error", finish);
    const members = cohort.trials.map((id) => trials.get(id)!);
    tell({ kind: "train", cohort: cohort.id, data, trials: members, threads: cohort.threads, resume });
  });
}
