/** A worker thread: trains one cohort after another and reports each epoch. */
import { parentPort } from "node:worker_threads";
import type { Backend, Session } from "../run/backend.ts";
import { averagedIn, type CohortData, cohort as makeCohort } from "../run/cohort.ts";
import type { Device } from "../run/devices.ts";
import { trialState } from "../run/evaluator.ts";
import { Examiner } from "../run/examiner.ts";
import { memberOf } from "../run/members.ts";
import type { TrialObservation } from "../run/observations.ts";
import { evaluationBatch, MOST_STEPS } from "../run/sizes.ts";
import type { TrainingData } from "../run/train.ts";
import { trainWarm } from "../run/warm-start.ts";
import { contentHash } from "../util/hash.ts";
import { type FromWorker, PAUSE, type PreparedLabels, STOP, type ToWorker, type WorkerSetup } from "./messages.ts";
import { zooWith } from "./own-losses.ts";

const port = parentPort!;
const send = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

class Stopped extends Error {}

/**
 * Cohorts that differ in the seed alone have the same graphs: their sessions are made once. A session that was not used for long gives
 * way to others, and is made again when it is used.
 */
function remembering(backend: Backend, most = 8): Backend {
  const known = new Map<string, Session>();
  return {
    ...backend,
    async session(model, use) {
      const key = contentHash(Buffer.from(model).toString("base64"));
      const current = async (): Promise<Session> => {
        const session = known.get(key) ?? (await backend.session(model, use));
        known.delete(key);
        known.set(key, session);
        for (const [oldest, unused] of known) {
          if (known.size <= most) break;
          known.delete(oldest);
          await unused.release();
        }
        return session;
      };
      await current();
      return { run: async (feeds, into) => (await current()).run(feeds, into), release: async () => {} };
    },
  };
}

const backends = new Map<string, Backend>();
/**
 * The backend of a device, with so many threads. The runtime is loaded when there is something to do, not before: a program that ends
 * while a thread loads it would crash.
 */
async function backendOn(device: Device, threads: number): Promise<Backend> {
  const { nodeBackend } = await import("../run/node-backend.ts");
  const key = `${device} ${threads}`;
  const backend = backends.get(key) ?? remembering(nodeBackend(threads, device));
  backends.set(key, backend);
  return backend;
}

let stop: WorkerSetup["stop"];
let zoo: ReturnType<typeof zooWith>;
const images = new Map<string, TrainingData["images"]>();
const data = new Map<string, PreparedLabels>();
const examiners = new Map<string, Examiner>();
let stored: () => void = () => {};

/** Data that were sent: their labels, and the images that they share with others. */
function dataOf(key: string): { facts: CohortData; training: TrainingData } {
  const { cohort, training, pool } = data.get(key)!;
  return { facts: cohort, training: { ...training, images: images.get(pool)! } };
}

async function examinerOf(key: string, device: Device = "cpu"): Promise<Examiner> {
  const place = `${device} ${key}`;
  const known = examiners.get(place);
  if (known) return known;
  const { facts, training } = dataOf(key);
  const made = new Examiner(await backendOn(device, 1), facts, training);
  examiners.set(place, made);
  return made;
}

/** Waits while the run is paused. */
function goOnUnlessToldOtherwise(): void {
  Atomics.wait(stop, 0, PAUSE);
  if (Atomics.load(stop, 0) === STOP) throw new Stopped();
}

async function examine({ data: key, trials }: Extract<ToWorker, { kind: "examine" }>): Promise<void> {
  for (const { trial, epoch, state, questions } of trials) {
    const examiner = await examinerOf(key, trial.device);
    const member = memberOf(trial, await zoo);
    const observations: TrialObservation[] = [];
    for (const question of questions) {
      goOnUnlessToldOtherwise();
      const answer = await examiner.answer(member, state, question);
      observations.push({ trial: trial.id, epoch, question, answer } as TrialObservation);
    }
    send({ kind: "answers", trial: trial.id, observations });
  }
  send({ kind: "examined" });
}

async function train({
  cohort: id,
  data: key,
  trials,
  threads,
  resume,
}: Extract<ToWorker, { kind: "train" }>): Promise<void> {
  const { facts, training } = dataOf(key);
  const [{ batchSize, epochs, seed, measure, device = "cpu" }] = trials;
  const known = await zoo;
  const cohort = makeCohort(
    trials.map((trial) => memberOf(trial, known)),
    facts,
  );
  const ended = new Map(resume?.ended);
  let examples = 0;
  let told = performance.now();
  const onProgress = (more: number): void => {
    goOnUnlessToldOtherwise();
    examples += more;
    if (performance.now() - told < 100) return;
    send({ kind: "progress", cohort: id, examples });
    examples = 0;
    told = performance.now();
  };
  const task = {
    cohort,
    data: training,
    batchSize,
    epochs,
    seed,
    ...(measure && { measure }),
    diagnose: trials[0].observe?.diagnose ?? false,
  };
  const epochsOf = trainWarm(task, await backendOn(device, threads), {
    stepsPerCall: MOST_STEPS,
    evaluationBatch: evaluationBatch(cohort.model, trials.length),
    onProgress,
    ...(resume && { resume }),
  });
  const order = cohort.members.map((m) => m.id);
  const averaged = averagedIn(cohort);
  const everyEpoch = new Map(trials.map((trial) => [trial.id, trial.observe?.questions ?? []]));
  let storing: Promise<void> = Promise.resolve();
  for await (const { epoch, records, diverged, diagnosis, faults, state } of epochsOf) {
    for (const [trial, reason] of diverged) ended.set(trial, reason);
    const own = epoch < 1 ? [] : records; // epochs of a training before are not the trial's
    const observations: TrialObservation[] = own.flatMap(({ trial }) => {
      const seen = diagnosis?.[order.indexOf(trial)];
      const fault = faults.get(trial);
      return [
        ...(seen ? [{ trial, epoch, question: { kind: "diagnosis" } as const, answer: seen }] : []),
        ...(fault ? [{ trial, epoch, question: { kind: "fault" } as const, answer: fault }] : []),
      ];
    });
    for (const [place, { id: trial, ...member }] of cohort.members.entries()) {
      if (ended.has(trial) || epoch < 1) continue;
      for (const question of everyEpoch.get(trial)!) {
        const examiner = await examinerOf(key, device);
        const answer = await examiner.answer(member, trialState(state, place, averaged), question);
        observations.push({ trial, epoch, question, answer } as TrialObservation);
      }
    }
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
      {
        kind: "epoch",
        cohort: id,
        epoch,
        records,
        observations,
        order,
        averaged,
        ended: new Map(ended),
        state: copies,
      },
      Object.values(copies).map((t) => t.data.buffer as ArrayBuffer),
    );
  }
  await storing;
  send({ kind: "trained", cohort: id, ended });
}

port.on("message", (message: ToWorker) => {
  if (message.kind === "begin") {
    stop = message.setup.stop;
    zoo = zooWith(message.setup.modules);
  } else if (message.kind === "images") images.set(message.pool, message.images);
  else if (message.kind === "data") data.set(message.prepared.key, message.prepared);
  else if (message.kind === "stored") stored();
  else {
    const doing = message.kind === "train" ? train(message) : examine(message);
    doing.catch((error: Error) => {
      if (error instanceof Stopped) send({ kind: "stopped" });
      else send({ kind: "failed", message: error.message, stack: error.stack ?? "" });
    });
  }
});
