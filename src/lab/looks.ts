/** Carries a plan out look by look: a block of seeds is trained, looked at, and another one begun where that is called for. */
import type { RunResults } from "../run/records.ts";
import type { Plan } from "../study/plan.ts";
import type { SequentialDesign } from "../study/until.ts";
import { type ExecuteOptions, type Execution, execute } from "./execute.ts";

/** The part of a plan that these seeds need; trials and cohorts are those of the whole. */
export function planOfSeeds(plan: Plan, seeds: readonly number[]): Plan {
  const wanted = new Set(seeds);
  return {
    ...plan,
    trials: plan.trials.filter(({ seed }) => wanted.has(seed)),
    cohorts: plan.cohorts.filter(({ seed }) => wanted.has(seed)),
  };
}

export interface LookOptions extends ExecuteOptions {
  /** Before the trials of a look, counted from 0. */
  onBegin?: (plan: Plan, look: number) => void;
  /** After them, with those of the looks before. @returns whether the study is over */
  onLook: (results: RunResults, look: number) => boolean;
}

/** Stopped at any moment, the same call goes on from there, and sees at each look what it would have seen. */
export async function executeLooks(plan: Plan, design: SequentialDesign, options: LookOptions): Promise<Execution> {
  const { store, onBegin, onLook, worker, ...rest } = options;
  const growing = new Set(plan.trials.map(({ id }) => id));
  for (const [look, seeds] of design.looks.entries()) {
    const part = planOfSeeds(plan, seeds);
    onBegin?.(part, look);
    const ready = look === 0 && worker ? { worker } : {};
    const execution = await execute(part, { ...rest, ...ready, store, growing });
    const { run, interrupted, failures } = execution;
    if (interrupted || failures.length > 0) return execution;
    const results = await store.results(run.id, { confusions: "last" });
    if (!onLook(results, look) && look < design.looks.length - 1) continue;
    const finished = { state: "finished", finishedAt: new Date().toISOString() } as const;
    await store.updateRun(run.id, finished);
    const after = { ...results.run, ...finished };
    options.onEvent?.({ kind: "finished", run: after });
    return { ...execution, run: after };
  }
  throw new Error("a design without looks");
}
