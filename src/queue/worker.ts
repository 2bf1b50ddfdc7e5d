/**
 * A worker: takes jobs from a store's queue, as many at a time as it has threads, and says all the while that it lives.
 *
 *     queue → claim → data → thread → epochs, checkpoints → the end of the trials and of the job, in one transaction
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunEvent } from "../lab/events.ts";
import { type Job, remaining, type TrainJob } from "../lab/job.ts";
import { GO, STOP } from "../lab/messages.ts";
import { carryOut, type Serving, startThread, type Thread } from "../lab/thread.ts";
import type { Device } from "../run/devices.ts";
import type { Trial } from "../run/records.ts";
import { LostJob } from "../store/job-states.ts";
import type { WorkerInfo } from "../store/queue-listings.ts";
import type { Claim, Store } from "../store/store.ts";
import { UserError } from "../util/errors.ts";
import { plural } from "../util/format.ts";
import { dataFinder, type FindData, WrongData } from "./data.ts";
import { following, jobOf, toQueue, workVersion } from "./jobs.ts";

export type WorkerEvent =
  | { kind: "ready"; worker: string; threads: number }
  | { kind: "taken"; job: string; run: string; does: Job["kind"]; trials: number }
  | { kind: "ended"; job: string; run: string; how: "done" | "again" | "lost" | "stopped"; reason: string | null }
  | { kind: "refused"; run: string; reason: string }
  | { kind: "recovered"; jobs: number }
  | { kind: "run"; event: RunEvent };

export interface WorkerOptions {
  store: Store;
  /** Jobs that it does at a time. */
  threads: number;
  device: Device;
  dataDir?: string;
  /** After so long a silence it is believed dead. */
  leaseMs: number;
  /** Whether it ends when there is nothing left to do. */
  drain: boolean;
  /** Ends it at the next step of each job; what was finished is kept, and the jobs are given back. */
  signal: AbortSignal;
  onEvent: (event: WorkerEvent) => void;
  pollMs?: number;
}

/** A thread that does jobs of a run, and what finds data for them. */
interface JobThread extends Thread {
  run: string;
  data: FindData;
}

const POLL_MS = 1000;
const BEATS_IN_A_LEASE = 4;

/** @returns how many jobs it has done. Throws a UserError where jobs wait for a worker such as this that it cannot do. */
export async function work(options: WorkerOptions): Promise<number> {
  const { store, threads, device, leaseMs, drain, signal, onEvent, pollMs = POLL_MS } = options;
  const me: WorkerInfo = {
    id: randomUUID(),
    hostname: hostname(),
    pid: process.pid,
    threads,
    version: workVersion(),
    device,
    leaseMs,
  };
  const doing = new Map<string, { run: string; stop: Int32Array }>();
  const data = new Map<string, FindData>();
  const refused = new Map<string, WrongData>();
  const ending = new AbortController();
  let done = 0;

  const stopAll = (): void => {
    ending.abort();
    for (const { stop } of doing.values()) halt(stop);
  };
  if (signal.aborted) stopAll();
  signal.addEventListener("abort", stopAll, { once: true });

  /** What was read of the data of a run is kept as long as jobs of it are done here. */
  function dataOf(run: string): FindData {
    for (const other of [...data.keys()]) if (![...doing.values()].some((job) => job.run === other)) data.delete(other);
    const find = data.get(run) ?? dataFinder(options);
    data.set(run, find);
    return find;
  }

  async function slot(): Promise<void> {
    let thread = null as JobThread | null;
    try {
      while (!ending.signal.aborted) {
        const claim = await store.claim(randomUUID(), me, [...refused.keys()]);
        if (!claim) {
          if (await idle()) return;
          continue;
        }
        if (thread?.run !== claim.run) {
          await thread?.worker.terminate(); // with the data of another run
          thread = Object.assign(startThread(), { run: claim.run, data: dataOf(claim.run) });
        }
        const sound = await doJob(claim, thread);
        if (sound) continue;
        await thread.worker.terminate();
        thread = null;
      }
    } finally {
      await thread?.worker.terminate();
    }
  }

  /** @returns whether the thread can do more */
  async function doJob(claim: Claim, thread: JobThread): Promise<boolean> {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    Atomics.store(stop, 0, ending.signal.aborted ? STOP : GO);
    doing.set(claim.token, { run: claim.run, stop });
    const { job: id, run } = claim;
    const tell = (how: Extract<WorkerEvent, { kind: "ended" }>["how"], reason: string | null = null): void =>
      onEvent({ kind: "ended", job: id, run, how, reason });
    try {
      const outcome = await perform(claim, thread, stop, options);
      if (Atomics.load(stop, 0) === STOP) {
        // Where it was done just before, or is another's, this changes nothing.
        await store.giveBack(claim, "its worker was stopped", false);
        tell("stopped");
      } else if (outcome !== null) tell("again", outcome);
      else {
        done++;
        tell("done");
      }
      return true;
    } catch (error) {
      if (error instanceof LostJob) {
        tell("lost", error.message);
        return true;
      }
      if (error instanceof WrongData) {
        await store.giveBack(claim, `${hostname()}: ${error.message}`, false);
        refused.set(run, error);
        onEvent({ kind: "refused", run, reason: error.message });
        return true;
      }
      const reason = `${hostname()}: ${(error as Error).message}`;
      await store.giveBack(claim, reason, true);
      tell("again", reason);
      return false;
    } finally {
      doing.delete(claim.token);
    }
  }

  /** Nothing is there to be taken. @returns whether that is the end */
  async function idle(): Promise<boolean> {
    const open = await store.open();
    const waiting = open.filter((jobs) => jobs.state === "waiting" && jobs.device === device);
    const others = waiting.filter((jobs) => jobs.version !== me.version);
    const own = waiting.filter((jobs) => jobs.version === me.version);
    const wrong = own.flatMap(({ run }) => refused.get(run) ?? []);
    if (own.length === wrong.length) {
      if (wrong.length > 0) throw wrong[0];
      if (others.length > 0) {
        const jobs = others.reduce((sum, { jobs }) => sum + jobs, 0);
        throw new UserError(
          `${plural(jobs, "job")} of the queue must be done by ${others[0].version}; this is ${me.version}`,
          undefined,
          "install the same version here, or cancel the jobs and queue them with this one",
        );
      }
      if (drain && open.every((jobs) => jobs.device !== device)) return true;
    }
    await sleep(pollMs * (0.75 + Math.random() / 2), undefined, { signal: ending.signal }).catch(() => {});
    return false;
  }

  /** Says that this worker lives, hears which jobs are still its own, and takes those of the dead. */
  async function beat(): Promise<void> {
    const interval = leaseMs / BEATS_IN_A_LEASE;
    let listeningSince = performance.now();
    let last = performance.now();
    while (!over) {
      await sleep(interval, undefined, { signal: overSignal.signal }).catch(() => {});
      if (over) return;
      try {
        const before = [...doing];
        const mine = await store.beat(me);
        for (const [token, { stop }] of before) if (!mine.has(token) && doing.has(token)) halt(stop);
        const now = performance.now();
        // If the database was away, everybody was silent: they are listened for as long as from the beginning.
        if (now - last > 2 * interval) listeningSince = now;
        last = now;
        if (now - listeningSince < leaseMs) continue;
        const jobs = await store.recover();
        if (jobs > 0) onEvent({ kind: "recovered", jobs });
      } catch {
        // The next one may succeed; if none does, this worker's jobs are taken by others.
      }
    }
  }

  let over = false;
  const overSignal = new AbortController();
  await store.signOn(me);
  onEvent({ kind: "ready", worker: me.id, threads });
  const beating = beat();
  try {
    const slots = await Promise.allSettled(
      Array.from({ length: threads }, () =>
        slot().catch((error) => {
          stopAll(); // what one cannot do, the others need not try
          throw error;
        }),
      ),
    );
    for (const { reason } of slots.filter((outcome) => outcome.status === "rejected")) throw reason;
    return done;
  } finally {
    over = true;
    overSignal.abort();
    signal.removeEventListener("abort", stopAll);
    await beating;
    await store.signOff(me.id).catch(() => {}); // after the lease it is known
  }
}

