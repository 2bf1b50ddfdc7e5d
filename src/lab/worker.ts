/** A worker thread: trains one cohort after another and reports each epoch. */
import { parentPort, workerData } from "node:worker_threads";
import type { Backend, Session } from "../run/backend.ts";
import { cohort as makeCohort } from "../run/cohort.ts";
import { memberOf } from "../run/members.ts";
import { nodeBackend } from "../run/node-backend.ts";
import { evaluationBatch, MOST_STEPS } from "../run/sizes.ts";
import { trainCohort } from "../run/train.ts";
import { contentHash } from "../util/hash.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./messages.ts";
import { zooWith } from "./own-losses.ts";
import type { PreparedData } from "./prepare.ts";

const port = parentPort!;
const { stop, modules } = workerData as WorkerSetup;
const send = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

class Stopped extends Error {}

/** Cohorts that differ in the seed alone have the same graphs: their sessions are made once. */
function remembering(backend: Backend, most = 8): Backend {
  const known = new Map<string, Session>();
  return {
    ...backend,
    async session(model, use) {
      const key = contentHash(Buffer.from(model).toString("base64"));
      const session = known.get(key) ?? (await backend.session(model, use));
      known.delete(key);
      known.set(key, session);
      for (const [oldest, unused] of known) {
        if (known.size <= most) break;
        known.delete(oldest);
        await unused.release();
      }
      return { run: session.run, release: async () => {} };
    },
  };
}

const backends = new Map<number, Backend>();
/** The backend with so many threads. */
function backendWith(threads: number): Backend {
  const backend = backends.get(threads) ?? remembering(nodeBackend(threads));
  backends.set(threads, backend);
  return backend;
}

const zoo = await zooWith(modules);
const data = new Map<string, PreparedData>();
let stored: () => void = () => {};

async function train({
  cohort: id,
  data: key,
  trials,
  threads,
  resume,
}: Extract<ToWorker, { kind: "train" }>): Promise<void> {
  const { cohort: facts, training } = data.get(key)!;
  const [{ batchSize, epochs, seed }] = trials;
  const cohort = makeCohort(
    trials.map((trial) => memberOf(trial, zoo)),
    facts,
  );
  const ended = new Map(resume?.ended);
  let examples = 0;
  let told = performance.now();
  const onProgress = (more: number): void => {
    if (Atomics.load(stop, 0) === 1) throw new Stopped();
    examples += more;
    if (performance.now() - told < 100) return;
    send({ kind: "progress", cohort: id, examples });
    examples = 0;
    told = performance.now();
  };
  const epochsOf = trainCohort({ cohort, data: training, batchSize, epochs, seed }, backendWith(threads), {
    stepsPerCall: MOST_STEPS,
    evaluationBatch: evaluationBatch(cohort.model, trials.length),
    onProgress,
    ...(resume && { resume }),
  });
  let storing: Promise<void> = Promise.resolve();
  for await (const { epoch, records, diverged, state } of epochsOf) {
    for (const [trial, reason] of diverged) ended.set(trial, reason);
    // Copies, for training goes on in the buffers while the main thread writes them.
    const copies = Object.fromEntries(
      Object.entries(state).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
    );
    await storing;
    storing = new Promise((resolve) => {
      stored = resolve;
    });
    send({ kind: "progress", cohort: id, examples });
    examples = 0;
    send(
      { kind: "epoch", cohort: id, epoch, records, ended: new Map(ended), state: copies },
      Object.values(copies).map((t) => t.data.buffer as ArrayBuffer),
    );
  }
  await storing;
  send({ kind: "trained", cohort: id, ended });
}

port.on("message", (message: ToWorker) => {
  if (message.kind === "data") data.set(message.key, message.prepared);
  else if (message.kind === "stored") stored();
  else {
    train(message).catch((error: Error) => {
      if (error instanceof Stopped) send({ kind: "stopped", cohort: message.cohort });
      else send({ kind: "failed", cohort: message.cohort, message: error.message, stack: error.stack ?? "" });
    });
  }
});
