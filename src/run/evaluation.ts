/** The evaluation of all trials of a cohort on a split. */
import { emit } from "../onnx/emit.ts";
import { sizeOf } from "../tensor/index.ts";
import type { Backend, Session, Tensor } from "./backend.ts";
import { buffersFor, floats, type State } from "./buffers.ts";
import { evaluatedTensor, evaluationGraph } from "./cohort.ts";
import { Sums } from "./sums.ts";
import type { TrainingTask } from "./train.ts";

/** The examples of a task, as its graphs are fed them. */
export function examplesOf(backend: Backend, { cohort, data }: TrainingTask): Record<string, Tensor> {
  const total = data.labels.length;
  return {
    images: backend.tensor(cohort.data.pixels, data.images, [total, sizeOf(cohort.data.shape)]),
    labels: backend.tensor("uint8", data.labels, [total]),
  };
}

/**
 * The evaluation graph in a session, for batches of one size. The size is a function of the study alone, not of what is fastest on this
 * machine: kernels treat the rows at the end of a batch differently, and the last bits of a loss would follow.
 */
export class Evaluation {
  private constructor(
    readonly session: Session,
    readonly backend: Backend,
    readonly task: TrainingTask,
    readonly batch: number,
    readonly shared: Record<string, Tensor>,
    private readonly into: Record<string, Tensor>,
  ) {}

  static async create(
    backend: Backend,
    task: TrainingTask,
    batch: number,
    shared: Record<string, Tensor>,
  ): Promise<Evaluation> {
    const outputs = evaluationGraph(task.cohort, { total: task.data.labels.length, batchSize: batch });
    const session = await backend.session(emit(outputs, "evaluation", await backend.dialect?.()).bytes, "seldom");
    return new Evaluation(session, backend, task, batch, shared, buffersFor(backend, outputs));
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
      const feeds = { ...this.shared, ...own, indices: backend.tensor("int32", indices, [batch]) };
      const out = await this.session.run(feeds, this.into);
      sums.addExamples(floats(out.losses), floats(out.weights), part.length);
      sums.count(out.predicted.data as Int32Array, part, task.data.labels, batch);
    }
    return sums;
  }
}
