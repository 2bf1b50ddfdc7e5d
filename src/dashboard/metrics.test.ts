/** Metrics of a run that goes on while they are read. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { beginRun, saveEpoch } from "../../test/stored.ts";
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
  const results = fixtureResults({ configurations: fourLosses.slice(0, 1), seeds: 2, epochs: before + 1 });
  const { id } = results.run;
  await beginRun(store, results);
  if (before > 0) await saveEpoch(store, results, before);

  const going: typeof store = {
    ...store,
    async series(run, columns) {
      const found = await store.series(run, columns);
      await saveEpoch(store, results, before + 1);
      return found;
    },
  };
  const asked = metricOf(key, "test");
  const { values, seconds } = await readMetric(going, id, asked, true);
  expect([lengths(values), lengths(seconds!)]).toEqual(before === 0 ? [[], []] : [[1, 1], [1, 1]]); // biome-ignore format: one line
  const after = await readMetric(store, id, asked, true);
  expect([...after.values.values()].map((own) => own[before])).toEqual([expect.any(Number), expect.any(Number)]);
});
