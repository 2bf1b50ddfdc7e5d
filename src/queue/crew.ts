/** A run whose cohorts are trained elsewhere:   jobs → queue → workers → the store, which is watched here. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Crew } from "../lab/execute.ts";
import type { Job, TrainJob } from "../lab/job.ts";
import { STOP } from "../lab/messages.ts";
import type { Serving } from "../lab/thread.ts";
import type { JobProgress } from "../store/queue-listings.ts";
import { following, idOf, type JobTerms, toQueue } from "./jobs.ts";

export interface CrewOptions extends Omit<JobTerms, "run"> {
  /** Fill the queue and leave. */
  detach: boolean;
  pollMs?: number;
}

/** Looks at a run's jobs only now and then, for there may be many thousands. */
const POLL_MS = 500;
const LOOK_AT_WORKERS = 10;

export const queueCrew =
  ({ detach, pollMs = POLL_MS, ...terms }: CrewOptions): Crew =>
  async (jobs, serving) => {
    const { store, run, stop, onEvent } = serving;
    if (jobs.length === 0) return; // all of it was trained before
    await store.enqueue(jobs.map((job) => toQueue(job, { ...terms, run })));
    if (detach) {
      Atomics.store(stop, 0, STOP);
      return;
    }
    const open = new Map(jobs.map((job) => [idOf(job), watched(job)]));
    for (let look = 0; open.size > 0 && Atomics.load(stop, 0) !== STOP; look++) {
      const found = new Map((await store.jobProgress([...open.keys()])).map((job) => [job.id, job]));
      for (const [id, job] of [...open]) {
        const now = found.get(id);
        const over = !now || (await follow(job, now, serving));
        if (!over) continue;
        open.delete(id);
        // The job that follows was added when this one ended, if it was: one that is not there is not to come.
        if (now?.state === "done" && job.job.kind === "train")
          for (const next of following(job.job)) open.set(idOf(next), watched(next));
      }
      if (look % LOOK_AT_WORKERS === 0) {
        const workers = (await store.workers()).filter(({ alive }) => alive).length;
        onEvent({ kind: "queued", jobs: open.size, workers });
      }
      if (open.size > 0) await sleep(pollMs);
    }
  };

interface Watched {
  job: Job;
  /** Epochs that have been told of. */
  told: number;
}

const watched = (job: Job): Watched => ({ job, told: 0 });

/** Tells what has happened to a job since it was looked at last. @returns whether it is over */
async function follow(
  watched: Watched,
  { state, reason, epochsDone }: JobProgress,
  serving: Serving,
): Promise<boolean> {
  const { job } = watched;
  const { failures, onEvent } = serving;
  if (job.kind === "train" && epochsDone > watched.told) {
    await tellEpochs(job, watched.told, epochsDone, serving);
    watched.told = epochsDone;
  }
  if (state === "waiting" || state === "running") return false;
  const trials = job.kind === "train" ? job.cohort.trials : job.trials;
  if (state === "done") {
    if (job.kind === "train") await tellOutcomes(trials, serving);
    return true;
  }
  const message = state === "cancelled" ? `cancelled: ${reason}` : (reason ?? "failed");
  failures.push({ trials, message, stack: "" });
  if (job.kind === "train" && state === "failed")
    for (const trial of trials) onEvent({ kind: "trial", trial, status: "failed", reason });
  return true;
}

async function tellEpochs({ cohort }: TrainJob, from: number, to: number, { store, onEvent }: Serving): Promise<void> {
  const histories = await Promise.all(cohort.trials.map((trial) => store.epochs(trial)));
  for (let epoch = from + 1; epoch <= to; epoch++) {
    const records = histories.flatMap((history) => history.filter((record) => record.epoch === epoch));
    onEvent({ kind: "epoch", cohort: cohort.id, epoch, records });
  }
}

async function tellOutcomes(trials: readonly string[], { store, onEvent }: Serving): Promise<void> {
  for (const [trial, { status, reason }] of await store.findTrials(trials))
    onEvent({ kind: "trial", trial, status, reason });
}
