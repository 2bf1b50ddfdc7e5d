/** A plan in the portions in which it can be trained: all at once, or stage after stage where the study tunes. */
import type { Role, RunInfo, Trial } from "../run/records.ts";
import type { Store } from "../store/store.ts";
import type { Plan, PlannedCohort } from "../study/plan.ts";
import type { Stage } from "../study/tune/stages.ts";

/** A stage of a study that tunes. */
export interface StageInfo extends Pick<Stage, "title" | "purpose" | "trials" | "roles"> {
  /** From 0. */
  number: number;
  count: number;
}

/** What can be trained without waiting for anything. */
export interface Work {
  trials: readonly Trial[];
  cohorts: readonly PlannedCohort[];
  /** Only of a study that tunes. */
  stage?: StageInfo;
}

/** Whether a run is one of the plan. Of a study that tunes, what was chosen stands behind what was known beforehand. */
export function isRunOf({ trials, stages }: Plan, run: Pick<RunInfo, "trials">): boolean {
  const beforehand = stages ? run.trials.slice(0, trials.length) : run.trials;
  return String(beforehand) === String(trials.map(({ id }) => id));
}

/** Whether what is trained later follows from what is trained first: somebody must be there to see it. */
export const inPortions = ({ stages, study }: Plan): boolean => Boolean(stages ?? study.until);

/**
 * The portions of a plan; each must be done before the next is asked for. What a stage chooses follows from what the store has of the
 * stages before, so that a run that goes on after an interruption chooses the same.
 */
export async function* workOf({ trials, cohorts, stages }: Plan, store: Store, run: string): AsyncGenerator<Work> {
  if (!stages) {
    yield { trials, cohorts };
    return;
  }
  const roles = new Map<string, Role[]>();
  const done: string[] = [];
  for (let number = 0; number < stages.count; number++) {
    const stage = stages.stage(number, await store.validations(done));
    const { trials, cohorts } = stage;
    for (const [trial, more] of stage.roles) roles.set(trial, [...(roles.get(trial) ?? []), ...more]);
    await store.extendRun(run, trials, roles);
    yield { trials, cohorts, stage: { ...stage, number, count: stages.count } };
    done.push(...trials.map(({ id }) => id));
  }
}
