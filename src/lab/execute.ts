/**
 * Carries a plan out:   plan → cohorts not yet trained → workers → epochs → store.
 * What was finished is kept at every moment; what was not is taken up from the last finished epoch.
 */
import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import type { Device, DeviceChoice } from "../run/devices.ts";
import { type Question, questionKey } from "../run/observations.ts";
import type { RunInfo, Trial } from "../run/records.ts";
import type { CohortState, Store } from "../store/store.ts";
import { questionsFor } from "../study/observe.ts";
import { cohortId, ENGINE_VERSION, type Plan, type PlannedCohort } from "../study/plan.ts";
import { UserError } from "../util/errors.ts";
import { canonicalJson, contentHash } from "../util/hash.ts";
import { environmentOn } from "./environment.ts";
import { type Examinee, type FromWorker, GO, PAUSE, STOP, type ToWorker, type WorkerSetup } from "./messages.ts";
import type { PreparedData } from "./prepare.ts";
import { startWorker } from "./start-worker.ts";
import { type NetworkInputs, networkInputs, trainedBy } from "./trained.ts";
import { isRunOf, type StageInfo, type Work, workOf } from "./work.ts";

/** What happens while a study runs, for whoever shows it. */
export type RunEvent =
  | {
      kind: "started";
      run: RunInfo;
      device: DeviceChoice;
      trials: number;
      known: number;
      cohorts: number;
      workers: number;
      epochs: number;
      /** Of a study that tunes: what begins now, of several. The counts are the stage's own. */
      stage?: StageInfo;
    }
  /** `epoch` counts from 1; up to 0 are those of a training before, which had `before` of them. */
  | { kind: "resumed"; cohort: string; epoch: number; before: number; trials: string[] }
  | { kind: "discarded"; cohort: string; reason: string }
  | { kind: "progress"; examples: number }
  | { kind: "epoch"; cohort: string; epoch: number; records: Extract<FromWorker, { kind: "epoch" }>["records"] }
  | { kind: "trial"; trial: string; status: "done" | "diverged" | "failed"; reason: string | null }
  /** What the study asks of a trained trial has been answered. */
  | { kind: "examined"; trial: string; answers: number }
  /** It cannot be answered, and why. */
  | { kind: "unexamined"; trials: string[]; reason: string }
  | { kind: "finished"; run: RunInfo };

/** Tells the listener when the run is to pause, and when it is to go on. */
export type Pausing = (listener: (paused: boolean) => void) => void;

