/** The step loop: trains a cohort, epoch by epoch. Runs wherever an ONNX runtime does. */
import { NEXT } from "../onnx/emit.ts";
import { sizeOf } from "../tensor/index.ts";
import type { Backend, Session } from "./backend.ts";
import { floats, type State } from "./buffers.ts";
import { type Cohort, type StateTensor, stateOf } from "./cohort.ts";
import type { EpochDiagnosis, Fault } from "./diagnosis.ts";
import { Diagnostician } from "./diagnostician.ts";
import { Evaluation, examplesOf } from "./evaluation.ts";
import { findFault } from "./fault.ts";
import { noisyTest } from "./noisy-test.ts";
import type { EpochRecord, MeasureSpec } from "./records.ts";
import { stepFeeds } from "./step-feeds.ts";
import { type StepContext, StepSession } from "./step-session.ts";
import { Sums } from "./sums.ts";

/** All examples that a study uses, one after the other, and which of them serve what. */
export interface TrainingData {
  /** [count, pixels]; the type that the cohort's data say. */
  images: Uint8Array | Float32Array;
  labels: Uint8Array;
  train: Uint32Array;
  validation: Uint32Array;
  test: Uint32Array;
}

export interface TrainingTask {
  cohort: Cohort;
  data: TrainingData;
  batchSize: number;
  epochs: number;
  seed: number;
  /** What is measured beyond the usual. */
  measure?: MeasureSpec;
  /** Whether networks are looked into at the probed steps; by a graph of its own, so that the training stays as it is. */
  diagnose?: boolean;
  /** Places in `data.train` in the order of an epoch (counted from 1); by default a permutation drawn from the seed. */
  order?: (epoch: number) => Uint32Array;
}

/** What does not change the numbers. */
export interface TrainingOptions {
  /** The most training steps in one call of the runtime. */
  stepsPerCall?: number;
  /** What a call should take, as far as its steps allow; longer where the runtime copies what it is fed. */
  secondsPerCall?: number;
  /** Examples in one evaluation call. The last bits of an evaluated loss depend on it, nothing else. */
  evaluationBatch?: number;
  /** Where to go on. */
  resume?: { epoch: number; state: Record<string, Float32Array>; ended: ReadonlyMap<string, string> };
  /** Called every few steps with the number of examples trained since the last call; is waited for, and may throw in order to stop. */
  onProgress?: (examples: number) => void | Promise<void>;
}

/** What one epoch gave. */
export interface EpochResult {
  epoch: number;
  /** One for each trial that has not diverged before. */
  records: EpochRecord[];
  /** Trials that diverged in this epoch, and how. */
  diverged: Map<string, string>;
  /** What was seen within the networks, by place in the cohort; null where nobody looked. */
  diagnosis: EpochDiagnosis[] | null;
  /** Where the losses of diverged trials came from, where it was looked for and found. */
  faults: Map<string, Fault>;
  /** Mean loss of each step's mini-batch, [steps, T]. */
  stepLosses: Float64Array;
  /** The training state after the epoch; valid until the next one begins. */
  state: Record<string, { shape: readonly number[]; data: Float32Array }>;
}

type ReplayedSteps = [count: number, order: Int32Array, at: number, first: number, from: State];

/** Gradient norms are measured at this many evenly spaced steps of an epoch. */
const PROBES_PER_EPOCH = 4;

/** What a call of the runtime should take: long beside its overhead, short enough to show progress and to stop. */
const SECONDS_OF_A_CALL = 0.05;
/** A call's duration may be disturbed; the next has at most so many times its steps. */
const GROWTH = 8;

/** Steps for the next call after one of `count` steps: a power of two, so that few sizes of buffers are needed. */
const nextPace = (count: number, seconds: number, wanted: number): number =>
  2 ** Math.floor(Math.log2(Math.max(1, Math.min(count * GROWTH, (count * wanted) / seconds))));

/**
 * Trains all trials of a cohort and yields after each epoch. The numbers depend on the task alone: not on the options, nor on
 * whether the training was interrupted and resumed.
 */
