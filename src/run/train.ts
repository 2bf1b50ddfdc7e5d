/** The step loop: trains a cohort, epoch by epoch. Runs wherever an ONNX runtime does. */
import { emit, emitLoop, LOOP_COUNT, NEXT, type OnnxModel } from "../onnx/emit.ts";
import { type Expr, sizeOf, type TensorType } from "../tensor/index.ts";
import { random } from "../util/random.ts";
import { scheduledFactor } from "../zoo/schedules/schedule.ts";
import type { Backend, Session, Tensor } from "./backend.ts";
import { type Cohort, evaluatedTensor, evaluationGraph, type StateTensor, stateOf, stepGraph } from "./cohort.ts";
import { measures } from "./metrics.ts";
import type { EpochRecord, SplitMeasures } from "./records.ts";

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
  /** Places in `data.train` in the order of an epoch (counted from 1); by default a permutation drawn from the seed. */
  order?: (epoch: number) => Uint32Array;
}

/** What does not change the numbers. */
export interface TrainingOptions {
  /** The most training steps in one call of the runtime. */
  stepsPerCall?: number;
  /** Examples in one evaluation call. */
  evaluationBatch?: number;
  /** Where to go on. */
  resume?: { epoch: number; state: Record<string, Float32Array>; ended: ReadonlyMap<string, string> };
  /** Called every few steps with the number of examples trained since the last call; may throw in order to stop. */
  onProgress?: (examples: number) => void;
}

/** What one epoch gave. */
export interface EpochResult {
  epoch: number;
  /** One for each trial that has not diverged before. */
  records: EpochRecord[];
  /** Trials that diverged in this epoch, and how. */
  diverged: Map<string, string>;
  /** Mean loss of each step's mini-batch, [steps, T]. */
  stepLosses: Float64Array;
  /** The training state after the epoch; valid until the next one begins. */
  state: Record<string, { shape: readonly number[]; data: Float32Array }>;
}

/** Gradient norms are measured at this many evenly spaced steps of an epoch. */
const PROBES_PER_EPOCH = 4;

const floats = (tensor: Tensor): Float32Array => tensor.data as Float32Array;

/** Sums over an epoch or a split, by trial. */
class Sums {
  readonly loss: Float64Array;
  readonly weight: Float64Array;
  readonly confusion: Float64Array;

  constructor(
    readonly trials: number,
    readonly classes: number,
  ) {
    this.loss = new Float64Array(trials);
    this.weight = new Float64Array(trials);
    this.confusion = new Float64Array(trials * classes * classes);
  }

  /** Sums of mini-batches, [steps, T]. */
  addSteps(loss: Float32Array, weight: Float32Array): void {
    for (let i = 0; i < loss.length; i++) {
      this.loss[i % this.trials] += loss[i];
      this.weight[i % this.trials] += weight[i];
    }
  }

  /** The first `count` of each trial's examples, [T, N]: added one by one, so that the sum does not depend on N. */
  addExamples(losses: Float32Array, weights: Float32Array, count: number): void {
    const width = losses.length / this.trials;
    for (let t = 0; t < this.trials; t++) {
      for (let i = t * width; i < t * width + count; i++) {
        this.loss[t] += losses[i];
        this.weight[t] += weights[i];
      }
    }
  }

  /**
   * Counts predictions, [steps, T, N].
   * @param examples the examples of all steps, one after the other, of which the last may be less than N
   * @param labels classes of all examples
   */
  count(predicted: Int32Array, examples: ArrayLike<number>, labels: Uint8Array, width: number): void {
    const { classes, trials } = this;
    for (let i = 0; i < examples.length; i++) {
      const row = classes * labels[examples[i]];
      let at = Math.floor(i / width) * trials * width + (i % width);
      for (let t = 0; t < trials; t++, at += width) this.confusion[t * classes * classes + row + predicted[at]]++;
    }
  }

  measures(trial: number): SplitMeasures {
    const { classes } = this;
    const matrix = Array.from({ length: classes }, (_, k) =>
      Array.from(this.confusion.subarray((trial * classes + k) * classes, (trial * classes + k + 1) * classes)),
    );
    return measures(this.loss[trial] / this.weight[trial], matrix);
  }
}

