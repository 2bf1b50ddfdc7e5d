/** What is to be done of a study, in the portions in which threads and workers do it. Plain data: jobs may wait in a store's queue. */
import type { Question } from "../run/observations.ts";
import type { FinishedTrial } from "../store/store.ts";
import { cohortId, type PlannedCohort } from "../study/plan.ts";
import type { Work } from "./work.ts";

/** Trains a cohort. */
export interface TrainJob {
  kind: "train";
  cohort: PlannedCohort;
  /** What the study asks of its trials once they are trained. */
  asked: readonly Question[];
}

/** Finds out about trained trials of one cohort of the store what the study asks and is not known. */
export interface ExamineJob {
  kind: "examine";
  /** The cohort that trained them. */
  cohort: string;
  trials: string[];
  data: PlannedCohort["data"];
  /** Of the data's conditions. */
  seed: number;
  asked: readonly Question[];
}

export type Job = TrainJob | ExamineJob;

/** A cohort without the trials that are in the store already; another cohort then, with an identity of its own. */
export function remaining(cohort: PlannedCohort, known: ReadonlyMap<string, unknown>): PlannedCohort | null {
  const trials = cohort.trials.filter((id) => !known.has(id));
  if (trials.length === 0) return null;
  if (trials.length === cohort.trials.length) return cohort;
  return { ...cohort, trials, id: cohortId(trials) };
}

/** What follows on the training of a cohort. */
export const examinationOf = ({ cohort: { id, trials, data, seed }, asked }: TrainJob): ExamineJob => ({
  kind: "examine",
  cohort: id,
  trials,
  data,
  seed,
  asked,
});

/** The trials that were trained before, by the cohorts that trained them. */
function examinations({ cohorts }: Work, known: Known, asked: readonly Question[]): ExamineJob[] {
  const found = new Map<string, ExamineJob>();
  for (const { trials, data, seed } of cohorts) {
    for (const trial of trials) {
      const cohort = known.get(trial)?.cohort;
      if (!cohort) continue;
      const key = JSON.stringify([cohort, data, seed]);
      const before = found.get(key)?.trials ?? [];
      found.set(key, { kind: "examine", cohort, data, seed, asked, trials: [...before, trial] });
    }
  }
  return [...found.values()];
}

type Known = ReadonlyMap<string, Pick<FinishedTrial, "cohort">>;

/**
 * The jobs of a portion of work, those first that take longest.
 * @param known the trials that need no more training
 * @param asked what the study asks of trained trials
 */
export function jobsOf(
  work: Work,
  known: Known,
  asked: readonly Question[],
): { cohorts: PlannedCohort[]; jobs: Job[] } {
  const cohorts = work.cohorts
    .map((cohort) => remaining(cohort, known))
    .filter((cohort) => cohort !== null)
    .sort((a, b) => b.work - a.work);
  const training = cohorts.map((cohort): Job => ({ kind: "train", cohort, asked }));
  return { cohorts, jobs: asked.length > 0 ? [...training, ...examinations(work, known, asked)] : training };
}
