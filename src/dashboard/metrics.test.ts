/** Metrics of a run that goes on while they are read. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fixtureResults, fourLosses } from "../report/fixture.ts";
import { openStore, type Store } from "../store/store.ts";
import { metricOf, readMetric } from "./metrics.ts";

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "losslab-metrics-"));
  store = await openStore(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const lengths = (series: Map<string, unknown[]>): number[] => [...series.values()].map((own) => own.length);

test.each([
  ["mcc", 0],
  ["mcc", 1],
  ["brier", 0],
  ["brier", 1],
])("%s is as of one moment, when after %i epochs another is recorded while it is read", async (key, before) => {
  const { run, trials } = fixtureResults({ configurations: fourLosses.slice(0, 1), seeds: 2, epochs: before + 1 });
  await store.createRun(run, trials.map((t) => t.trial)); // biome-ignore format: one line
  await store.startCohort({ id: "c", run: run.id, trials: run.trials, model: "m" });
  const save = (epoch: number): Promise<void> => {
    const records = trials.flatMap((t) => t.history.filter((r) => r.epoch === epoch));
    const observed = trials.flatMap((t) =>
      t.observations.filter((o) => o.epoch === epoch).map((o) => ({ ...o, trial: t.trial.id })),
    );
    return store.saveEpoch("c", epoch, records, null, observed);
  };
  if (before > 0) await save(before);

  const going: typeof store = {
    ...store,
    async series(id, columns) {
      const found = await store.series(id, columns);
      await save(before + 1);
      return found;
    },
  };
  const asked = metricOf(key, "test");
  const { values, seconds } = await readMetric(going, run.id, asked, true);
  expect([lengths(values), lengths(seconds!)]).toEqual(before === 0 ? [[], []] : [[1, 1], [1, 1]]); // biome-ignore format: one line
  const after = await readMetric(store, run.id, asked, true);
  expect([...after.values.values()].map((own) => own[before])).toEqual([expect.any(Number), expect.any(Number)]);
});
