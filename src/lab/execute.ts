/**
 * Carries a plan out:   plan → cohorts not yet trained → workers → epochs → store.
 * What was finished is kept at every moment; what was not is taken up from the last finished epoch.
 */
import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import type { Device, DeviceChoice } from "../run/devices.ts";
import type { RunInfo, Trial } from "../run/records.ts";
import type { Store } from "../store/store.ts";
import type { Plan } from "../study/plan.ts";
import { UserError } from "../util/errors.ts";
import { plural } from "../util/format.ts";
import { canonicalJson, contentHash } from "../util/hash.ts";
import { environmentOn } from "./environment.ts";
import type { RunEvent } from "./events.ts";
import { type Job, jobsOf } from "./job.ts";
import { GO, PAUSE, STOP } from "./messages.ts";
import { carryOut, giveUp, type Serving, startThread, type Thread, threadOf } from "./thread.ts";
import { inPortions, isRunOf, type Work, workOf } from "./work.ts";

export type { RunEvent };

/** Tells the listener when the run is to pause, and when it is to go on. */
export type Pausing = (listener: (paused: boolean) => void) => void;

/** Does jobs, and comes back when all of them have ended or the run is to stop. */
export type Crew = (jobs: readonly Job[], serving: Serving) => Promise<void>;

export interface ExecuteOptions {
  store: Store;
  /** Prepared data of each data specification, for a seed. */
  prepared: Serving["prepared"];
  /** How the plan's device came about. */
  device?: DeviceChoice;
  workers?: number;
  /** A worker that was started before, to be ready sooner; it ends with the run. */
  worker?: Worker;
  modules?: readonly string[];
  onEvent?: (event: RunEvent) => void;
  /** Stops the run at the next step; what was finished is kept. */
  signal?: AbortSignal;
  /** Holds the run at the next step, everything in memory. */
  pausing?: Pausing;
  /** Whether an interrupted run of the same study is left as it is where the data are not the ones that it began with. */
  acceptChangedData?: boolean;
  /** Does the jobs instead of threads here. */
  crew?: Crew;
  /** All trials that may follow, by their ids: an unfinished run of such trials takes the plan's in, and remains unfinished. */
  growing?: ReadonlySet<string>;
}

export interface Execution {
  run: RunInfo;
  /** Whether the signal ended it. */
  interrupted: boolean;
  /** Errors of cohorts that failed, with their stacks. */
  failures: { trials: string[]; message: string; stack: string }[];
  /** Trials about which not all could be found out that the study asks. */
  unexamined: { trials: string[]; reason: string }[];
}

/** One for each core; a device of its own is one, whoever feeds it. */
export const defaultWorkers = (device: Device): number => (device === "cpu" ? Math.max(1, availableParallelism()) : 1);

/**
 * The run to go on with: the newest of this study if it was interrupted and has these trials or, where it grows, asked the same and can
 * take them in; else a new one.
 */
async function runFor(plan: Plan, device: DeviceChoice, options: ExecuteOptions): Promise<RunInfo> {
  const { store, growing } = options;
  const trials = plan.trials.map((t) => t.id);
  const runs = await store.runs();
  const [newest] = runs;
  const latest = runs.find((r) => r.study === plan.study.name);
  if (latest && latest.state !== "finished") {
    const known = await store.run(latest.id);
    if (isRunOf(plan, known)) return known;
    const same = canonicalJson(known.spec) === canonicalJson(plan.study.said);
    if (growing && same && known.trials.every((id) => growing.has(id))) {
      await store.extendRun(known.id, plan.trials);
      return store.run(known.id);
    }
    if (same && !options.acceptChangedData) await refuseChangedData(plan, known.id, store);
  }
  // A clock that was set back does not make this run older than those before it.
  const startedAt = new Date(Math.max(Date.now(), newest ? Date.parse(newest.startedAt) + 1 : 0));
  const stamp = startedAt.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  const run: RunInfo = {
    id: `${stamp}-${contentHash({ trials, at: startedAt.getTime(), process: process.pid }).slice(0, 4)}`,
    study: plan.study.name,
    spec: plan.study.said,
    startedAt: startedAt.toISOString(),
    finishedAt: null,
    state: "running",
    environment: environmentOn(device),
    trials,
  };
  await store.createRun(run, plan.trials);
  return run;
}

/** A run that was interrupted goes on with the data that it began with, or not at all. */
async function refuseChangedData({ study, trials }: Plan, run: string, store: Store): Promise<void> {
  const versionOf = (data: Trial["data"]): [string, string] => [String(data.set), String(data.version)];
  const now = new Map(trials.map((trial) => versionOf(trial.data)));
  const begun = (await store.results(run, { history: false })).trials.filter((t) => t.status !== "planned");
  for (const [set, version] of begun.map(({ trial }) => versionOf(trial.data))) {
    const found = now.get(set);
    if (found === undefined || found === version) continue;
    throw new UserError(
      `data ${set} are not those with which run ${run} of study ${study.name} began: their hash was ${version.slice(0, 16)} and is ${found.slice(0, 16)}`,
      undefined,
      "bring the data back to go on with that run, or begin another with --accept-changed-data",
    );
  }
}