/** Tensors of a graph's outputs, written into again and again where the backend can. */
const buffersFor = (backend: Backend, outputs: Record<string, TensorType>): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, { shape, dtype }]) => {
      const size = sizeOf(shape);
      return dtype === "int32"
        ? [name, backend.tensor("int32", new Int32Array(size), shape)]
        : [name, backend.tensor("float32", new Float32Array(size), shape)];
    }),
  );

/** The training state in memory, by the names of its tensors. */
type State = Record<string, Float32Array>;

/** What the runs of a step graph share. */
interface StepContext {
  backend: Backend;
  cohort: Cohort;
  /** Examples in the data. */
  total: number;
  /** Images and labels. */
  shared: Record<string, Tensor>;
  /** The factors of each optimizer group at a step counted from 0 over the whole training, [factors, trials]. */
  factors: (step: number) => Float32Array[];
  /** Seed of the step's random numbers. */
  seed: (step: number) => bigint;
}

/** A loop of steps in a session, with the buffers of what it is fed and of what it measures. */
class StepSession {
  readonly #indices: Int32Array;
  readonly #factors: Float32Array[];
  /** Buffers for the measures of so many steps. */
  readonly #measured = new Map<number, Record<string, Tensor>>();

  private constructor(
    /** The most steps of a call. */
    readonly steps: number,
    readonly batchSize: number,
    readonly session: Session,
    private readonly context: StepContext,
    private readonly model: OnnxModel,
  ) {
    this.#indices = new Int32Array(steps * batchSize);
    this.#factors = context.cohort.groups.map(
      ({ factors, trials }) => new Float32Array(steps * factors.length * trials.length),
    );
  }

  static async create(
    context: StepContext,
    batchSize: number,
    steps: number,
    { norms, use }: { norms: boolean; use: "often" | "seldom" },
  ): Promise<StepSession> {
    const graph = stepGraph(context.cohort, { total: context.total, batchSize, steps, norms });
    const model = emitLoop(graph, "step", "training");
    return new StepSession(steps, batchSize, await context.backend.session(model.bytes, use), context, model);
  }

  #buffers(count: number): Record<string, Tensor> {
    const known = this.#measured.get(count);
    if (known) return known;
    const measured = Object.entries(this.model.outputs).filter(([name]) => !name.startsWith(NEXT));
    const stacked = measured.map(([name, { shape, dtype }]) => [name, { shape: [count, ...shape], dtype }] as const);
    const made = buffersFor(this.context.backend, Object.fromEntries(stacked));
    this.#measured.set(count, made);
    return made;
  }

  /**
   * Runs `count` steps from `first` on the examples `order[at…]`.
   * @param state the training state before them
   * @param spare arrays for the state after them
   * @returns the loop's outputs
   */
  run(
    count: number,
    order: Int32Array,
    at: number,
    first: number,
    state: State,
    spare: State,
  ): Promise<Record<string, Tensor>> {
    const { steps, batchSize } = this;
    const { backend, shared, factors, seed } = this.context;
    const { inputs, outputs } = this.model;
    this.#indices.set(order.subarray(at, at + count * batchSize));
    for (let i = 0; i < count; i++) {
      factors(first + i).forEach((row, g) => {
        this.#factors[g].set(row, i * row.length);
      });
    }
    const feeds: Record<string, Tensor> = {
      ...shared,
      [LOOP_COUNT]: backend.tensor("int64", BigInt64Array.of(BigInt(count)), []),
      indices: backend.tensor("int32", this.#indices, [steps, batchSize]),
    };
    this.#factors.forEach((rows, g) => {
      const name = `factors${g}`;
      if (name in inputs) feeds[name] = backend.tensor("float32", rows, inputs[name].shape);
    });
    if ("seeds" in inputs) {
      const seeds = BigInt64Array.from({ length: steps }, (_, i) => seed(first + i));
      feeds.seeds = backend.tensor("int64", seeds, [steps]);
    }
    const into = { ...this.#buffers(count) };
    for (const name of Object.keys(state)) {
      feeds[name] = backend.tensor("float32", state[name], inputs[name].shape);
      into[NEXT + name] = backend.tensor("float32", spare[name], outputs[NEXT + name].shape);
    }
    return this.session.run(feeds, into);
  }
}

