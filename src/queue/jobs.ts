/** Jobs as they stand in a store's queue:   job → what is stored of it → job. */
import { env } from "onnxruntime-node";
import { version } from "../../package.json";
import { examinationOf, type Job, type TrainJob } from "../lab/job.ts";
import type { Claim, NewJob } from "../store/store.ts";
import { ENGINE_VERSION } from "../study/plan.ts";
import { contentHash } from "../util/hash.ts";

/** What workers must have in common with who fills the queue: all of it can change numbers. */
export const workVersion = (): string =>
  `losslab ${version}, engine ${ENGINE_VERSION}, onnxruntime ${env.versions.node ?? "unknown"}`;

/** What is the same for all jobs of a run. */
export type JobTerms = Pick<NewJob, "run" | "version" | "device" | "priority" | "mostAttempts" | "closesRun">;

/** Before all training of the same priority: what it takes is short, and the checkpoint is there. */
const FIRST = 1e300;

/** Equal jobs have equal ids: none is in the queue twice. */
export const idOf = (job: Job): string =>
  job.kind === "train"
    ? job.cohort.id
    : `examine-${contentHash({ cohort: job.cohort, trials: job.trials, asked: job.asked })}`;

/** @param terms may be those of another job, with all that belongs to it */
export const toQueue = (job: Job, { run, version, device, priority, mostAttempts, closesRun }: JobTerms): NewJob => ({
  id: idOf(job),
  payload: job,
  work: job.kind === "train" ? job.cohort.work : FIRST,
  ...{ run, version, device, priority, mostAttempts, closesRun },
});

export const jobOf = (claim: Claim): Job => claim.payload as Job;

/** What follows a training: questions about the trained trials are a job of their own. */
export const following = (job: TrainJob): Job[] => (job.asked.length > 0 ? [examinationOf(job)] : []);