export interface ExecuteOptions {
  store: Store;
  /** Prepared data of each data specification, for a seed. */
  prepared: (spec: PlannedCohort["data"], seed: number) => PreparedData;
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
  const [newest] = await store.runs();
  const [latest] = (await store.runs()).filter((r) => r.study === plan.study.name);
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

/** A cohort without the trials that are in the store already; another cohort then, with an identity of its own. */
function remaining(cohort: PlannedCohort, known: ReadonlyMap<string, unknown>): PlannedCohort | null {
  const trials = cohort.trials.filter((id) => !known.has(id));
  if (trials.length === 0) return null;
  if (trials.length === cohort.trials.length) return cohort;
  return { ...cohort, trials, id: cohortId(trials) };
}

/** Trained trials of one cohort of the store, about which the study may ask more than is known. */
interface Examination {
  /** The cohort that trained them. */
  cohort: string;
  trials: string[];
  data: PlannedCohort["data"];
  /** Of the data's conditions. */
  seed: number;
}

type Job = { kind: "train"; cohort: PlannedCohort } | { kind: "examine"; examination: Examination };

/** The trials that were trained before, by the cohorts that trained them. */
function examinations({ cohorts }: Work, known: ReadonlyMap<string, { cohort: string | null }>): Examination[] {
  const found = new Map<string, Examination>();
  for (const { trials, data, seed } of cohorts) {
    for (const trial of trials) {
      const cohort = known.get(trial)?.cohort;
      if (!cohort) continue;
      const key = JSON.stringify([cohort, data, seed]);
      found.set(key, { cohort, data, seed, trials: [...(found.get(key)?.trials ?? []), trial] });
    }
  }
  return [...found.values()];
}

export async function execute(plan: Plan, options: ExecuteOptions): Promise<Execution> {
  const { store, prepared, onEvent = () => {}, signal, modules = [] } = options;
  const { device = { asked: plan.device, used: plan.device } } = options;
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
  const ready: ReadyWorker[] = options.worker ? [{ worker: options.worker, sent: new Set() }] : [];
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
    const carryOut = async (work: Work): Promise<void> => {
      const ids = work.trials.map((t) => t.id);
      const known = await store.findTrials(ids);
      const cohorts = work.cohorts
        .map((cohort) => remaining(cohort, known))
        .filter((cohort) => cohort !== null)
        .sort((a, b) => b.work - a.work);
      const queue: Job[] = [
        ...cohorts.map((cohort): Job => ({ kind: "train", cohort })),
        ...examinations(work, known).map((examination): Job => ({ kind: "examine", examination })),
      ];
      const workers = Math.min(options.workers ?? defaultWorkers(plan.device), queue.length);
      const epochs = cohorts.reduce((total, c) => total + c.epochs + c.epochsBefore, 0);
      const counts = { trials: ids.length, known: known.size, cohorts: cohorts.length, workers, epochs };
      onEvent({ kind: "started", run, device, ...counts, ...(work.stage && { stage: work.stage }) });
      const byId = new Map(work.trials.map((t) => [t.id, t]));
      const asked = work.stage?.purpose === "tuning" ? [] : plan.study.observe.last;
      const questions = new Map(work.trials.map((t) => [t.id, questionsFor(t.data as never, asked)]));
      const setup: WorkerSetup = { stop, modules };
      const serving = { store, run, prepared, onEvent, failures, unexamined, questions, stop, ready };
      // All of them have ended before an error is told: a process that ends while a thread computes crashes.
      const served = await Promise.allSettled(
        Array.from({ length: workers }, () => serve(queue, setup, byId, serving)),
      );
      for (const { reason } of served.filter((outcome) => outcome.status === "rejected")) throw reason;
    };
    try {
      for await (const work of workOf(plan, store, run.id)) {
        await carryOut(work);
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
    const state = interrupted || failures.length > 0 || options.growing ? "interrupted" : "finished";
    const finishedAt = state === "finished" ? new Date().toISOString() : null;
    await store.updateRun(run.id, { state, finishedAt });
    const { trials } = await store.run(run.id);
    const after: RunInfo = { ...run, trials, state, finishedAt };
    if (!options.growing) onEvent({ kind: "finished", run: after });
    return { run: after, interrupted, failures, unexamined };
  } catch (error) {
    if (!lost) await store.updateRun(run.id, { state: "interrupted" }).catch(() => {}); // the store may be what failed
    throw error;
  } finally {
    for (const { worker } of ready) await worker.terminate();
    await lock.release().catch(() => {}); // of a process that has ended it is free
  }
}

interface Serving {
  store: Store;
  run: RunInfo;
  prepared: ExecuteOptions["prepared"];
  onEvent: (event: RunEvent) => void;
  failures: Execution["failures"];
  unexamined: Execution["unexamined"];
  /** What the study asks of each trial once it is trained. */
  questions: ReadonlyMap<string, readonly Question[]>;
  stop: Int32Array;
  /** Workers that have nothing to do. */
  ready: ReadyWorker[];
}

/** A worker that waits for something to do, and the keys of data and images that it has. */
interface ReadyWorker {
  worker: Worker;
  sent: Set<string>;
}

/** One worker thread for as long as there is something to do. */
async function serve(
  queue: Job[],
  setup: WorkerSetup,
  trials: ReadonlyMap<string, Trial>,
  serving: Serving,
): Promise<void> {
  const ready = serving.ready.pop() ?? { worker: startWorker(), sent: new Set() };
  const { worker, sent } = ready;
  const tell = (message: ToWorker, transfer: ArrayBuffer[] = []): void => worker.postMessage(message, transfer);
  tell({ kind: "begin", setup });
  try {
    for (let next = queue.shift(); next && Atomics.load(serving.stop, 0) !== STOP; next = queue.shift()) {
      const examination =
        next.kind === "examine"
          ? next.examination
          : { cohort: next.cohort.id, data: next.cohort.data, seed: next.cohort.seed, trials: next.cohort.trials };
      const examinees = next.kind === "examine" ? await examineesOf(examination, trials, serving) : [];
      if (next.kind === "examine" && examinees.length === 0) continue;
      const { training, ...prepared } = serving.prepared(examination.data, examination.seed);
      const { images, ...labels } = training;
      const { key, pool } = prepared;
      if (!sent.has(pool)) {
        const own = images.slice(); // handed over: a message would be copied twice
        tell({ kind: "images", pool, images: own }, [own.buffer]);
      }
      if (!sent.has(key)) tell({ kind: "data", prepared: { ...prepared, training: labels } });
      sent.add(pool).add(key);
      if (next.kind === "train") {
        const fed = networkInputs(prepared);
        const trained = await trainOn(worker, tell, next.cohort, { key, fed }, trials, serving);
        if (trained) examinees.push(...(await examineesOf(examination, trials, serving)));
      }
      if (examinees.length > 0) await examineOn(worker, tell, key, examinees, serving);
    }
    serving.ready.push(ready); // for the next stage
  } catch (error) {
    giveUp(worker, serving); // the store failed: the other workers need not go on
    await worker.terminate();
    throw error;
  }
}

/** The newest checkpoint of a cohort that is sound; of the others, why they are not. */
async function soundCheckpoint({ checkpoint, previous }: CohortState, store: Store) {
  const reasons: string[] = [];
  for (const at of [checkpoint, previous]) {
    if (!at) continue;
    const read = await store.readCheckpoint(at);
    if (read.checkpoint) return { epoch: at.epoch, ...read.checkpoint, reasons };
    reasons.push(read.reason);
  }
  return { epoch: null, reasons: reasons.length > 0 ? reasons : ["no checkpoint was kept"] };
}

/** Where a cohort stands: at its newest checkpoint that is sound, or at the beginning if there is none. */
async function resumption(
  cohort: PlannedCohort,
  { store, run, onEvent }: Serving,
): Promise<Extract<ToWorker, { kind: "train" }>["resume"]> {
  const state = await store.startCohort({ id: cohort.id, run: run.id, trials: cohort.trials, model: ENGINE_VERSION });
  if (state.epochsDone === 0 && !state.checkpoint) return null;
  const found = await soundCheckpoint(state, store);
  const { reasons } = found;
  if (found.epoch === null) {
    onEvent({ kind: "discarded", cohort: cohort.id, reason: `${reasons.join("; ")}; the cohort begins anew` });
    await store.discardEpochsAfter(cohort.id, 0);
    return null;
  }
  const { epoch, tensors, metadata } = found;
  if (reasons.length > 0) {
    onEvent({
      kind: "discarded",
      cohort: cohort.id,
      reason: `${reasons.join("; ")}; the cohort goes on from the checkpoint before`,
    });
  }
  await store.discardEpochsAfter(cohort.id, epoch);
  onEvent({ kind: "resumed", cohort: cohort.id, epoch, before: cohort.epochsBefore, trials: cohort.trials });
  return {
    epoch,
    state: Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, t.data as Float32Array])),
    ended: new Map(Object.entries(JSON.parse(metadata.ended) as Record<string, string>)),
  };
}

