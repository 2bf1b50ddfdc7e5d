/** The queue and its workers as they are shown. */
import type { Database } from "./database.ts";
import { type JobState, OPEN } from "./job-states.ts";
import { chunks, type JobRow, type WorkerRow } from "./tables.ts";

/** A worker as it presents itself. */
export interface WorkerInfo extends Pick<WorkerRow, "id" | "hostname" | "pid" | "threads" | "version" | "device"> {
  leaseMs: number;
}

export interface OpenJobs extends Pick<JobRow, "run" | "version" | "device" | "state"> {
  jobs: number;
}

/** How far a job is. */
export interface JobProgress extends Pick<JobRow, "id" | "state" | "reason" | "attempts"> {
  /** Of the cohort of the same id. */
  epochsDone: number;
}

/** Jobs of a run by their state. */
export interface QueueListing {
  run: string;
  study: string;
  counts: Record<JobState, number>;
  priority: number;
  /** Why jobs of it failed, were cancelled or wait for another attempt, and how many. */
  reasons: { state: JobState; reason: string; jobs: number }[];
}

/** A worker as others see it. */
export interface WorkerListing extends WorkerInfo {
  startedAt: string;
  /** Seconds since it was last heard of. */
  silentSeconds: number;
  alive: boolean;
  /** Jobs that it has taken. */
  running: number;
}

const MOST_REASONS = 5;
const none: Record<JobState, number> = { waiting: 0, running: 0, done: 0, failed: 0, cancelled: 0 };

export const queueListings = ({ db, now }: Pick<Database, "db" | "now">) => ({
  async jobProgress(ids: readonly string[]): Promise<JobProgress[]> {
    const found: JobProgress[] = [];
    for (const some of chunks(ids)) {
      const rows = await db
        .selectFrom("jobs")
        .leftJoin("cohorts", "cohorts.id", "jobs.id")
        .select(["jobs.id", "jobs.state", "jobs.reason", "jobs.attempts", "cohorts.epochs_done"])
        .where("jobs.id", "in", some)
        .execute();
      for (const { epochs_done, ...job } of rows) found.push({ ...job, epochsDone: epochs_done ?? 0 });
    }
    return found;
  },

  /** Jobs that wait or are being done, by what a worker for them must be. */
  async open(): Promise<OpenJobs[]> {
    const rows = await db
      .selectFrom("jobs")
      .select(["run", "version", "device", "state", (eb) => eb.fn.countAll().as("jobs")])
      .where("state", "in", OPEN)
      .groupBy(["run", "version", "device", "state"])
      .execute();
    return rows.map((row) => ({ ...row, jobs: Number(row.jobs) }));
  },

  /** Jobs of a study that wait or are being done. */
  async openJobs(study: string): Promise<number> {
    const { jobs } = await db
      .selectFrom("jobs")
      .innerJoin("runs", "runs.id", "jobs.run")
      .select((eb) => eb.fn.countAll().as("jobs"))
      .where("runs.study", "=", study)
      .where("jobs.state", "in", OPEN)
      .executeTakeFirstOrThrow();
    return Number(jobs);
  },

  /** All runs that have or had jobs, newest first. */
  async queue(): Promise<QueueListing[]> {
    const rows = await db
      .selectFrom("jobs")
      .innerJoin("runs", "runs.id", "jobs.run")
      .select(["run", "study", "jobs.state", "reason"])
      .select((eb) => [
        eb.fn.countAll().as("count"),
        eb.fn.max("priority").as("priority"),
        eb.fn.max("started_at").as("at"),
      ])
      .groupBy(["run", "study", "jobs.state", "reason"])
      .orderBy("at", "desc")
      .execute();
    const byRun = new Map<string, QueueListing>();
    for (const { run, study, state, reason, count, priority } of rows) {
      const listing = byRun.get(run) ?? { run, study, counts: { ...none }, priority: 0, reasons: [] };
      byRun.set(run, listing);
      listing.counts[state] += Number(count);
      listing.priority = Math.max(listing.priority, priority);
      if (reason !== null) listing.reasons.push({ state, reason, jobs: Number(count) });
    }
    for (const { reasons } of byRun.values()) reasons.sort((a, b) => b.jobs - a.jobs).splice(MOST_REASONS);
    return [...byRun.values()];
  },

  async workers(): Promise<WorkerListing[]> {
    const rows = await db
      .selectFrom("workers as w")
      .selectAll("w")
      .select((eb) => [
        now.as("now"),
        eb
          .selectFrom("jobs")
          .select((sub) => sub.fn.countAll().as("running"))
          .whereRef("jobs.worker", "=", "w.id")
          .where("jobs.state", "=", "running")
          .as("running"),
      ])
      .orderBy("started_at")
      .execute();
    return rows.map(({ id, hostname, pid, threads, version, device, ...row }) => {
      const silentMs = Number(row.now) - Number(row.heartbeat);
      return {
        id,
        hostname,
        pid,
        threads,
        version,
        device,
        leaseMs: row.lease_ms,
        startedAt: new Date(Number(row.started_at)).toISOString(),
        silentSeconds: silentMs / 1000,
        alive: silentMs <= row.lease_ms,
        running: Number(row.running),
      };
    });
  },
});
