/** What a plan will take on this machine, and whether it has that. */
import { freemem, totalmem } from "node:os";
import type { Plan } from "../study/plan.ts";
import { UserError } from "../util/errors.ts";
import { bytes } from "../util/format.ts";
import { defaultWorkers } from "./execute.ts";
import type { ReadyStudy } from "./study.ts";

/** Multiply-adds a core does in a second in such graphs, and what a step takes beside them; rough, for the estimate alone. */
const WORK_PER_SECOND = 2e10;
const STEP_SECONDS = 8e-5;
/** Memory of the program itself, and of each worker beside its tensors: runtime and kernels. */
const BASE_BYTES = 150e6;
const WORKER_BYTES = 190e6;

/**
 * @param readBytes of the images as they were read
 * @param dataBytes of those in use, which the program has once more, and every worker
 */
export function estimates(
  { cohorts: own, device, stages }: Pick<Plan, "cohorts" | "device" | "stages">,
  readBytes: number,
  dataBytes: number,
  workers = defaultWorkers(device),
) {
  const cohorts = stages ? stages.forecast.flatMap((stage) => stage.cohorts) : own;
  const used = Math.min(workers, cohorts.length);
  const largest = cohorts.map((c) => c.memoryBytes).sort((a, b) => b - a);
  return {
    workers: used,
    memoryBytes: largest
      .slice(0, used)
      .reduce((total, m) => total + WORKER_BYTES + dataBytes + m, BASE_BYTES + readBytes + dataBytes),
    seconds:
      cohorts.reduce((total, c) => total + c.work / WORK_PER_SECOND + c.steps * STEP_SECONDS, 0) / Math.max(1, used),
  };
}

/** Bytes of all images that a study's trainings use. */
export function dataBytesOf({ study }: Plan, prepared: ReadyStudy["prepared"]): number {
  const [seed] = study.seeds;
  const pools = new Map(study.data.map((spec) => prepared(spec, seed)).map((d) => [d.pool, d.training.images]));
  return [...pools.values()].reduce((total, images) => total + images.byteLength, 0);
}

export interface AvailableMemory {
  bytes: number;
  /** What sets the limit, for messages: "are free". */
  of: string;
}

/**
 * Memory that this process may still take: what its container allows, or what the system could free. Only Linux tells the latter; elsewhere
 * it is all that the machine has.
 */
export function availableMemory(asked?: number): AvailableMemory {
  if (asked !== undefined) return { bytes: asked, of: "are allowed by --memory" };
  const container = process.constrainedMemory();
  const free = process.platform === "linux" ? freemem() : totalmem();
  const left = container > 0 && container < totalmem() ? container - process.memoryUsage.rss() : free;
  return left < free
    ? { bytes: Math.max(0, left), of: "are left by this container's limit" }
    : { bytes: free, of: "are free" };
}

export interface Fitted {
  /** As many as were asked for, or fewer, with which the plan fits. */
  workers: number;
  available: AvailableMemory;
  /** Where not even one fits. */
  problem: UserError | null;
}

/** How many workers the memory is enough for. Their number changes no result, which trials share a graph would. */
export function fitted(plan: Plan, readBytes: number, dataBytes: number, asked?: number, memory?: number): Fitted {
  const available = availableMemory(memory);
  const needs = (workers: number): number => estimates(plan, readBytes, dataBytes, workers).memoryBytes;
  let workers = asked ?? defaultWorkers(plan.device);
  while (workers > 1 && needs(workers) > available.bytes) workers--;
  const needed = needs(workers);
  if (needed <= available.bytes) return { workers, available, problem: null };
  const cohorts = plan.stages ? plan.stages.forecast.flatMap((stage) => stage.cohorts) : plan.cohorts;
  const largest = cohorts.reduce((a, b) => (b.memoryBytes > a.memoryBytes ? b : a));
  const hint =
    largest.trials.length > 1
      ? "fuse: false trains each trial alone, which takes less; so does a smaller batchSize"
      : "a smaller batchSize or model takes less";
  const problem = new UserError(
    `the study needs about ${bytes(needed)} of memory even with one worker; ${bytes(available.bytes)} ${available.of}`,
    undefined,
    `${hint}; --memory SIZE allows so much instead (--memory ${Math.ceil(needed / 1e9)}GB)`,
  );
  return { workers, available, problem };
}