function halt(stop: Int32Array): void {
  Atomics.store(stop, 0, STOP);
  Atomics.notify(stop, 0);
}

/** @returns why the job is to be done again; null where it is done */
async function perform(
  claim: Claim,
  thread: JobThread,
  stop: Int32Array,
  { store, onEvent }: WorkerOptions,
): Promise<string | null> {
  const job = jobOf(claim);
  const ids = job.kind === "train" ? job.cohort.trials : job.trials;
  onEvent({ kind: "taken", job: claim.job, run: claim.run, does: job.kind, trials: ids.length });
  const trials = await store.trials(ids);
  const then = (trained: TrainJob) => following(trained).map((next) => toQueue(next, claim));
  const left = job.kind === "train" ? unfinished(job, await store.findTrials(ids)) : job;
  if (!left) {
    await store.complete(claim, then(job as TrainJob)); // others have trained its trials meanwhile
    return null;
  }
  const { data, seed } = left.kind === "train" ? left.cohort : left;
  const prepared = await thread.data(data, { ...(trials.get(ids[0]) as Trial), seed });
  const failures: Serving["failures"] = [];
  const unexamined: Serving["unexamined"] = [];
  const serving: Serving = {
    store: left.kind === "train" ? store.held(claim, then(left)) : store,
    run: claim.run,
    trials,
    prepared: () => prepared,
    modules: [],
    onEvent: (event) => onEvent({ kind: "run", event }),
    failures,
    unexamined,
    stop,
  };
  // Questions about trained trials are a job of their own.
  await carryOut(left.kind === "train" ? { ...left, asked: [] } : left, thread, serving);
  const [wrong] = [...failures.map((f) => f.message), ...unexamined.map((u) => u.reason)];
  if (left.kind === "examine" && Atomics.load(stop, 0) !== STOP) {
    if (wrong === undefined) await store.complete(claim);
    else await store.giveBack(claim, wrong, true);
  }
  return wrong ?? null;
}

/** A training without the trials that have ended; null where all have. */
function unfinished(job: TrainJob, known: Awaited<ReturnType<Store["findTrials"]>>): TrainJob | null {
  const cohort = remaining(job.cohort, known);
  return cohort && { ...job, cohort };
}
