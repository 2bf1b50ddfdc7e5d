/** Made-up results in a store, as a run would have left them. */
import type { RunResults, TrialResult } from "../src/run/records.ts";
import type { Store } from "../src/store/store.ts";

const COHORT = "c";

export async function beginRun(store: Store, { run, trials }: RunResults): Promise<void> {
  await store.createRun(run, trials.map((t) => t.trial)); // biome-ignore format: one line
  await store.startCohort({ id: COHORT, run: run.id, trials: trials.map((t) => t.trial.id), model: "m" });
}

/** With what was observed of it. */
export async function saveEpoch(store: Store, { trials }: RunResults, epoch: number): Promise<void> {
  const of = <T extends { epoch: number }>(all: readonly T[]): T[] => all.filter((each) => each.epoch === epoch);
  const observed = trials.flatMap((t) => of(t.observations).map((o) => ({ ...o, trial: t.trial.id })));
  await store.saveEpoch(COHORT, epoch, trials.flatMap((t) => of(t.history)), null, observed); // biome-ignore format: one line
}

/** From its beginning to its end. */
export async function saveRun(store: Store, results: RunResults): Promise<void> {
  await beginRun(store, results);
  const epochs = Math.max(...results.trials.map((t) => t.history.length));
  for (let epoch = 1; epoch <= epochs; epoch++) await saveEpoch(store, results, epoch);
  const outcome = ({ trial, status, reason }: TrialResult) => ({ trial: trial.id, status: status as "done", reason });
  await store.finishTrials(COHORT, results.trials.map(outcome)); // biome-ignore format: one line
}
