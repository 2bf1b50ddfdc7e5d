/** A loop of training steps as an ONNX session. */
import { emitLoop, LOOP_COUNT, NEXT, type OnnxModel } from "../onnx/emit.ts";
import { sizeOf } from "../tensor/index.ts";
import type { Backend, Session, Tensor } from "./backend.ts";
import { buffersFor, type State } from "./buffers.ts";
import { type Cohort, stepGraph } from "./cohort.ts";

/** What the runs of a step graph share. */
export interface StepContext {
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
  /** The augmentation's numbers for the examples of a step, [B, draws]. */
  drawn: (step: number, batch: number) => Float32Array;
}

/** A loop of steps in a session, with the buffers of what it is fed and of what it measures. */
export class StepSession {
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
    const model = emitLoop(graph, "step", "training", await context.backend.dialect?.());
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
    const { backend, shared, factors, seed, drawn } = this.context;
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
    if ("drawn" in inputs) {
      const { shape } = inputs.drawn;
      const rows = new Float32Array(sizeOf(shape));
      for (let i = 0; i < count; i++) rows.set(drawn(first + i, batchSize), (i * rows.length) / steps);
      feeds.drawn = backend.tensor("float32", rows, shape);
    }
    const into = { ...this.#buffers(count) };
    for (const name of Object.keys(state)) {
      feeds[name] = backend.tensor("float32", state[name], inputs[name].shape);
      into[NEXT + name] = backend.tensor("float32", spare[name], outputs[NEXT + name].shape);
    }
    return this.session.run(feeds, into);
  }
}
