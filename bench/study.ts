/** The time of an epoch of a study, run as users run it: planned, trained in worker threads, evaluated, stored. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execute } from "../src/lab/execute.ts";
import type { ReadyStudy } from "../src/lab/study.ts";
import { openStore } from "../src/store/store.ts";

export interface Turn {
  /** Of an epoch. */
  seconds: number;
  /** Mean training loss of the first epoch, by trial. */
  losses: number[];
}

/**
 * Runs a study in a store of its own; seconds of an epoch, of those from the moment when all cohorts have finished the first to the
 * end of the last.
 */
export async function timeStudy(ready: ReadyStudy): Promise<Turn> {
  const folder = mkdtempSync(join(tmpdir(), "losslab-bench-"));
  const store = await openStore(folder);
  const losses = new Map<string, number>();
  const { trials, cohorts } = ready.plan;
  const { epochs } = cohorts[0];
  let waiting = cohorts.length;
  let begun = 0;
  let ended = 0;
  try {
    const { failures } = await execute(ready.plan, {
      store,
      prepared: ready.prepared,
      onEvent(event) {
        if (event.kind !== "epoch") return;
        if (event.epoch === epochs) ended = performance.now();
        else if (event.epoch === 1) {
          for (const { trial, train } of event.records) losses.set(trial, train.loss);
          if (--waiting === 0) begun = performance.now();
        }
      },
    });
    if (failures.length > 0) throw new Error(failures[0].stack);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
  return { seconds: (ended - begun) / 1000 / (epochs - 1), losses: trials.map(({ id }) => losses.get(id)!) };
}
