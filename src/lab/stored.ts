/** What the store has of a study, without training anything. */
import type { TrialResult } from "../run/records.ts";
import type { Store } from "../store/store.ts";
import type { Plan } from "../study/plan.ts";
import { isRunOf } from "./work.ts";

/** The newest run of a study whose trials are those of the plan and have all ended; null when there is none. */
export async function finishedRun(plan: Plan, store: Store): Promise<string | null> {
  const { study, trials } = plan;
  const ids = trials.map(({ id }) => id);
  if ((await store.findTrials(ids)).size < ids.length) return null;
  for (const { id, study: name, state } of await store.runs()) {
    if (name === study.name && state === "finished" && isRunOf(plan, await store.run(id))) return id;
  }
  return null;
}

/** Those of a plan's trials that any run of any study has in the store, with their epochs. */
export async function storedTrials({ trials }: Plan, store: Store): Promise<TrialResult[]> {
  const wanted = new Set((await store.findTrials(trials.map(({ id }) => id))).keys());
  const found = new Map<string, TrialResult>();
  for (const { id } of await store.runs()) {
    if (found.size === wanted.size) break;
    const run = await store.run(id);
    if (!run.trials.some((trial) => wanted.has(trial) && !found.has(trial))) continue;
    for (const result of (await store.results(id, { confusions: false })).trials) {
      if (wanted.has(result.trial.id)) found.set(result.trial.id, result);
    }
  }
  return trials.flatMap(({ id }) => found.get(id) ?? []);
}
