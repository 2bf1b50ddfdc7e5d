/** The step loop: trains a cohort, epoch by epoch. Runs wherever an ONNX runtime does. */
import { emit } from "../onnx/emit.ts";
import { type Expr, sizeOf } from "../tensor/index.ts";
import { random } from "../util/random.ts";
import { scheduledFactor } from "../zoo/schedules/schedule.ts";
import type { Backend, Session, Tensor } from "./backend.ts";
import { type Cohort, evaluationGraph, type StateTensor, stateOf, stepGraph } from "./cohort.ts";
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
  /** Training steps in one call of the runtime. */
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
const buffersFor = (backend: Backend, outputs: Record<string, Expr>): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, { shape, dtype }]) => {
      const size = sizeOf(shape);
      return dtype === "int32"
        ? [name, backend.tensor("int32", new Int32Array(size), shape)]
        : [name, backend.tensor("float32", new Float32Array(size), shape)];
    }),
  );

/** The training state in memory. */
interface State {
  arrays: Record<string, Float32Array>;
  /** The same as a step graph's inputs. */
  tensors: Record<string, Tensor>;
}

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

/** A step graph in a session, with the buffers of what it measures. */
class StepSession {
  private constructor(
    readonly steps: number,
    readonly batchSize: number,
    readonly session: Session,
    private readonly context: StepContext,
    private readonly measured: Record<string, Tensor>,
    /** Shapes of the next state, which may be others of equal size than those of the state. */
    private readonly nextShapes: Record<string, readonly number[]>,
    private readonly inputs: ReadonlySet<string>,
  ) {}

  static async create(context: StepContext, batchSize: number, steps: number, norms: boolean): Promise<StepSession> {
    const outputs = stepGraph(context.cohort, { total: context.total, batchSize, steps, norms });
    const model = emit(outputs, "step");
    const isNext = (name: string): boolean => name.startsWith("next.");
    const all = Object.entries(outputs);
    const buffers = buffersFor(context.backend, Object.fromEntries(all.filter(([name]) => !isNext(name))));
    const next = Object.fromEntries(all.filter(([name]) => isNext(name)).map(([name, { shape }]) => [name, shape]));
    const session = await context.backend.session(model.bytes);
    return new StepSession(steps, batchSize, session, context, buffers, next, new Set(Object.keys(model.inputs)));
  }

  /**
   * Runs the steps from `first` on examples `order[at…]`.
   * @param state the training state before them
   * @param spare tensors for the state after them
   * @returns the graph's outputs
   */
  run(order: Int32Array, at: number, first: number, state: State, spare: State): Promise<Record<string, Tensor>> {
    const { steps, batchSize } = this;
    const { backend, cohort, shared, factors, seed } = this.context;
    const indices = order.subarray(at, at + steps * batchSize);
    const feeds: Record<string, Tensor> = {
      ...shared,
      ...state.tensors,
      indices: backend.tensor("int32", indices, [steps, batchSize]),
    };
    const each = Array.from({ length: steps }, (_, i) => factors(first + i));
    cohort.groups.forEach((group, g) => {
      if (!this.inputs.has(`factors${g}`)) return;
      const size = each[0][g].length;
      const all = new Float32Array(steps * size);
      each.forEach((groups, i) => {
        all.set(groups[g], i * size);
      });
      feeds[`factors${g}`] = backend.tensor("float32", all, [steps, group.factors.length, group.trials.length]);
    });
    if (this.inputs.has("seeds")) {
      const seeds = BigInt64Array.from({ length: steps }, (_, i) => seed(first + i));
      feeds.seeds = backend.tensor("int64", seeds, [steps]);
    }
    const into = { ...this.measured };
    for (const [name, values] of Object.entries(spare.arrays)) {
      const next = `next.${name}`;
      into[next] = backend.tensor("float32", values, this.nextShapes[next]);
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
  const stateFrom = (values: (tensor: StateTensor) => Float32Array): State => {
    const arrays = Object.fromEntries(layout.map((tensor) => [tensor.name, values(tensor)]));
    const tensors = layout.map(({ name, shape }) => [name, backend.tensor("float32", arrays[name], shape)] as const);
    return { arrays, tensors: Object.fromEntries(tensors) };
  };
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
    const made = await StepSession.create(context, batch, steps, norms);
    sessions.push(made.session);
    return made;
  };

  try {
    const probe = fullSteps > 0 ? await stepSession(batchSize, 1, true) : undefined;
    const probeEvery = Math.max(1, Math.ceil(fullSteps / PROBES_PER_EPOCH));
    // Between two probes as many steps go into a call as there is room for; what is left over is done by the probe, too.
    const room = Math.min(stepsPerCall, probeEvery - 1);
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
        const session = isLast ? last! : !probed && free && left >= free.steps ? free : probe!;
        const first = (epoch - 1) * stepsPerEpoch + step;
        const out = await session.run(order, step * batchSize, first, state, spare);
        const next = backend.reusesOutputs ? spare : stateFrom(({ name }) => floats(out[`next.${name}`]));
        spare = state;
        state = next;

        const loss = floats(out.loss);
        const weight = floats(out.weight);
        sums.addSteps(loss, weight);
        const trained = order.subarray(step * batchSize, step * batchSize + session.steps * session.batchSize);
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
        step += session.steps;
        onProgress?.(session.steps * session.batchSize * members.length);
      }

      const validation = data.validation.length > 0 ? await evaluation.run(data.validation, state.tensors) : null;
      const test = await evaluation.run(data.test, state.tensors);
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
        state: Object.fromEntries(layout.map(({ name, shape }) => [name, { shape, data: state.arrays[name] }])),
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
      await backend.session(emit(outputs, "evaluation").bytes),
      backend,
      task,
      batch,
      shared,
      outputs,
    );
  }

  async run(examples: Uint32Array, state: Record<string, Tensor>): Promise<Sums> {
    const { backend, batch, task } = this;
    const { members, model, data } = task.cohort;
    const own = Object.fromEntries(
      [...Object.keys(model.parameters), ...Object.keys(model.buffers)].map((name) => [name, state[name]]),
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