/**
 * Trains all trials of a cohort and yields after each epoch. The numbers depend on the task alone: not on the options, nor on
 * whether the training was interrupted and resumed.
 */
export async function* trainCohort(
  task: TrainingTask,
  backend: Backend,
  { stepsPerCall = 1, evaluationBatch = 500, resume, onProgress }: TrainingOptions = {},
): AsyncGenerator<EpochResult> {
  const { cohort, data, batchSize, epochs, seed } = task;
  const { members, groups } = cohort;
  const pixels = sizeOf(cohort.data.shape);
  const total = data.labels.length;
  const shared = {
    images: backend.tensor(cohort.data.pixels, data.images, [total, pixels]),
    labels: backend.tensor("uint8", data.labels, [total]),
  };
  const fullSteps = Math.floor(data.train.length / batchSize);
  const rest = data.train.length % batchSize;
  const stepsPerEpoch = fullSteps + (rest > 0 ? 1 : 0);

  const sessions: Session[] = [];
  const layout = stateOf(cohort);
  const stateFrom = (values: (tensor: StateTensor) => Float32Array): State =>
    Object.fromEntries(layout.map((tensor) => [tensor.name, values(tensor)]));
  let state = stateFrom((tensor) => resume?.state[tensor.name] ?? tensor.initial());
  let spare = stateFrom(({ shape }) => new Float32Array(sizeOf(shape)));

  const learningRate = (trial: number, step: number): number => {
    const { optimizer, schedule } = members[trial];
    const factor = scheduledFactor(schedule.entry, schedule.params, step, stepsPerEpoch, epochs);
    return (optimizer.params.learningRate as number) * factor;
  };
  const factorsAt = (step: number): Float32Array[] =>
    groups.map(({ trials, factors }) => {
      const rows = trials.map((t) => {
        const { entry, params } = members[t].optimizer;
        return entry.factors(params, learningRate(t, step), step + 1);
      });
      return Float32Array.from(factors.flatMap((name) => rows.map((row) => row[name])));
    });
  const noise = random(seed, "noise");
  const seedAt = (step: number): bigint => BigInt(noise.uint32(step) >>> 1);
  const context: StepContext = { backend, cohort, total, shared, factors: factorsAt, seed: seedAt };
  const stepSession = async (batch: number, steps: number, norms: boolean): Promise<StepSession> => {
    const use = norms ? "seldom" : "often"; // probes, and the smaller last batch of an epoch
    const made = await StepSession.create(context, batch, steps, { norms, use });
    sessions.push(made.session);
    return made;
  };

  try {
    const probe = fullSteps > 0 ? await stepSession(batchSize, 1, true) : undefined;
    const probeEvery = Math.max(1, Math.ceil(fullSteps / PROBES_PER_EPOCH));
    const room = Math.min(stepsPerCall, probeEvery - 1); // between two probes
    const free = room > 0 ? await stepSession(batchSize, room, false) : undefined;
    const last = rest > 0 ? await stepSession(rest, 1, true) : undefined;
    const evaluation = await Evaluation.create(backend, task, evaluationBatch, shared);
    sessions.push(evaluation.session);
    const ended = new Map(resume?.ended);

    for (let epoch = (resume?.epoch ?? 0) + 1; epoch <= epochs && ended.size < members.length; epoch++) {
      const begun = performance.now();
      const places = task.order?.(epoch) ?? random(seed, "order", epoch).permutation(data.train.length);
      const order = Int32Array.from(places, (i) => data.train[i]);
      const sums = new Sums(members.length, cohort.data.classes);
      const norms = { total: new Float64Array(members.length), count: 0 };
      const diverged = new Map<string, string>();
      const stepLosses = new Float64Array(stepsPerEpoch * members.length);

      for (let step = 0; step < stepsPerEpoch; ) {
        const isLast = step >= fullSteps;
        const probed = isLast ? fullSteps === 0 : step % probeEvery === 0;
        const left = Math.min(probeEvery - (step % probeEvery), fullSteps - step);
        const session = isLast ? last! : probed ? probe! : free!;
        const count = isLast ? 1 : Math.min(session.steps, left);
        const first = (epoch - 1) * stepsPerEpoch + step;
        const out = await session.run(count, order, step * batchSize, first, state, spare);
        const next = backend.reusesOutputs ? spare : stateFrom(({ name }) => floats(out[NEXT + name]));
        spare = state;
        state = next;

        const loss = floats(out.loss);
        const weight = floats(out.weight);
        sums.addSteps(loss, weight);
        const trained = order.subarray(step * batchSize, step * batchSize + count * session.batchSize);
        sums.count(out.predicted.data as Int32Array, trained, data.labels, session.batchSize);
        loss.forEach((sum, i) => {
          stepLosses[step * members.length + i] = sum / weight[i];
        });
        if (probed) {
          floats(out.norm).forEach((norm, t) => {
            norms.total[t] += norm;
          });
          norms.count++;
        }
        for (let i = 0; i < loss.length; i++) {
          const { id } = members[i % members.length];
          if (Number.isFinite(loss[i]) || ended.has(id) || diverged.has(id)) continue;
          const at = first + Math.floor(i / members.length) + 1;
          diverged.set(id, `training loss became ${loss[i]} at step ${at} (epoch ${epoch})`);
        }
        step += count;
        onProgress?.(count * session.batchSize * members.length);
      }

      const validation = data.validation.length > 0 ? await evaluation.run(data.validation, state) : null;
      const test = await evaluation.run(data.test, state);
      const seconds = (performance.now() - begun) / 1000 / members.length;
      const records = members.flatMap(({ id }, t): EpochRecord[] => {
        if (ended.has(id)) return [];
        const record: EpochRecord = {
          trial: id,
          epoch,
          train: sums.measures(t),
          validation: validation?.measures(t) ?? null,
          test: test.measures(t),
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
        stepLosses,
        state: Object.fromEntries(layout.map(({ name, shape }) => [name, { shape, data: state[name] }])),
      };
    }
  } finally {
    for (const session of sessions) await session.release();
  }
}

/** The evaluation graph in a session. */
class Evaluation {
  readonly #into: Record<string, Tensor>;

  private constructor(
    readonly session: Session,
    readonly backend: Backend,
    readonly task: TrainingTask,
    readonly batch: number,
    readonly shared: Record<string, Tensor>,
    outputs: Record<string, Expr>,
  ) {
    this.#into = buffersFor(backend, outputs);
  }

  static async create(backend: Backend, task: TrainingTask, batch: number, shared: Record<string, Tensor>) {
    const outputs = evaluationGraph(task.cohort, { total: task.data.labels.length, batchSize: batch });
    return new Evaluation(
      await backend.session(emit(outputs, "evaluation").bytes, "seldom"),
      backend,
      task,
      batch,
      shared,
      outputs,
    );
  }

  async run(examples: Uint32Array, state: State): Promise<Sums> {
    const { backend, batch, task } = this;
    const { members, model, data } = task.cohort;
    const own = Object.fromEntries(
      Object.entries({ ...model.parameters, ...model.buffers }).map(([name, { shape }]) => [
        name,
        backend.tensor("float32", evaluatedTensor(task.cohort, state, name), [members.length, ...shape]),
      ]),
    );
    const sums = new Sums(members.length, data.classes);
    for (let at = 0; at < examples.length; at += batch) {
      const indices = new Int32Array(batch);
      const part = examples.subarray(at, at + batch);
      indices.set(part);
      const feeds = {
        ...this.shared,
        ...own,
        indices: backend.tensor("int32", indices, [batch]),
      };
      const out = await this.session.run(feeds, this.#into);
      sums.addExamples(floats(out.losses), floats(out.weights), part.length);
      sums.count(out.predicted.data as Int32Array, part, task.data.labels, batch);
    }
    return sums;
  }
}
