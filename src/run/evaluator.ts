/** One trained trial at work: what its network and its loss make of given inputs, and the loss's gradient for these inputs. */
import { emit } from "../onnx/emit.ts";
import { cast, type Expr, filled, grad, input, oneHot, sizeOf, sum } from "../tensor/index.ts";
import { choose } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import { type Loss, termsOf } from "../zoo/losses/loss.ts";
import { type BuiltModel, buildModel } from "../zoo/models/model.ts";
import type { Backend, Session, Tensor } from "./backend.ts";
import type { Averaged, CohortData, Member } from "./cohort.ts";
import type { Inputs } from "./inputs.ts";
import type { Objective } from "./observations.ts";

/** Parameters and buffers of one trial by name, without a trial axis. */
export type TrialState = Readonly<Record<string, Float32Array>>;

/** What a trial makes of n examples. */
export interface Outputs {
  /** [n · C] */
  logits: Float32Array;
  /** The trial's own losses, as its evaluation measures them, [n]. */
  losses: Float32Array;
  /** The weights by whose sum their sum is divided, [n]. */
  weights: Float32Array;
}

/** What decides a trial's graph: trials that agree in it share an evaluator. */
export type Evaluated = Pick<Member, "model" | "activation" | "loss">;

export class Evaluator {
  readonly #model: BuiltModel;
  readonly #sessions = new Map<string, Session>();

  constructor(
    readonly backend: Backend,
    readonly trial: Evaluated,
    readonly data: CohortData,
    /** Examples in one call. */
    readonly batch: number,
  ) {
    const { entry, params } = trial.model;
    this.#model = buildModel(entry, params, data.shape, data.classes);
  }

  /** Values of one example. */
  get size(): number {
    return sizeOf(this.data.shape);
  }

  /** Logits, losses and weights of all given examples. */
  async outputs(state: TrialState, { labels, write }: Inputs): Promise<Outputs> {
    const { batch, size } = this;
    const { classes } = this.data;
    const n = labels.length;
    const all = { logits: new Float32Array(n * classes), losses: new Float32Array(n), weights: new Float32Array(n) };
    const x = new Float32Array(batch * size);
    for (let at = 0; at < n; at += batch) {
      const count = Math.min(batch, n - at);
      for (let i = 0; i < count; i++) write(at + i, x.subarray(i * size, (i + 1) * size));
      const out = await this.#run("outputs", state, x, labels, at, count);
      all.logits.set(floats(out.logits).subarray(0, count * classes), at * classes);
      all.losses.set(floats(out.losses).subarray(0, count), at);
      all.weights.set(floats(out.weights).subarray(0, count), at);
    }
    return all;
  }

  /**
   * Gradients of the examples' losses for their inputs.
   * @param x [n · size], n at most the evaluator's batch
   * @param labels of all examples, of which those from `at` on are meant
   */
  async gradient(
    state: TrialState,
    x: Float32Array,
    labels: ArrayLike<number>,
    at: number,
    objective: Objective,
  ): Promise<Float32Array> {
    const { batch, size } = this;
    const count = x.length / size;
    const fed = new Float32Array(batch * size);
    fed.set(x);
    const out = await this.#run(objective, state, fed, labels, at, count);
    return floats(out.gradient).slice(0, count * size);
  }

  async release(): Promise<void> {
    for (const session of this.#sessions.values()) await session.release();
    this.#sessions.clear();
  }

  async #run(
    what: "outputs" | Objective,
    state: TrialState,
    x: Float32Array,
    labels: ArrayLike<number>,
    at: number,
    count: number,
  ): Promise<Record<string, Tensor>> {
    const { backend, batch, data } = this;
    let session = this.#sessions.get(what);
    if (!session) {
      const graph = what === "outputs" ? this.#outputs() : { gradient: this.#gradient(what) };
      session = await backend.session(emit(graph, what, await backend.dialect?.()).bytes, "seldom");
      this.#sessions.set(what, session);
    }
    const classes = Int32Array.from({ length: batch }, (_, i) => (i < count ? labels[at + i] : 0));
    return session.run({
      x: backend.tensor("float32", x, [batch, ...data.shape]),
      labels: backend.tensor("int32", classes, [batch]),
      ...Object.fromEntries(
        Object.entries({ ...this.#model.parameters, ...this.#model.buffers }).map(([name, { shape }]) => [
          name,
          backend.tensor("float32", state[name], shape),
        ]),
      ),
    });
  }

  #forward(): { x: Expr; logits: Expr; targets: Expr } {
    const { trial, data, batch } = this;
    const { activation } = trial;
    const x = input("x", [batch, ...data.shape]);
    const tensors = Object.entries({ ...this.#model.parameters, ...this.#model.buffers });
    const { logits } = this.#model.forward(
      x,
      Object.fromEntries(tensors.map(([name, { shape }]) => [name, input(name, shape)])),
      {
        training: false,
        activation: (v) => activation.entry.apply(v, activation.params),
        poolFirst: activation.entry.monotone,
      },
    );
    return { x, logits, targets: oneHot(cast(input("labels", [batch], "int32"), "int64"), data.classes) };
  }

  #outputs(): Record<string, Expr> {
    const { logits, targets } = this.#forward();
    const { entry, params } = this.trial.loss;
    const { classes, classCounts } = this.data;
    const terms = termsOf(entry.perExample(logits, targets, params, { classes, classCounts, training: false }));
    return { logits, losses: terms.perExample, weights: terms.weights ?? filled([this.batch], 1) };
  }

  #gradient(objective: Objective): Expr {
    const { x, logits, targets } = this.#forward();
    const { entry, params } = objective === "own" ? this.trial.loss : choose<Loss>("loss", zoo.losses, "ce");
    const { classes, classCounts } = this.data;
    const terms = termsOf(entry.perExample(logits, targets, params, { classes, classCounts, training: false }));
    return grad(sum(terms.perExample), [x])[0];
  }
}

const floats = (tensor: Tensor): Float32Array => tensor.data as Float32Array;

/**
 * The part of a cohort's training state that one of its trials is evaluated with, copied.
 * @param averaged trials whose averages stand in for their parameters
 */
export function trialState(
  state: Readonly<Record<string, { shape: readonly number[]; data: Float32Array }>>,
  place: number,
  averaged: readonly Averaged[],
): TrialState {
  const own = averaged.find(({ first, count }) => place >= first && place < first + count);
  const part = ({ shape, data }: { shape: readonly number[]; data: Float32Array }, at: number): Float32Array => {
    const size = data.length / shape[0];
    return data.slice(at * size, (at + 1) * size);
  };
  const named = Object.entries(state).filter(([name]) => !name.startsWith("slot"));
  return Object.fromEntries(
    named.map(([name, tensor]) => {
      const average = own && state[own.prefix + name];
      return [name, average ? part(average, place - own.first) : part(tensor, place)];
    }),
  );
}