/** All workers are to stop at the next step; this one does not wait for an epoch that cannot be stored. */
function giveUp(worker: Worker, { stop }: Pick<Serving, "stop">): void {
  Atomics.store(stop, 0, STOP);
  Atomics.notify(stop, 0);
  worker.postMessage({ kind: "stored" } satisfies ToWorker);
}

/** After one of these a worker waits to be told what to do next. */
const LAST: readonly FromWorker["kind"][] = ["trained", "examined", "stopped", "failed"];

/**
 * Tells a worker something and handles its messages one after the other, until `handle` gives the result of the whole. Where `handle`
 * fails, the worker is first stopped: a thread that is ended while it computes takes the process with it.
 */
function converse<R>(
  worker: Worker,
  serving: Pick<Serving, "stop">,
  begin: () => void,
  handle: (message: FromWorker) => Promise<R | undefined>,
): Promise<R> {
  return new Promise<R>((resolve, reject) => {
    const finish = (end: () => void): void => {
      worker.off("message", receive);
      worker.off("error", fail);
      end();
    };
    const fail = (error: unknown): void => finish(() => reject(error));
    let chain: Promise<void> = Promise.resolve();
    let idle = false;
    let failure: { error: unknown } | null = null;
    const receive = (message: FromWorker): void => {
      idle ||= LAST.includes(message.kind);
      chain = chain
        .then(() => (failure ? undefined : handle(message)))
        .then((result) => {
          if (result !== undefined) finish(() => resolve(result));
        })
        .catch((error) => {
          failure = { error };
          if (!idle) giveUp(worker, serving);
        })
        .then(() => {
          if (failure && idle) fail(failure.error);
        });
    };
    worker.on("message", receive);
    worker.on("error", fail);
    begin();
  });
}

