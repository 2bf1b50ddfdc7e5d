import { chooseDevice } from "../lab/device.ts";
import type { RunEvent } from "../lab/events.ts";
import { defaultWorkers } from "../lab/execute.ts";
import { type WorkerEvent, work } from "../queue/worker.ts";
import { isDatabaseUrl, shownStore } from "../store/place.ts";
import { openStore } from "../store/store.ts";
import { UserError } from "../util/errors.ts";
import { plural } from "../util/format.ts";
import type { WorkerFlags } from "./commands/worker.ts";
import { interruption } from "./interruption.ts";
import { line } from "./json-line.ts";
import { paint } from "./paint.ts";
import { PATIENCE_MS } from "./run-command.ts";

export async function workerCommand(flags: WorkerFlags): Promise<void> {
  const { device: asked, data, workers, lease, drain = false, json = false } = flags;
  const { used, reason } = await chooseDevice(asked);
  if (used !== asked) throw new UserError(`this machine cannot train on ${asked}: ${reason}`, "--device");
  const store = await openStore(flags.store, isDatabaseUrl(flags.store) ? { patienceMs: PATIENCE_MS } : {});
  const { signal, end } = interruption();
  try {
    const done = await work({
      store,
      threads: workers ?? defaultWorkers(used),
      device: used,
      ...(data && { dataDir: data }),
      leaseMs: 1000 * lease,
      drain,
      signal,
      onEvent: json ? (event) => told(event).forEach(line) : (event) => say(event, flags.store),
    });
    if (json) line({ event: "end", jobs: done });
    else console.error(`${plural(done, "job")} done`);
    if (signal.aborted) process.exitCode = 130;
  } finally {
    end();
    await store.close();
  }
}

/** What `--json` prints of an event. */
function told(event: WorkerEvent): object[] {
  const { kind, ...rest } = event;
  if (event.kind !== "run") return [{ event: kind, ...rest }];
  const { event: inner } = event;
  if (inner.kind === "epoch") return [{ event: "epoch", cohort: inner.cohort, epoch: inner.epoch }];
  if (inner.kind !== "resumed" && inner.kind !== "discarded") return [];
  const { kind: what, ...facts } = inner;
  return [{ event: what, ...facts }];
}

function say(event: WorkerEvent, store: string): void {
  const text = textOf(event, store);
  if (text) process.stderr.write(`${text}\n`);
}

const HOW = {
  done: paint.green("done"),
  again: paint.yellow("not done"),
  lost: paint.yellow("lost"),
  stopped: "given back",
};

function textOf(event: WorkerEvent, store: string): string | null {
  switch (event.kind) {
    case "ready": {
      const { worker, threads } = event;
      return `${paint.bold("worker")} ${worker.slice(0, 8)}  ${plural(threads, "thread")} · ${shownStore(store)}`;
    }
    case "taken": {
      const { does, job, trials, run } = event;
      return `${does === "train" ? "training" : "examining"}  ${job}  ${plural(trials, "trial")} · run ${run}`;
    }
    case "ended":
      return `${HOW[event.how]}  ${event.job}${event.reason ? `  ${event.reason}` : ""}`;
    case "refused":
      return `${paint.red("refused")}  run ${event.run}: ${event.reason}`;
    case "recovered":
      return `${plural(event.jobs, "job")} of workers that are no longer heard of: in the queue again`;
    case "run":
      return aboutTraining(event.event);
  }
}

function aboutTraining(event: RunEvent): string | null {
  if (event.kind === "resumed") return `going on after epoch ${event.epoch}  ${event.cohort}`;
  return event.kind === "discarded" ? `${paint.yellow("note")}  ${event.reason}` : null;
}
