/** The runs that a reader looks at, one or several as if they were one, with what all views of them are made from. */
import { atChance, chance } from "../report/chance.ts";
import { type Comparisons, comparisonsOf } from "../report/comparisons.ts";
import { type Configuration, configurations } from "../report/configurations.ts";
import { type Factor, varying } from "../report/factors.ts";
import { type RankingRow, rankConfigurations } from "../report/ranking.ts";
import { compared } from "../report/stages.ts";
import type { RunInfo, RunResults, TrialResult } from "../run/records.ts";
import type { Store } from "../store/store.ts";
import { designOf } from "../study/until.ts";

export interface Selection {
  ids: string[];
  runs: RunInfo[];
  /** Of all runs together, of what their reports compare; of each trial's epochs the last and the best. */
  results: RunResults;
  configurations: Configuration[];
  factors: Factor[];
  chance: number | null;
  /** All pairs and the ranking take a moment where there are many: when they are asked for. */
  judged(): Promise<{ configurations: Configuration[]; comparisons: Comparisons; rows: RankingRow[] }>;
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/**
 * Trials of several runs, each once, in the order of the runs. Where one of these added its seeds look by look, the tests of all must know
 * it: the first such run says how.
 */
function merged(all: readonly RunResults[]): RunResults {
  if (all.length === 1) return all[0];
  const trials = new Map<string, TrialResult>(all.flatMap((r) => r.trials.map((t) => [t.trial.id, t])));
  const { run } = all.find((r) => designOf(r.run.spec)) ?? all[0];
  const finished = all.every((r) => r.run.state === "finished");
  return {
    run: {
      ...run,
      id: all.map((r) => r.run.id).join(","),
      study: distinct(all.map((r) => r.run.study)).join(", "),
      state: finished ? "finished" : run.state,
      trials: [...trials.keys()],
    },
    trials: [...trials.values()],
  };
}

/** Whether an accuracy stayed at chance or fell back to it, only all epochs tell: those trials are read whole. */
async function withChance(store: Store, results: RunResults, all: Configuration[]): Promise<RunResults> {
  const low = new Set(all.filter((c) => atChance(c) !== null).flatMap((c) => c.done.map((t) => t.trial.id)));
  if (low.size === 0) return results;
  const trials: TrialResult[] = [];
  for (const trial of results.trials) {
    const whole = low.has(trial.trial.id) ? (await store.trialResult(trial.trial.id))?.result : undefined;
    trials.push(whole ? { ...whole, trial: trial.trial } : trial);
  }
  return { ...results, trials };
}

/** @throws UserError of a run that is not there */
export async function select(store: Store, ids: readonly string[]): Promise<Selection> {
  const all: RunResults[] = [];
  for (const id of distinct(ids)) all.push(await store.results(id, { history: "ends", confusions: "last" }));
  const results = merged(all.map(compared));
  const found = configurations(results);
  let judged: ReturnType<Selection["judged"]> | undefined;
  return {
    ids: all.map((r) => r.run.id),
    runs: all.map((r) => r.run),
    results,
    configurations: found,
    factors: varying(found),
    chance: found.map(chance).find((c) => c !== null)?.uniform ?? null,
    judged() {
      judged ??= withChance(store, results, found).then((whole) => {
        const own = whole === results ? found : configurations(whole);
        const comparisons = comparisonsOf(results, own);
        return { configurations: own, comparisons, rows: rankConfigurations(own, comparisons) };
      });
      return judged;
    },
  };
}

/**
 * Remembers the latest selections while the store stays as it is. What is not to be kept is read if it is not remembered, and pushes
 * nothing else out.
 */
export function selections(most = 6) {
  const known = new Map<string, { revision: number; selection: Promise<Selection> }>();
  return (store: Store, ids: readonly string[], revision: number, keep = true): Promise<Selection> => {
    const key = ids.join(",");
    const before = known.get(key);
    const selection = before?.revision === revision ? before.selection : select(store, ids);
    if (!keep) return selection;
    known.delete(key);
    known.set(key, { revision, selection });
    selection.catch(() => known.delete(key));
    for (const oldest of known.keys()) {
      if (known.size <= most) break;
      known.delete(oldest);
    }
    return selection;
  };
}