/** @returns whether the training came to its end */
async function trainOn(
  worker: Worker,
  tell: (message: ToWorker) => void,
  cohort: PlannedCohort,
  data: { key: string; fed: NetworkInputs },
  trials: ReadonlyMap<string, Trial>,
  serving: Serving,
): Promise<boolean> {
  const { store, onEvent, failures } = serving;
  const resume = await resumption(cohort, serving);
  const members = cohort.trials.map((id) => trials.get(id)!);
  const begin = (): void =>
    tell({ kind: "train", cohort: cohort.id, data: data.key, trials: members, threads: cohort.threads, resume });
  return converse(worker, serving, begin, async (message) => {
    switch (message.kind) {
      case "progress":
        onEvent({ kind: "progress", examples: message.examples });
        return undefined;
      case "epoch": {
        const { epoch, records, observations, order, averaged, ended, state } = message;
        const tensors = Object.fromEntries(
          Object.entries(state).map(([name, t]) => [
            name,
            { dtype: "F32" as const, shape: [...t.shape], data: t.data as Float32Array<ArrayBuffer> },
          ]),
        );
        const metadata = {
          epoch: String(epoch),
          ended: JSON.stringify(Object.fromEntries(ended)),
          order: JSON.stringify(order),
          averaged: JSON.stringify(averaged),
          inputs: JSON.stringify(data.fed),
        };
        const checkpoint = await store.writeCheckpoint(cohort.id, epoch, tensors, metadata);
        await store.saveEpoch(cohort.id, epoch, records, checkpoint, observations);
        tell({ kind: "stored" });
        onEvent({ kind: "epoch", cohort: cohort.id, epoch, records });
        return undefined;
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
        return message.kind === "trained";
      }
      default:
        return false; // stopped
    }
  });
}

/** Those of the trials about which something is not known yet that the study asks, with the weights that they ended with. */
async function examineesOf(
  { cohort, trials: ids }: Examination,
  trials: ReadonlyMap<string, Trial>,
  { store, questions, unexamined, onEvent }: Serving,
): Promise<Examinee[]> {
  const finished = await store.findTrials(ids);
  const done = ids.filter((id) => finished.get(id)?.status === "done");
  const answered = await store.answeredQuestions(done);
  const open = done.flatMap((id) => {
    const own = questions.get(id)!.filter((q) => !answered.get(id)!.has(questionKey(q)));
    return own.length > 0 ? [{ trial: trials.get(id)!, questions: own }] : [];
  });
  if (open.length === 0) return [];
  const giveUp = (reason: string): [] => {
    const found = { trials: open.map((o) => o.trial.id), reason };
    unexamined.push(found);
    onEvent({ kind: "unexamined", ...found });
    return [];
  };
  const { trained, reason } = await trainedBy(store, cohort);
  if (!trained) return giveUp(reason);
  const { epoch, stateOf } = trained;
  return open.map(({ trial, questions }) => ({ trial, epoch, questions, state: stateOf(trial.id) }));
}

async function examineOn(
  worker: Worker,
  tell: (message: ToWorker) => void,
  data: string,
  examinees: readonly Examinee[],
  serving: Serving,
): Promise<void> {
  const { store, onEvent, failures } = serving;
  await converse(
    worker,
    serving,
    () => tell({ kind: "examine", data, trials: examinees }),
    async (message) => {
      switch (message.kind) {
        case "answers":
          await store.saveObservations(message.observations);
          onEvent({ kind: "examined", trial: message.trial, answers: message.observations.length });
          return undefined;
        case "failed":
          failures.push({ trials: examinees.map((e) => e.trial.id), message: message.message, stack: message.stack });
          return true;
        default:
          return true; // all examined, or stopped
      }
    },
  );
}
