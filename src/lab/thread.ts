/** One job on one thread: what it needs is sent there, and what comes back is stored at once, epoch by epoch. */
import type { Worker } from "node:worker_threads";
import { questionKey } from "../run/observations.ts";
import type { Trial } from "../run/records.ts";
import type { CohortState, Store } from "../store/store.ts";
import { questionsFor } from "../study/observe.ts";
import { ENGINE_VERSION, type PlannedCohort } from "../study/plan.ts";
import type { RunEvent } from "./events.ts";
import { type ExamineJob, examinationOf, type Job } from "./job.ts";
import { type Examinee, type FromWorker, STOP, type ToWorker } from "./messages.ts";
import type { PreparedData } from "./prepare.ts";
import { startWorker } from "./start-worker.ts";
import { type NetworkInputs, networkInputs, trainedBy } from "./trained.ts";

/** What jobs are done with, and for whom. */
export interface Serving {
  store: Store;
  /** The id of the run that they are of. */
  run: string;
  /** The trials that they name. */
  trials: ReadonlyMap<string, Trial>;
  prepared: (spec: PlannedCohort["data"], seed: number) => PreparedData;
  /** Modules of the user's own losses. */
  modules: readonly string[];
  onEvent: (event: RunEvent) => void;
  /** Errors of cohorts that failed, with their stacks; added to. */
  failures: { trials: string[]; message: string; stack: string }[];
  /** Trials about which not all could be found out that the study asks; added to. */
  unexamined: { trials: string[]; reason: string }[];
  /** What the thread reads before each step: one of `GO`, `STOP`, `PAUSE`. */
  stop: Int32Array;
}

/** A thread that waits for something to do, and the keys of data and images that it has. */
export interface Thread {
  worker: Worker;
  sent: Set<string>;
  /** Why it is no more; null while it is. */
  ended: Error | null;
}

/** A thread from a worker that was just started. */
export function threadOf(worker: Worker): Thread {
  const thread: Thread = { worker, sent: new Set(), ended: null };
  worker.once("exit", (code) => {
    thread.ended = new Error(`a training thread ended by itself, with code ${code}`);
  });
  return thread;
}

export const startThread = (): Thread => threadOf(startWorker());

/** Does a job, unless it is told to stop meanwhile. What is stored is whole at every moment. */
export async function carryOut(job: Job, thread: Thread, serving: Serving): Promise<void> {
  const { worker, sent } = thread;
  const examination = job.kind === "examine" ? job : examinationOf(job);
  const examinees = job.kind === "examine" ? await examineesOf(examination, serving) : [];
  if (job.kind === "examine" && examinees.length === 0) return;
  const tell = (message: ToWorker, transfer: ArrayBuffer[] = []): void => worker.postMessage(message, transfer);
  tell({ kind: "begin", setup: { stop: serving.stop, modules: serving.modules } });
  const { training, ...prepared } = serving.prepared(examination.data, examination.seed);
  const { images, ...labels } = training;
  const { key, pool } = prepared;
  if (!sent.has(pool)) {
    const own = images.slice(); // handed over: a message would be copied twice
    tell({ kind: "images", pool, images: own }, [own.buffer]);
  }
  if (!sent.has(key)) tell({ kind: "data", prepared: { ...prepared, training: labels } });
  sent.add(pool).add(key);
  if (job.kind === "train") {
    const trained = await trainOn(thread, tell, job.cohort, { key, fed: networkInputs(prepared) }, serving);
    if (trained) examinees.push(...(await examineesOf(examination, serving)));
  }
  if (examinees.length > 0) await examineOn(thread, tell, key, examinees, serving);
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
  const state = await store.startCohort({ id: cohort.id, run, trials: cohort.trials, model: ENGINE_VERSION });
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
export function giveUp(worker: Worker, { stop }: Pick<Serving, "stop">): void {
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
  thread: Thread,
  serving: Pick<Serving, "stop">,
  begin: () => void,
  handle: (message: FromWorker) => Promise<R | undefined>,
): Promise<R> {
  const { worker } = thread;
  return new Promise<R>((resolve, reject) => {
    const finish = (end: () => void): void => {
      worker.off("message", receive);
      worker.off("error", fail);
      worker.off("exit", leave);
      end();
    };
    const fail = (error: unknown): void => finish(() => reject(error));
    const leave = (): void => fail(thread.ended);
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
    worker.on("exit", leave);
    // Between two jobs nobody listens.
    if (thread.ended) leave();
    else begin();
  });
}

/** @returns whether the training came to its end */
async function trainOn(
  thread: Thread,
  tell: (message: ToWorker) => void,
  cohort: PlannedCohort,
  data: { key: string; fed: NetworkInputs },
  serving: Serving,
): Promise<boolean> {
  const { store, trials, onEvent, failures } = serving;
  const resume = await resumption(cohort, serving);
  const members = cohort.trials.map((id) => trials.get(id)!);
  const begin = (): void =>
    tell({ kind: "train", cohort: cohort.id, data: data.key, trials: members, threads: cohort.threads, resume });
  return converse(thread, serving, begin, async (message) => {
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
  { cohort, trials: ids, asked }: ExamineJob,
  { store, trials, unexamined, onEvent }: Serving,
): Promise<Examinee[]> {
  const finished = await store.findTrials(ids);
  const done = ids.filter((id) => finished.get(id)?.status === "done");
  const answered = await store.answeredQuestions(done);
  const open = done.flatMap((id) => {
    const trial = trials.get(id)!;
    const own = questionsFor(trial.data as never, asked).filter((q) => !answered.get(id)!.has(questionKey(q)));
    return own.length > 0 ? [{ trial, questions: own }] : [];
  });
  if (open.length === 0) return [];
  const leaveOut = (reason: string): [] => {
    const found = { trials: open.map((o) => o.trial.id), reason };
    unexamined.push(found);
    onEvent({ kind: "unexamined", ...found });
    return [];
  };
  const { trained, reason } = await trainedBy(store, cohort);
  if (!trained) return leaveOut(reason);
  const { epoch, stateOf } = trained;
  return open.map(({ trial, questions }) => ({ trial, epoch, questions, state: stateOf(trial.id) }));
}

async function examineOn(
  thread: Thread,
  tell: (message: ToWorker) => void,
  data: string,
  examinees: readonly Examinee[],
  serving: Serving,
): Promise<void> {
  const { store, onEvent, failures } = serving;
  await converse(
    thread,
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
