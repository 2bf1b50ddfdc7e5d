import { afterAll, beforeAll, expect, it } from "vitest";
import { type StorePlace, sqlite } from "../store/fixture.ts";
import { openStore, type Store } from "../store/store.ts";
import { GO } from "./messages.ts";
import { readyObject } from "./study.ts";
import { carryOut, startThread } from "./thread.ts";

let place: StorePlace;
let store: Store;
beforeAll(async () => {
  place = await sqlite.make();
  store = await openStore(place.store);
});
afterAll(async () => {
  await store.close();
  place.remove();
});

it("a thread that ended between two jobs fails the next one, and is not waited for", async () => {
  const { plan, prepared } = await readyObject({
    name: "s",
    data: { set: "digits", train: 100, test: 50 },
    model: { mlp: { hidden: [4] } },
    epochs: 1,
  });
  const run = { id: "r", study: "s", spec: {}, startedAt: new Date().toISOString(), finishedAt: null, state: "running" as const, environment: {}, trials: plan.trials.map((t) => t.id) }; // biome-ignore format: one line
  await store.createRun(run, plan.trials);
  const serving = {
    store,
    run: run.id,
    trials: new Map(plan.trials.map((t) => [t.id, t])),
    prepared,
    modules: [],
    onEvent: () => {},
    failures: [],
    unexamined: [],
    stop: new Int32Array(new SharedArrayBuffer(4)).fill(GO),
  };
  const thread = startThread();
  const [first] = plan.cohorts;
  await thread.worker.terminate();
  const job = { kind: "train" as const, cohort: first, asked: [] };
  await expect(carryOut(job, thread, serving)).rejects.toThrow("a training thread ended by itself");

  const another = startThread();
  await carryOut(job, another, serving);
  await another.worker.terminate();
  expect((await store.findTrials(first.trials)).size).toBe(first.trials.length);
});
