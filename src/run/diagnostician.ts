/** Looks at training steps beside the step loop, with a graph and a session of its own: the training is the same with it or without. */
import { emit } from "../onnx/emit.ts";
import type { Session, Tensor } from "./backend.ts";
import { floats, type State } from "./buffers.ts";
import { type EpochDiagnosis, type LayerDiagnosis, layerOf } from "./diagnosis.ts";
import { diagnosticGraph } from "./diagnostic-graph.ts";
import type { StepContext } from "./step-session.ts";

/** What a pass is fed: one step's row of what the loop is fed for several. */
export function passFeeds(
  { backend, shared, seed, drawn }: Pick<StepContext, "backend" | "shared" | "seed" | "drawn">,
  inputs: Readonly<Record<string, { shape: readonly number[] }>>,
  examples: Int32Array,
  step: number,
  state: State,
): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {
    ...Object.fromEntries(Object.entries(shared).filter(([name]) => name in inputs)),
    step: backend.tensor("int64", BigInt64Array.of(0n), []),
    indices: backend.tensor("int32", examples, [1, examples.length]),
  };
  if ("seeds" in inputs) feeds.seeds = backend.tensor("int64", BigInt64Array.of(seed(step)), [1]);
  if ("drawn" in inputs) feeds.drawn = backend.tensor("float32", drawn(step, examples.length), inputs.drawn.shape);
  for (const [name, values] of Object.entries(state))
    if (name in inputs) feeds[name] = backend.tensor("float32", values, inputs[name].shape);
  return feeds;
}

/** Square of the Euclidean norm of a trial's part. */
function squared(values: Float32Array, trial: number, trials: number): number {
  const size = values.length / trials;
  let total = 0;
  for (let i = trial * size; i < (trial + 1) * size; i++) total += values[i] * values[i];
  return total;
}

function squaredChange(before: Float32Array, after: Float32Array, trial: number, trials: number): number {
  const size = before.length / trials;
  let total = 0;
  for (let i = trial * size; i < (trial + 1) * size; i++) total += (after[i] - before[i]) ** 2;
  return total;
}

export class Diagnostician {
  /** Sums over the steps that were looked at, by trial. */
  #sums: EpochDiagnosis[] = [];
  #steps = 0;

  private constructor(
    readonly session: Session,
    private readonly context: StepContext,
    private readonly inputs: Readonly<Record<string, { shape: readonly number[] }>>,
    private readonly layers: Map<string, string[]>,
    private readonly activations: number,
  ) {}

  static async create(context: StepContext, batchSize: number): Promise<Diagnostician> {
    const { backend, cohort, total } = context;
    const graph = diagnosticGraph(cohort, { total, batchSize });
    const model = emit(graph, "diagnosis", await backend.dialect?.());
    const layers = new Map<string, string[]>();
    for (const name of Object.keys(cohort.model.parameters)) {
      const layer = layerOf(name);
      layers.set(layer, [...(layers.get(layer) ?? []), name]);
    }
    const activations = Object.keys(graph).filter((name) => name.startsWith("dead.")).length;
    return new Diagnostician(await backend.session(model.bytes, "seldom"), context, model.inputs, layers, activations);
  }

  /**
   * Looks at one step.
   * @param examples of its mini-batch
   * @param step counted from 0 over the whole training
   */
  async look(examples: Int32Array, step: number, before: State, after: State): Promise<void> {
    const trials = this.context.cohort.members.length;
    const out = await this.session.run(passFeeds(this.context, this.inputs, examples, step, before));
    const norms = Object.fromEntries(Object.entries(out).map(([name, tensor]) => [name, floats(tensor)]));
    const found = Array.from({ length: trials }, (_, t): EpochDiagnosis => {
      const layers = [...this.layers].map(([layer, tensors]): LayerDiagnosis => {
        const total = (of: (name: string) => number): number =>
          Math.sqrt(tensors.reduce((sum, name) => sum + of(name), 0));
        const weightNorm = total((name) => squared(before[name], t, trials));
        return {
          layer,
          gradientNorm: total((name) => norms[`gradient.${name}`][t] ** 2),
          weightNorm,
          updateRatio: total((name) => squaredChange(before[name], after[name], t, trials)) / weightNorm,
        };
      });
      const activations = Array.from({ length: this.activations }, (_, i) => ({
        activation: `activation ${i + 1}`,
        saturated: norms[`saturated.${i}`][t],
        dead: norms[`dead.${i}`][t],
      }));
      return { layers, activations };
    });
    this.#sums = this.#steps === 0 ? found : this.#sums.map((sum, t) => combined(sum, found[t], (a, b) => a + b));
    this.#steps++;
  }

  /** The means of what was seen since the last time, for each trial; null when nothing was. */
  take(): EpochDiagnosis[] | null {
    const { length } = this.#sums;
    const steps = this.#steps;
    const means = this.#sums.map((sum) => combined(sum, sum, (a) => a / steps));
    this.#sums = [];
    this.#steps = 0;
    return length > 0 ? means : null;
  }
}

function combined(a: EpochDiagnosis, b: EpochDiagnosis, f: (a: number, b: number) => number): EpochDiagnosis {
  return {
    layers: a.layers.map((own, i) => ({
      layer: own.layer,
      gradientNorm: f(own.gradientNorm, b.layers[i].gradientNorm),
      weightNorm: f(own.weightNorm, b.layers[i].weightNorm),
      updateRatio: f(own.updateRatio, b.layers[i].updateRatio),
    })),
    activations: a.activations.map((own, i) => ({
      activation: own.activation,
      saturated: f(own.saturated, b.activations[i].saturated),
      dead: f(own.dead, b.activations[i].dead),
    })),
  };
}
