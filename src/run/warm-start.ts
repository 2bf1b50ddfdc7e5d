/** Trainings that begin with the weights that another training left. */
import type { Backend } from "./backend.ts";
import type { State } from "./buffers.ts";
import { type Cohort, cohort } from "./cohort.ts";
import { type EpochResult, type TrainingOptions, type TrainingTask, trainCohort } from "./train.ts";

/** The cohort of the training before: the same members under their earlier optimizer; null where there is none. */
export function cohortBefore({ members, data }: Cohort, epochs: number): { cohort: Cohort; epochs: number } | null {
  const before = members.map(({ warmStart: { entry, params } }) => entry.before(params, epochs));
  const [first] = before;
  if (!first) return null;
  return {
    cohort: cohort(
      members.map((member, i) => ({ ...member, optimizer: before[i]!.optimizer })),
      data,
    ),
    epochs: first.epochs,
  };
}

/** Parameters and buffers, moved to the places that the trials have in another cohort. Optimizers' tensors are left behind. */
export function carriedOver(from: Cohort, state: Readonly<State>, to: Cohort): State {
  const place = new Map(from.members.map(({ id }, i) => [id, i]));
  const names = Object.keys({ ...to.model.parameters, ...to.model.buffers });
  return Object.fromEntries(
    names.map((name) => {
      const all = new Float32Array(state[name].length);
      const size = all.length / to.members.length;
      to.members.forEach(({ id }, i) => {
        const at = place.get(id)! * size;
        all.set(state[name].subarray(at, at + size), i * size);
      });
      return [name, all];
    }),
  );
}

const ofState = (state: EpochResult["state"]): State =>
  Object.fromEntries(Object.entries(state).map(([name, { data }]) => [name, data.slice()]));

/**
 * Trains a cohort as `trainCohort` does, after the training before if its members have one. The epochs of that one are numbered up to 0
 * and have no records: they belong to another optimizer. A trial that diverges in them is ended.
 */
export async function* trainWarm(
  task: TrainingTask,
  backend: Backend,
  options: TrainingOptions = {},
): AsyncGenerator<EpochResult> {
  const before = cohortBefore(task.cohort, task.epochs);
  if (!before || (options.resume && options.resume.epoch > 0)) {
    yield* trainCohort(task, backend, options);
    return;
  }
  const { resume, ...others } = options;
  const { measure: _, ...rest } = task; // no record is kept
  const earlier = { ...rest, cohort: before.cohort, epochs: before.epochs };
  const resumed = resume && { ...resume, epoch: resume.epoch + before.epochs };
  const ended = new Map(resume?.ended);
  let state = resume?.state;
  for await (const result of trainCohort(earlier, backend, { ...others, ...(resumed && { resume: resumed }) })) {
    const diverged = new Map([...result.diverged].map(([id, reason]) => [id, `${reason} of the training before`]));
    for (const [id, reason] of diverged) ended.set(id, reason);
    state = ofState(result.state);
    yield { ...result, epoch: result.epoch - before.epochs, records: [], diverged };
  }
  // What is missing in this state begins anew: the optimizers' tensors.
  const begin = carriedOver(before.cohort, state!, task.cohort);
  yield* trainCohort(task, backend, { ...others, resume: { epoch: 0, state: begin, ended } });
}
