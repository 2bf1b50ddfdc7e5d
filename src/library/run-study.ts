/** Studies from a program: the same way as the command line's. */

import { dataBytesOf, fitted } from "../lab/estimate.ts";
import { type ExecuteOptions, execute, type RunEvent } from "../lab/execute.ts";
import { executeLooks } from "../lab/looks.ts";
import { readyObject, type StudyOptions } from "../lab/study.ts";
import { asOfLook, sequentialLooks } from "../report/index.ts";
import { fallbackNote } from "../run/devices.ts";
import type { RunResults } from "../run/records.ts";
import { openStore } from "../store/store.ts";
import type { StudySpec } from "../study/spec.ts";

export interface RunStudyOptions extends StudyOptions, Pick<ExecuteOptions, "workers" | "signal"> {
  /** Folder of the store, or the URL of a PostgreSQL database; `.losslab` by default. */
  store?: string;
  onEvent?: (event: RunEvent) => void;
}

/**
 * Trains all trials of a study that are not in the store yet and returns the results of all; look by look where it says `until`.
 * @throws UserError when the study makes no sense; Error when a trial failed through a fault of the program
 */
export async function runStudy(study: StudySpec, options: RunStudyOptions = {}): Promise<RunResults> {
  const { store: dir = ".losslab", workers, signal, onEvent, ...rest } = options;
  const ready = await readyObject(study, rest);
  const note = fallbackNote(ready.device);
  if (note) process.emitWarning(note, "LosslabWarning");
  const { plan, readBytes, prepared } = ready;
  const fit = fitted(plan, readBytes, dataBytesOf(plan, prepared), workers);
  if (fit.problem) throw fit.problem;
  const store = await openStore(dir);
  try {
    const { until } = ready.plan.study;
    const how = {
      store,
      prepared: ready.prepared,
      device: ready.device,
      modules: ready.modules,
      workers: fit.workers,
      ...(signal && { signal }),
      ...(onEvent && { onEvent }),
    };
    const { run, failures } = until
      ? await executeLooks(ready.plan, until, {
          ...how,
          onLook: (results, look) => sequentialLooks(asOfLook(results, until, look))!.end !== null,
        })
      : await execute(ready.plan, how);
    if (failures.length > 0) throw new Error(failures.map((f) => `${f.message}\n${f.stack}`).join("\n"));
    return await store.results(run.id);
  } finally {
    await store.close();
  }
}