export async function* trainCohort(
  task: TrainingTask,
  backend: Backend,
  {
    stepsPerCall = 1,
    secondsPerCall = SECONDS_OF_A_CALL,
    evaluationBatch = 500,
    resume,
    onProgress,
  }: TrainingOptions = {},
): AsyncGenerator<EpochResult> {
  const { cohort, data, batchSize, epochs } = task;
  const { members } = cohort;
  const total = data.labels.length;
  const shared = examplesOf(backend, task);
  const feeds = stepFeeds(task);
  const { fullSteps, rest, stepsPerEpoch, learningRate } = feeds;
  const { trainLast = data.train.length, testNoise } = task.measure ?? {};
  // The first step whose mini-batch counts for the training figures.
  const countedFrom = Math.floor(Math.max(0, data.train.length - trainLast) / batchSize);

  const sessions: Session[] = [];
  let pace = 1; // steps in the next call of the loop
  const layout = stateOf(cohort);
  const stateFrom = (values: (tensor: StateTensor) => Float32Array): State =>
    Object.fromEntries(layout.map((tensor) => [tensor.name, values(tensor)]));
  let state = stateFrom((tensor) => resume?.state[tensor.name] ?? tensor.initial());
  let spare = stateFrom(({ shape }) => new Float32Array(sizeOf(shape)));

  const { factors, seed, drawn } = feeds;
  const context: StepContext = { backend, cohort, total, shared, factors, seed, drawn };
  const stepSession = async (batch: number, steps: number, norms: boolean): Promise<StepSession> => {
    const use = norms ? "seldom" : "often"; // probes, and the smaller last batch of an epoch
    const made = await StepSession.create(context, batch, steps, { norms, use });
    sessions.push(made.session);
    return made;
  };

  /** The state after some steps of a call that has been made. */
  const replayed = async (session: StepSession, ...[count, order, at, first, from]: ReplayedSteps): Promise<State> => {
    const scratch = stateFrom(({ shape }) => new Float32Array(sizeOf(shape)));
    const out = await session.run(count, order, at, first, from, scratch);
    return backend.reusesOutputs ? scratch : stateFrom(({ name }) => floats(out[NEXT + name]));
  };

  try {
    const probe = fullSteps > 0 ? await stepSession(batchSize, 1, true) : undefined;
    const probeEvery = Math.max(1, Math.ceil(fullSteps / PROBES_PER_EPOCH));
    const room = Math.min(stepsPerCall, probeEvery - 1); // between two probes
    const free = room > 0 ? await stepSession(batchSize, room, false) : undefined;
    const last = rest > 0 ? await stepSession(rest, 1, true) : undefined;
    const evaluation = await Evaluation.create(backend, task, evaluationBatch, shared);
    sessions.push(evaluation.session);
    const noisy = testNoise === undefined ? undefined : noisyTest(task, testNoise);
    const noisyEvaluation =
      noisy && (await Evaluation.create(backend, noisy, evaluationBatch, examplesOf(backend, noisy)));
    if (noisyEvaluation) sessions.push(noisyEvaluation.session);
    const diagnostician = task.diagnose && (await Diagnostician.create(context, fullSteps > 0 ? batchSize : rest));
    if (diagnostician) sessions.push(diagnostician.session);
    const ended = new Map(resume?.ended);

    for (let epoch = (resume?.epoch ?? 0) + 1; epoch <= epochs && ended.size < members.length; epoch++) {
      let begun = performance.now();
      const order = feeds.order(epoch);
      const sums = new Sums(members.length, cohort.data.classes);
      const norms = { total: new Float64Array(members.length), count: 0 };
      const diverged = new Map<string, string>();
      const faults = new Map<string, Fault>();
      const stepLosses = new Float64Array(stepsPerEpoch * members.length);

      for (let step = 0; step < stepsPerEpoch; ) {
        const isLast = step >= fullSteps;
        const probed = isLast ? fullSteps === 0 : step % probeEvery === 0;
        const left = Math.min(probeEvery - (step % probeEvery), fullSteps - step);
        const session = isLast ? last! : probed ? probe! : free!;
        const count = isLast ? 1 : Math.min(session.steps, left, probed ? 1 : pace);
        const first = (epoch - 1) * stepsPerEpoch + step;
        const called = performance.now();
        const out = await session.run(count, order, step * batchSize, first, state, spare);
        if (session === free) pace = nextPace(count, (performance.now() - called) / 1000, secondsPerCall);
        const next = backend.reusesOutputs ? spare : stateFrom(({ name }) => floats(out[NEXT + name]));
        spare = state;
        state = next;

        const loss = floats(out.loss);
        const weight = floats(out.weight);
        const skipped = Math.min(count, Math.max(0, countedFrom - step));
        const from = skipped * members.length;
        sums.addSteps(loss.subarray(from), weight.subarray(from));
        const counted = order.subarray((step + skipped) * batchSize, step * batchSize + count * session.batchSize);
        const predicted = (out.predicted.data as Int32Array).subarray(from * session.batchSize);
        sums.count(predicted, counted, data.labels, session.batchSize);
        loss.forEach((sum, i) => {
          stepLosses[step * members.length + i] = sum / weight[i];
        });
        const batch = (i: number): Int32Array =>
          order.subarray((step + i) * batchSize, (step + i) * batchSize + session.batchSize);
        if (probed && diagnostician) await diagnostician.look(batch(0), first, spare, state);
        if (probed) {
          floats(out.norm).forEach((norm, t) => {
            norms.total[t] += norm;
          });
          norms.count++;
        }
        for (let i = 0; i < loss.length; i++) {
          const { id } = members[i % members.length];
          if (Number.isFinite(loss[i]) || ended.has(id) || diverged.has(id)) continue;
          const steps = Math.floor(i / members.length);
          diverged.set(id, `training loss became ${loss[i]} at step ${first + steps + 1} (epoch ${epoch})`);
          if (!diagnostician) continue;
          const before = steps === 0 ? spare : await replayed(session, steps, order, step * batchSize, first, spare);
          const fault = await findFault(context, i % members.length, batch(steps), first + steps, before);
          if (fault) faults.set(id, fault);
        }
        step += count;
        const told = performance.now();
        await onProgress?.(count * session.batchSize * members.length);
        begun += performance.now() - told; // a pause is no time of the epoch's
      }

      const validation = data.validation.length > 0 ? await evaluation.run(data.validation, state) : null;
      const test = await evaluation.run(data.test, state);
      const noisyTests = noisy && (await noisyEvaluation?.run(noisy.data.test, state));
      const seconds = (performance.now() - begun) / 1000 / members.length;
      const records = members.flatMap(({ id }, t): EpochRecord[] => {
        if (ended.has(id)) return [];
        const record: EpochRecord = {
          trial: id,
          epoch,
          train: sums.measures(t),
          validation: validation?.measures(t) ?? null,
          test: test.measures(t),
          ...(noisyTests && { noisyTest: noisyTests.measures(t) }),
          gradientNorm: norms.total[t] / norms.count,
          learningRate: learningRate(t, epoch * stepsPerEpoch - 1),
          seconds,
        };
        const measured = [record.train.loss, record.validation?.loss ?? 0, record.test.loss];
        if (!diverged.has(id) && !measured.every(Number.isFinite)) {
          diverged.set(id, `loss is no number after epoch ${epoch}`);
        }
        return [record];
      });
      for (const [id, reason] of diverged) ended.set(id, reason);
      yield {
        epoch,
        records,
        diverged,
        diagnosis: diagnostician ? diagnostician.take() : null,
        faults,
        stepLosses,
        state: Object.fromEntries(layout.map(({ name, shape }) => [name, { shape, data: state[name] }])),
      };
    }
  } finally {
    for (const session of sessions) await session.release();
  }
}