export async function execute(plan: Plan, options: ExecuteOptions): Promise<Execution> {
  const { store, prepared, onEvent = () => {}, signal, modules = [] } = options;
  const { device = { asked: plan.device, used: plan.device } } = options;
  if (!options.crew) await refuseQueued(plan, store);
  /** Whether the run goes on without this process: its jobs close it. */
  const isLeft = options.crew !== undefined && !inPortions(plan);
  const run = await runFor(plan, device, options);
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const halt = (): void => {
    Atomics.store(stop, 0, STOP);
    Atomics.notify(stop, 0);
  };
  let lost = false;
  const lock = await store.acquireRunLock(run.id, () => {
    lost = true;
    halt();
  });
  const failures: Execution["failures"] = [];
  const ready: Thread[] = options.worker ? [threadOf(options.worker)] : [];
  const unexamined: Execution["unexamined"] = [];
  try {
    await store.updateRun(run.id, { state: "running" });
    let states: Promise<void> = Promise.resolve();
    options.pausing?.((paused) => {
      const [from, to] = paused ? [GO, PAUSE] : [PAUSE, GO];
      if (Atomics.compareExchange(stop, 0, from, to) !== from) return; // it is ending
      Atomics.notify(stop, 0);
      states = states.then(() => store.updateRun(run.id, { state: paused ? "paused" : "running" }));
      states.catch(() => {}); // awaited at the end
    });
    if (signal?.aborted) halt();
    signal?.addEventListener("abort", halt, { once: true });
    const over = (): boolean => Atomics.load(stop, 0) === STOP || failures.length > 0;
    const doWork = async (work: Work): Promise<void> => {
      const ids = work.trials.map((t) => t.id);
      const known = await store.findTrials(ids);
      const asked = work.stage?.purpose === "tuning" ? [] : plan.study.observe.last;
      const { cohorts, jobs } = jobsOf(work, known, asked);
      const workers = options.crew
        ? await threadsElsewhere(store)
        : Math.min(options.workers ?? defaultWorkers(plan.device), jobs.length);
      const epochs = cohorts.reduce((total, c) => total + c.epochs + c.epochsBefore, 0);
      const counts = { trials: ids.length, known: known.size, cohorts: cohorts.length, workers, epochs };
      onEvent({ kind: "started", run, device, ...counts, ...(work.stage && { stage: work.stage }) });
      const trials = new Map(work.trials.map((t) => [t.id, t]));
      const serving: Serving = { store, run: run.id, trials, prepared, modules, onEvent, failures, unexamined, stop };
      if (options.crew) return options.crew(jobs, serving);
      // All of them have ended before an error is told: a process that ends while a thread computes crashes.
      const served = await Promise.allSettled(Array.from({ length: workers }, () => serve(jobs, ready, serving)));
      for (const { reason } of served.filter((outcome) => outcome.status === "rejected")) throw reason;
    };
    try {
      for await (const work of workOf(plan, store, run.id)) {
        await doWork(work);
        if (over()) break;
      }
    } finally {
      signal?.removeEventListener("abort", halt);
    }
    await states;
    if (lost) {
      throw new UserError(
        `run ${run.id} was taken over by another process, because this one was not heard of for too long`,
        undefined,
        "what it had finished is kept",
      );
    }

    const interrupted = Atomics.load(stop, 0) === STOP;
    const end = interrupted || failures.length > 0 || options.growing ? "interrupted" : "finished";
    const state = interrupted && isLeft ? "running" : end;
    const finishedAt = state === "finished" ? new Date().toISOString() : null;
    if (state !== "running") await store.updateRun(run.id, { state, finishedAt });
    const { trials } = await store.run(run.id);
    const after: RunInfo = { ...run, trials, state, finishedAt };
    if (!options.growing) onEvent({ kind: "finished", run: after });
    return { run: after, interrupted, failures, unexamined };
  } catch (error) {
    if (!lost && !isLeft) await store.updateRun(run.id, { state: "interrupted" }).catch(() => {}); // the store may be what failed
    throw error;
  } finally {
    for (const { worker } of ready) await worker.terminate();
    await lock.release().catch(() => {}); // of a process that has ended it is free
  }
}

/** A study whose cohorts are in the queue is trained by workers. */
async function refuseQueued({ study }: Plan, store: Store): Promise<void> {
  const open = await store.openJobs(study.name);
  if (open === 0) return;
  throw new UserError(
    `study ${study.name} has ${plural(open, "job")} in this store's queue`,
    undefined,
    "--queue waits for them; `losslab cancel` takes them out",
  );
}

/** Threads of workers that wait for jobs or do them. */
const threadsElsewhere = async (store: Store): Promise<number> =>
  (await store.workers()).reduce((sum, { alive, threads }) => sum + (alive ? threads : 0), 0);

/** One thread for as long as there is something to do. */
async function serve(jobs: Job[], ready: Thread[], serving: Serving): Promise<void> {
  const thread = ready.pop() ?? startThread();
  try {
    for (let next = jobs.shift(); next && Atomics.load(serving.stop, 0) !== STOP; next = jobs.shift()) {
      await carryOut(next, thread, serving);
    }
    ready.push(thread); // for the next stage
  } catch (error) {
    giveUp(thread.worker, serving); // the store failed: the other threads need not go on
    await thread.worker.terminate();
    throw error;
  }
}
