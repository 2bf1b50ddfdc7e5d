/** Parts of a run are what the whole of it says. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureResults, fourLosses } from "../report/fixture.ts";
import type { RunResults } from "../run/records.ts";
import { openStore, type Store } from "./store.ts";

const folder = mkdtempSync(join(tmpdir(), "losslab-series-"));
const { run, trials } = fixtureResults({ configurations: fourLosses, seeds: 3, epochs: 7 });
let store: Store;
let whole: RunResults;

const digits = (value: number): number => Number(value.toPrecision(15));

beforeAll(async () => {
  store = await openStore(folder);
  const ids = trials.map((t) => t.trial.id);
  await store.createRun(run, trials.map((t) => t.trial)); // biome-ignore format: one line
  await store.startCohort({ id: "c", run: run.id, trials: ids, model: "m" });
  for (let epoch = 1; epoch <= 7; epoch++) {
    const at = trials.map((t) => ({ ...t, records: t.history.filter((r) => r.epoch === epoch) }));
    const answers = at.flatMap((t) => t.observations.filter((o) => o.epoch === epoch).map((o) => ({ ...o, trial: t.trial.id }))); // biome-ignore format: one line
    await store.saveEpoch("c", epoch, at.flatMap((t) => t.records), null, answers); // biome-ignore format: one line
  }
  whole = await store.results(run.id);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

test("columns over the epochs, numbers that are not finite included", async () => {
  const found = await store.series(run.id, ["test_loss", "validation_accuracy", "noisy_test_loss", "seconds"]);
  expect([...found.keys()]).toEqual(whole.run.trials);
  for (const { trial, history } of whole.trials) {
    expect(found.get(trial.id)).toEqual({
      test_loss: history.map((r) => digits(r.test.loss)),
      validation_accuracy: history.map((r) => digits(r.validation!.accuracy)),
      noisy_test_loss: history.map(() => undefined),
      seconds: history.map((r) => digits(r.seconds)),
    });
  }
  expect([...found.values()].some(({ test_loss }) => test_loss.some(Number.isNaN))).toBe(true);
  await expect(store.series(run.id, ["trial" as never])).rejects.toThrow("no column trial");
});

test("the ends of each trial: the first epoch of its best validation accuracy and the last", async () => {
  const { trials: ends } = await store.results(run.id, { history: "ends", confusions: "last" });
  for (const [i, { history, observations }] of ends.entries()) {
    const all = whole.trials[i].history;
    const best = Math.max(...all.map((r) => r.validation!.accuracy));
    const first = all.find((r) => r.validation!.accuracy === best)!;
    const expected = [...new Set([first, all.at(-1)!])];
    expect(history.map((r) => [r.epoch, r.test.accuracy])).toEqual(expected.map((r) => [r.epoch, r.test.accuracy]));
    expect(history.at(-1)!.test.confusion).toEqual(all.at(-1)!.test.confusion);
    expect(observations).toEqual([]);
  }
});

test("one trial, its matrices, its probabilities, its last epoch", async () => {
  const [expected] = whole.trials;
  const { id } = expected.trial;
  const { roles: _, ...trial } = expected;
  expect(await store.trialResult(id)).toEqual({ result: trial, runs: [run.id] });
  expect(await store.trialResult("nobody")).toBeNull();
  const matrices = new Map<number, number[][]>();
  await store.eachConfusion(run.id, "train", (of, epoch, confusion) => of === id && matrices.set(epoch, confusion));
  expect([...matrices].sort(([a], [b]) => a - b)).toEqual(expected.history.map((r) => [r.epoch, r.train.confusion]));
  const probabilities: object[] = [];
  await store.eachProbabilities(run.id, (of, observation) => of === id && probabilities.push(observation));
  expect(probabilities).toEqual(expected.observations.filter((o) => o.question.kind === "probabilities"));
  expect(await store.lastEpochs(run.id)).toEqual(new Map(whole.trials.map((t) => [t.trial.id, t.history.length])));
});

test("a connection sees that another has written, and not what it wrote itself", async () => {
  const reader = await openStore(folder, { readOnly: true });
  const before = await reader.dataVersion();
  expect(await reader.dataVersion()).toBe(before);
  await store.updateRun(run.id, { state: "interrupted" });
  expect(await reader.dataVersion()).not.toBe(before);
  await reader.close();
});
