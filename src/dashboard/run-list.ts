/** The list of runs. What takes long to find out, the best configuration of each, is found out afterwards and then remembered. */

import { hostname } from "node:os";
import type { RunListing, Store } from "../store/store.ts";
import type { RunRow } from "./api.ts";
import type { RunFacts } from "./views.ts";

interface Known extends RunFacts {
  /** As what the run was when it was looked at. */
  of: string;
}

const LATER_MS = 1000;

const stateOf = ({ state, counts }: RunListing): string => JSON.stringify([state, counts]);

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/**
 * @param find finds out about a run
 * @param told called when something has been found out since the last answer
 */
export function runList(find: (run: string) => Promise<RunFacts>, told: () => void) {
  const known = new Map<string, Known>();
  const waiting = new Map<string, RunListing>();
  let working = false;

  async function work(): Promise<void> {
    for (const [id, listing] of waiting) {
      waiting.delete(id);
      // A run may be gone, or the store closed: then there is nothing to know.
      const facts = await find(id).catch(() => null);
      if (facts) known.set(id, { of: stateOf(listing), ...facts });
    }
    working = false;
    told();
  }

  return async (store: Store): Promise<RunRow[]> => {
    const [listings, holders] = [await store.runs(), await store.holders()];
    const rows: RunRow[] = [];
    for (const listing of listings) {
      const { id, study, state, startedAt, finishedAt, spec, counts } = listing;
      const facts = known.get(id);
      if (facts?.of !== stateOf(listing)) waiting.set(id, listing);
      const last = state === "finished" ? null : await store.lastEpochs(id);
      const done = last ? [...last.values()].reduce((a, b) => a + b, 0) : (facts?.epochs ?? 0);
      rows.push({
        id,
        study,
        state,
        startedAt,
        finishedAt,
        description: textOf(spec.description),
        trials: counts,
        epochs: { done, all: facts?.epochs ?? 0 },
        best: facts?.best ?? null,
        held: holders.get(id)?.hostname === hostname(),
      });
    }
    if (waiting.size > 0 && !working) {
      working = true;
      // Who opens a run first waits for that, not for this.
      setTimeout(work, LATER_MS).unref();
    }
    return rows;
  };
}
