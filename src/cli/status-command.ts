import type { JobState } from "../store/job-states.ts";
import type { QueueListing, WorkerListing } from "../store/queue-listings.ts";
import { openStore } from "../store/store.ts";
import { duration } from "../util/format.ts";
import { paint } from "./paint.ts";
import { table } from "./table.ts";

export async function statusCommand(place: string, json: boolean): Promise<void> {
  const store = await openStore(place, { readOnly: true });
  try {
    const [workers, queue] = [await store.workers(), await store.queue()];
    if (json) console.log(JSON.stringify({ workers, queue }, null, 2));
    else console.log(`${workersText(workers)}\n\n${queueText(queue)}`);
  } finally {
    await store.close();
  }
}

function workersText(workers: readonly WorkerListing[]): string {
  if (workers.length === 0) return `${paint.bold("workers")}  none; \`losslab worker\` starts one`;
  const rows = workers.map(({ id, hostname, pid, threads, device, running, silentSeconds, alive, version }) => [
    id.slice(0, 8),
    `${hostname}, process ${pid}`,
    device,
    `${running}/${threads}`,
    alive ? duration(silentSeconds) : paint.red(`${duration(silentSeconds)}, dead`),
    version,
  ]);
  return table(["worker", "where", "device", "busy", "heard of before", "version"], rows, "lllrll");
}

const STATES: readonly JobState[] = ["waiting", "running", "done", "failed", "cancelled"];

function queueText(queue: readonly QueueListing[]): string {
  if (queue.length === 0) return `${paint.bold("queue")}  empty; \`losslab run STUDY --queue\` fills it`;
  const rows = queue.map(({ run, study, counts, priority }) => [
    run,
    study,
    String(priority),
    ...STATES.map((state) => String(counts[state])),
  ]);
  const shown = table(["run", "study", "priority", ...STATES], rows, "llrrrrrr");
  const reasons = queue.flatMap(({ run, reasons }) =>
    reasons.map(({ state, reason, jobs }) => `${run}  ${jobs} ${state}: ${reason}`),
  );
  return [shown, ...reasons].join("\n");
}
