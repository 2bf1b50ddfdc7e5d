/** A run whose study tunes has trials of three kinds; a comparison is made of one of them. */
import type { Role, RunResults, TrialResult } from "../run/records.ts";
import { masked } from "../study/tune/mask.ts";

export const roleOf = <S extends Role["stage"]>({ roles = [] }: TrialResult, stage: S) =>
  roles.find((role): role is Extract<Role, { stage: S }> => role.stage === stage);

/** The results of those trials alone. */
const only = ({ run, trials }: RunResults, keep: (trial: TrialResult) => boolean): RunResults => {
  const kept = trials.filter(keep);
  return { run: { ...run, trials: kept.map((t) => t.trial.id) }, trials: kept };
};

/** Whether the study of the run tunes. */
export const tunes = ({ trials }: RunResults): boolean => trials.some((t) => t.roles);

/** The comparison with the hyperparameters that the study states, as a run that tunes nothing: all of the run where nothing is tuned. */
export function untuned(results: RunResults): RunResults {
  if (!tunes(results)) return results;
  const { run, trials } = only(results, (t) => roleOf(t, "untuned") !== undefined);
  return { run, trials: trials.map(({ roles: _, ...t }) => t) };
}

/**
 * The comparison that a report is about: each configuration with its own tuned hyperparameters where the study tunes and has come so
 * far, else with those that the study states.
 */
export function compared(results: RunResults): RunResults {
  const { run, trials } = only(results, (t) => roleOf(t, "tuned") !== undefined);
  if (trials.length === 0) return untuned(results);
  return { run, trials: trials.map((t) => ({ ...t, trial: masked(t.trial, roleOf(t, "tuned")!.values) })) };
}
