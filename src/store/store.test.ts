import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { version } from "../../package.json";
import { questionKey, type TrialObservation } from "../run/observations.ts";
import type { EpochRecord, RunInfo, SplitMeasures, Trial } from "../run/records.ts";
import { UserError } from "../util/errors.ts";
import { kinds, querySqlite, type StoreKind, type StorePlace, sqlite } from "./fixture.ts";
import { locks } from "./lock.ts";
import { openSqlite } from "./sqlite.ts";
import { openStore, type Store } from "./store.ts";

let place: StorePlace;
let store: Store;

function beginWith(kind: StoreKind): void {
  beforeEach(async () => {
    place = await kind.make();
    store = await openStore(place.store);
  });
  afterEach(async () => {
    await store.close();
    place.remove();
  });
}

const trial = (id: string): Trial => ({
  id,
  data: { mnist: { train: 100 } },
  model: { mlp: { hidden: [28] } },
  activation: { relu: {} },
  loss: { focal: { gamma: 2, alpha: "none" } },
  optimizer: { sgd: { learningRate: 0.1 } },
  schedule: { constant: {} },
  epochs: 3,
  batchSize: 100,
  seed: 7,
});

const runInfo = (id: string, trials: string[], more: Partial<RunInfo> = {}): RunInfo => ({
  id,
  study: "quickstart",
  spec: { losses: ["focal"] },
  startedAt: "2026-01-01T00:00:00.000Z",
  finishedAt: null,
  state: "running",
  environment: { losslab: version },
  trials,
  ...more,
});

/** Measures whose numbers are all different, so that none can stand in another's column. */
const measures = (first: number): SplitMeasures => ({
  loss: first,
  accuracy: first + 0.01,
  macro: { precision: first + 0.02, recall: first + 0.03, f1: first + 0.04 },
  weighted: { precision: first + 0.05, recall: first + 0.06, f1: first + 0.07 },
  confusion: [
    [first * 10, 0, 4_000_000_000],
    [1, 2, 3],
    [0, 0, epochs],
  ],
});
const epochs = 3;

const record = (trial: string, epoch: number, more: Partial<EpochRecord> = {}): EpochRecord => ({
  trial,
  epoch,
  train: measures(epoch + 1),
  validation: measures(epoch + 2),
  test: measures(epoch + 3),
  gradientNorm: 0.1 + 0.2,
  learningRate: 1e-3,
  seconds: 1.5,
  ...more,
});

/** A run of trials, all in one cohort called c. */
async function begin(trials: string[], run = "r1"): Promise<void> {
  await store.createRun(runInfo(run, trials), trials.map(trial));
  await store.startCohort({ id: "c", run, trials, model: "m" });
}

const tensors = (value: number) => ({
  w: { dtype: "F32" as const, shape: [2], data: new Float32Array([value, Number.NaN]) },
});

/** Runs a program in a process of its own; `store` is open in it. Gives the process and what it printed, once it ended. */
function program(code: string) {
  const url = pathToFileURL(join(import.meta.dirname, "store.ts"));
  const source = `import { openStore } from ${JSON.stringify(url)};
    const store = await openStore(${JSON.stringify(place.store)});
    const record = (trial, epoch) => ({ ...${JSON.stringify(record("", 0))}, trial, epoch });
    ${code}`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", source]);
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (output += text));
  return { child, ended: once(child, "close").then(([code, signal]) => ({ code, signal, output })) };
}

describe.each(kinds)("$name", (kind) => {
  if (kind.missing) {
    test.skip(kind.missing, () => {});
    return;
  }
  beginWith(kind);

  // --- round trips

  test("a run takes in trials after its own, each once, and keeps what it has", async () => {
    await begin(["b", "a"]);
    await store.saveEpoch("c", 1, [record("b", 1), record("a", 1)], null);
    await store.extendRun("r1", ["a", "z", "b", "y"].map(trial));
    await store.extendRun("r1", ["z"].map(trial));
    expect((await store.run("r1")).trials).toEqual(["b", "a", "z", "y"]);
    const { trials } = await store.results("r1");
    expect(trials.map((t) => [t.trial.id, t.status, t.history.length])).toEqual([
      ["b", "running", 1],
      ["a", "running", 1],
      ["z", "planned", 0],
      ["y", "planned", 0],
    ]);
  });

  test("a run comes back as it went in", async () => {
    const run = runInfo("r1", ["b", "a"]);
    await store.createRun(run, [trial("a"), trial("b")]);
    expect(await store.run("r1")).toEqual(run);
    await store.updateRun("r1", { state: "finished", finishedAt: "2026-01-01T00:01:00.000Z" });
    expect(await store.run()).toEqual({ ...run, state: "finished", finishedAt: "2026-01-01T00:01:00.000Z" });
    await expect(store.updateRun("r2", { state: "finished" })).rejects.toThrow("no run r2");
  });

  test("answers come back as they went in, and go with the epoch that they are of", async () => {
    await begin(["a", "b"]);
    const clean = { kind: "clean", examples: null, seed: 0 } as const;
    const noise = { kind: "noise", sigma: 0.1, examples: null, seed: 0 } as const;
    const answer = { loss: Number.POSITIVE_INFINITY, accuracy: Number.NaN, examples: 3 };
    const given: TrialObservation[] = [
      { trial: "a", epoch: 1, question: clean, answer: { ...answer, loss: 0.1 + 0.2 } },
      { trial: "a", epoch: 2, question: clean, answer },
      { trial: "b", epoch: 2, question: noise, answer: { ...answer, loss: -Infinity } },
    ];
    await store.saveEpoch("c", 1, [record("a", 1), record("b", 1)], null, given.slice(0, 1));
    await store.saveEpoch("c", 2, [record("a", 2), record("b", 2)], null);
    await store.saveObservations(given.slice(1));
    const found = async () => (await store.results("r1")).trials.map((t) => t.observations);
    const bare = (all: TrialObservation[]) => all.map(({ trial: _, ...rest }) => rest);
    expect(await found()).toEqual([bare(given.slice(0, 2)), bare(given.slice(2))]);
    expect(await store.answeredQuestions(["a", "b", "c"])).toEqual(
      new Map([
        ["a", new Set([questionKey({ seed: 0, examples: null, kind: "clean" })])],
        ["b", new Set([questionKey(noise)])],
        ["c", new Set()],
      ]),
    );
    const again = { ...answer, loss: 7 };
    await store.saveObservations([{ trial: "a", epoch: 2, question: clean, answer: again }]);
    expect((await found())[0][1].answer).toEqual(again);
    await store.discardEpochsAfter("c", 1);
    expect(await found()).toEqual([bare(given.slice(0, 1)), []]);
  });

  test("results come back as they went in, trials in the study's order, epochs in theirs", async () => {
    await begin(["b", "a"]);
    const lost = { ...measures(1), loss: Number.NaN, accuracy: Number.POSITIVE_INFINITY };
    const history = {
      a: [
        record("a", 1, { noisyTest: measures(9) }),
        record("a", 2, { validation: null, noisyTest: lost }),
        record("a", 3, { train: lost, gradientNorm: -Infinity }),
      ],
      b: [record("b", 1), record("b", 2), record("b", 3, { validation: lost, test: lost, seconds: Number.MIN_VALUE })],
    };
    for (const i of [2, 0, 1]) await store.saveEpoch("c", i + 1, [history.a[i], history.b[i]], null);
    await store.finishTrials("c", [
      { trial: "a", status: "diverged", reason: "loss became NaN at step 412 (epoch 3)" },
      { trial: "b", status: "done", reason: null },
    ]);

    const diverged = { status: "diverged", reason: "loss became NaN at step 412 (epoch 3)", cohort: "c" };
    const done = { status: "done", reason: null, cohort: "c" };
    const none: never[] = [];
    const expected = [
      { trial: trial("b"), ...done, history: history.b, observations: none },
      { trial: trial("a"), ...diverged, history: history.a, observations: none },
    ];
    expect(await store.results("r1")).toEqual({ run: runInfo("r1", ["b", "a"]), trials: expected });

    const without = (m: SplitMeasures | null) => m && { ...m, confusion: [] };
    const bare = (h: EpochRecord[]) =>
      h.map((r) => ({
        ...r,
        train: without(r.train),
        validation: without(r.validation),
        test: without(r.test),
        ...(r.noisyTest && { noisyTest: without(r.noisyTest) }),
      }));
    expect((await store.results("r1", { confusions: false })).trials.map((t) => t.history)).toEqual([
      bare(history.b),
      bare(history.a),
    ]);
    const last = await store.results("r1", { confusions: "last" });
    expect(last.trials.map((t) => t.history)).toEqual([
      [...bare(history.b.slice(0, 2)), history.b[2]],
      [...bare(history.a.slice(0, 2)), history.a[2]],
    ]);
    expect((await store.results("r1", { history: false })).trials.map((t) => t.history)).toEqual([[], []]);
    expect(await store.findTrials(["a", "b", "unknown"])).toEqual(
      new Map([
        ["a", { status: "diverged", reason: diverged.reason, epochs: 3, cohort: "c" }],
        ["b", { status: "done", reason: null, epochs: 3, cohort: "c" }],
      ]),
    );
  });

  test("an epoch that is saved again replaces the first", async () => {
    await begin(["a"]);
    await store.saveEpoch("c", 1, [record("a", 1)], null);
    const again = record("a", 1, { gradientNorm: 9 });
    await store.saveEpoch("c", 1, [again], null);
    expect((await store.results()).trials[0].history).toEqual([again]);
  });

  // --- finding runs

  test("a run is found by id, beginning of id, study and newest", async () => {
    const at = (day: number) => `2026-01-0${day}T00:00:00.000Z`;
    await store.createRun(runInfo("abc1", [], { startedAt: at(1), study: "mnist" }), []);
    await store.createRun(runInfo("abd2", [], { startedAt: at(3), study: "cifar" }), []);
    await store.createRun(runInfo("eee3", [], { startedAt: at(2), study: "mnist" }), []);
    const found = async (wanted?: string) => (await store.run(wanted)).id;
    expect(await found()).toBe("abd2");
    expect(await found("latest")).toBe("abd2");
    expect(await found("abc")).toBe("abc1");
    expect(await found("abc1")).toBe("abc1");
    expect(await found("mnist")).toBe("eee3");
    expect((await store.runs()).map((r) => r.id)).toEqual(["abd2", "eee3", "abc1"]);

    const mistake = async (wanted: string) => store.run(wanted).catch((error: UserError) => error);
    expect(await mistake("ab")).toMatchObject({
      name: "UserError",
      message: '"ab" begins the ids of 2 runs',
      hint: "abd2 (cifar), abc1 (mnist)",
    });
    expect(await mistake("minst")).toMatchObject({
      name: "UserError",
      message: 'no run or study "minst" in this store',
      hint: 'did you mean "mnist"? newest runs: abd2 (cifar), eee3 (mnist), abc1 (mnist)',
    });
  });

  test("a store without runs says so", async () => {
    await expect(store.run()).rejects.toMatchObject({ name: "UserError", message: "this store has no runs yet" });
    expect(await store.runs()).toEqual([]);
  });

  test("runs count their trials by status; a trial may be in several", async () => {
    await begin(["a", "b"]);
    await store.finishTrials("c", [{ trial: "a", status: "done", reason: null }]);
    await store.createRun(runInfo("r2", ["a", "d"]), [trial("a"), trial("d")]);
    const none = { planned: 0, running: 0, done: 0, diverged: 0, failed: 0, skipped: 0 };
    expect((await store.runs()).map((r) => [r.id, r.counts])).toEqual([
      ["r1", { ...none, done: 1, running: 1 }],
      ["r2", { ...none, done: 1, planned: 1 }],
    ]);
  });

  test("runs that begin while others list them are listed whole or not yet", async () => {
    const writer = await openStore(place.store);
    const ids = Array.from({ length: 60 }, (_, i) => `r${i}`);
    let begun = 0;
    const writing = (async () => {
      for (const id of ids) {
        await writer.createRun(runInfo(id, [`${id}a`, `${id}b`]), [trial(`${id}a`), trial(`${id}b`)]);
        begun++;
      }
    })();
    const seen: number[] = [];
    while (begun < ids.length) {
      const listed = await store.runs();
      seen.push(listed.length);
      expect(listed.filter(({ counts }) => counts.planned !== 2)).toEqual([]);
    }
    await writing;
    await writer.close();
    expect(new Set(seen).size).toBeGreaterThan(2); // it listed while they began
  });

  // --- cohorts

  test("a cohort resumes at its checkpoint", async () => {
    await begin(["a", "b"]);
    const first = await store.writeCheckpoint("c", 1, tensors(1), { epoch: "1" });
    expect(await store.startCohort({ id: "c", run: "r1", trials: ["a", "b"], model: "m" })).toMatchObject({
      checkpoint: null, // written but not committed
    });
    await store.saveEpoch("c", 1, [record("a", 1), record("b", 1)], first);
    await store.saveEpoch("c", 2, [record("a", 2), record("b", 2)], null);

    const resumed = await store.startCohort({ id: "c", run: "r1", trials: ["a", "b"], model: "m" });
    expect(resumed).toMatchObject({ state: "running", epochsDone: 2, checkpoint: { ...first, epoch: 1 } });
    expect(await store.readCheckpoint(resumed.checkpoint!)).toEqual({
      checkpoint: { tensors: tensors(1), metadata: { epoch: "1" } },
      reason: null,
    });
    await store.discardEpochsAfter("c", 1);
    expect(await store.cohort("c")).toMatchObject({ epochsDone: 1, checkpoint: { epoch: 1 } });
    expect((await store.results()).trials.map((t) => t.history.length)).toEqual([1, 1]);
    expect(await place.query("select epoch from confusions")).toEqual([{ epoch: 1 }, { epoch: 1 }]);
    await store.discardEpochsAfter("c", 0);
    expect(await store.cohort("c")).toMatchObject({ epochsDone: 0, checkpoint: null });
  });

  test("another model or other trials begin anew, finished trials stay as they are", async () => {
    await begin(["a", "b"]);
    await store.saveEpoch("c", 1, [record("a", 1), record("b", 1)], { file: "f", sha256: "s" });
    await store.finishTrials("c", [{ trial: "b", status: "done", reason: null }]);
    const fresh = { state: "running", epochsDone: 0, checkpoint: null };
    expect(await store.startCohort({ id: "c", run: "r1", trials: ["a", "b"], model: "m2" })).toMatchObject(fresh);
    expect((await store.results()).trials.map((t) => [t.status, t.history.length])).toEqual([
      ["running", 0],
      ["done", 1],
    ]);
    expect(await store.cohort("unknown")).toBeNull();
    await expect(store.saveEpoch("unknown", 1, [], null)).rejects.toThrow("cohort unknown was not started");
  });

  test("a trial's epochs never come from two cohorts", async () => {
    await begin(["a", "b"]);
    await store.saveEpoch("c", 1, [record("a", 1), record("b", 1)], null);
    await store.startCohort({ id: "d", run: "r1", trials: ["b"], model: "m" });
    await store.saveEpoch("c", 2, [record("a", 2), record("b", 2)], null);
    await store.finishTrials("c", [
      { trial: "a", status: "done", reason: null },
      { trial: "b", status: "done", reason: null },
    ]);
    const trials = async () =>
      (await store.results()).trials.map((t) => [t.cohort, t.status, t.history.map((r) => r.epoch)]);
    expect(await trials()).toEqual([
      ["c", "done", [1, 2]],
      ["d", "running", []],
    ]);
    await store.startCohort({ id: "c", run: "r1", trials: ["a", "b"], model: "m" });
    expect(await store.cohort("c")).toMatchObject({ epochsDone: 0 });
  });

  // --- checkpoints

  test("older checkpoints go when a newer one is committed", async () => {
    await begin(["a"]);
    const first = await store.writeCheckpoint("c", 1, tensors(1));
    await store.saveEpoch("c", 1, [record("a", 1)], first);
    await store.writeCheckpoint("c-e1", 1, tensors(1)); // of another cohort with a similar name
    const second = await store.writeCheckpoint("c", 2, tensors(2));
    await store.saveEpoch("c", 2, [record("a", 2)], second);
    expect(await place.checkpoints()).toEqual(["c-e0001.safetensors", "c-e0002.safetensors", "c-e1-e0001.safetensors"]);
    expect(await store.cohort("c")).toMatchObject({ checkpoint: { epoch: 2 }, previous: { ...first, epoch: 1 } });
    const third = await store.writeCheckpoint("c", 3, tensors(3));
    await store.saveEpoch("c", 3, [record("a", 3)], third);
    expect(await place.checkpoints()).toEqual(["c-e0002.safetensors", "c-e0003.safetensors", "c-e1-e0001.safetensors"]);
    await store.saveEpoch("c", 3, [record("a", 3)], third); // again: the one before stays the one before
    expect(await store.cohort("c")).toMatchObject({ previous: { ...second, epoch: 2 } });
    await store.finishTrials("c", [{ trial: "a", status: "done", reason: null }]);
    expect(await place.checkpoints()).toEqual(["c-e0003.safetensors", "c-e1-e0001.safetensors"]);
    expect(await store.cohort("c")).toMatchObject({ checkpoint: { epoch: 3 }, previous: null });
  });

  test("a cohort goes back to the checkpoint before its last one, and from there to none", async () => {
    await begin(["a"]);
    for (const epoch of [1, 2])
      await store.saveEpoch("c", epoch, [record("a", epoch)], await store.writeCheckpoint("c", epoch, tensors(epoch)));
    await store.discardEpochsAfter("c", 1);
    expect(await store.cohort("c")).toMatchObject({ epochsDone: 1, checkpoint: { epoch: 1 }, previous: null });
    expect((await store.readCheckpoint((await store.cohort("c"))!.checkpoint!)).reason).toBeNull();
    await store.discardEpochsAfter("c", 0);
    expect(await store.cohort("c")).toMatchObject({ epochsDone: 0, checkpoint: null, previous: null });
  });

  test("trials that a living run trains are left to it", async () => {
    await begin(["a"], "r1");
    await store.createRun(runInfo("r2", ["a"], { study: "other" }), []);
    const lock = await store.acquireRunLock("r1");
    const start = { id: "d", run: "r2", trials: ["a"], model: "m" };
    await expect(store.startCohort(start)).rejects.toThrow("trained by study quickstart: run r1");
    await lock.release();
    expect(await store.startCohort(start)).toMatchObject({ run: "r2", epochsDone: 0 });
  });

  test("a damaged or missing checkpoint is noticed", async () => {
    const ref = await store.writeCheckpoint("c", 1, tensors(1));
    const missing = await store.readCheckpoint({ ...ref, file: "no.safetensors" });
    expect(missing).toEqual({ checkpoint: null, reason: "no.safetensors is missing" });
    await place.damage(ref.file);
    expect(await store.readCheckpoint(ref)).toEqual({
      checkpoint: null,
      reason: "c-e0001.safetensors is not as it was written",
    });
  });

  // --- opening

  test("a reader needs a store and cannot write", async () => {
    await expect(openStore(place.none, { readOnly: true })).rejects.toThrow(UserError);
    const reader = await openStore(place.store, { readOnly: true });
    await expect(reader.createRun(runInfo("r1", []), [])).rejects.toThrow(/read-?only|cannot be written to/);
    await store.createRun(runInfo("r1", []), []);
    expect((await reader.run()).id).toBe("r1");
    expect((await reader.results()).trials).toEqual([]);
    await reader.close();
  });

  test("a store of a newer losslab is refused", async () => {
    await place.query("insert into kysely_migration values ('9999-later', '2099-01-01T00:00:00Z') returning name");
    await place.query("update store_meta set value = '99.1.0' returning value");
    await expect(openStore(place.store)).rejects.toMatchObject({
      name: "UserError",
      message: `this store was written by losslab 99.1.0, which is newer than this losslab ${version}`,
      where: place.shown,
    });
  });

  // --- several processes

  test("two processes write and a third reads, each whole epochs", async () => {
    await begin(["a", "b"]);
    await store.createRun(runInfo("r2", ["d"]), [trial("d")]);
    const other = program(`
      await store.startCohort({ id: "d", run: "r2", trials: ["d"], model: "m" });
      console.log("started");
      for (let epoch = 1; epoch <= 60; epoch++) await store.saveEpoch("d", epoch, [record("d", epoch)], null);
    `);
    const reader = await openStore(place.store, { readOnly: true });
    await once(other.child.stdout, "data");
    for (let epoch = 1; epoch <= 60; epoch++) {
      await store.saveEpoch("c", epoch, [record("a", epoch), record("b", epoch)], null);
      const [a, b] = (await reader.results("r1", { confusions: false })).trials;
      expect([a.history.length, b.history.length]).toEqual([epoch, epoch]);
    }
    expect(await other.ended).toMatchObject({ code: 0 });
    expect((await reader.results("r2")).trials[0].history).toHaveLength(60);
    await reader.close();
  }, 120_000);

  test("a process that dies within a transaction leaves nothing of it", async () => {
    const trials = Array.from({ length: 600 }, (_, i) => `t${i}`);
    await begin(trials);
    const end = await program(`
      const trials = ${JSON.stringify(trials)};
      await store.saveEpoch("c", 1, trials.map((id) => record(id, 1)), null);
      const second = trials.map((id) => record(id, 2));
      Object.defineProperty(second[550], "seconds", { enumerable: true, get: () => process.kill(process.pid, "SIGKILL") });
      await store.saveEpoch("c", 2, second, null); // dies when the first 500 rows are written
    `).ended;
    expect(end).toEqual({ code: null, signal: "SIGKILL", output: "" });
    expect(await store.cohort("c")).toMatchObject({ epochsDone: 1 });
    const rows = await place.query("select epoch from epochs");
    expect([rows.length, ...new Set(rows.map((row) => row.epoch))]).toEqual([600, 1]);
    expect(await place.problems()).toEqual([]);
  }, 120_000);

  test("a process killed at any moment leaves whole epochs and a sound checkpoint", async () => {
    await begin(["a", "b"]);
    const { child, ended } = program(`
      for (let epoch = 1; ; epoch++) {
        const w = { dtype: "F32", shape: [50000], data: new Float32Array(50000).fill(epoch) };
        const checkpoint = await store.writeCheckpoint("c", epoch, { w });
        await store.saveEpoch("c", epoch, [record("a", epoch), record("b", epoch)], checkpoint);
        if (epoch === 5) console.log("ready");
      }
    `);
    await once(child.stdout, "data");
    await new Promise((wait) => setTimeout(wait, Math.random() * 200));
    child.kill("SIGKILL");
    await ended;

    const { epochsDone, checkpoint } = (await store.cohort("c"))!;
    expect(epochsDone).toBeGreaterThanOrEqual(5);
    expect(checkpoint?.epoch).toBe(epochsDone);
    const read = await store.readCheckpoint(checkpoint!);
    expect(read.checkpoint?.tensors.w.data[49_999]).toBe(epochsDone);
    expect((await store.results()).trials.map((t) => t.history.length)).toEqual([epochsDone, epochsDone]);
    expect(await place.problems()).toEqual([]);
  }, 120_000);

  test("one living process runs a study; a dead or silent one does not keep others out", async () => {
    await store.createRun(runInfo("r1", []), []);
    await store.createRun(runInfo("r2", []), []);
    await store.createRun(runInfo("other", [], { study: "other" }), []);
    const { child, ended } = program(
      `await store.acquireRunLock("r1"); console.log("held"); setInterval(() => {}, 1e6);`,
    );
    await once(child.stdout, "data");
    const refused = await store.acquireRunLock("r2").catch((error: UserError) => error);
    expect(refused).toMatchObject({
      name: "UserError",
      message: `study quickstart is already running: run r1, process ${child.pid} on ${hostname()}`,
    });
    await (await store.acquireRunLock("other")).release();
    expect((await store.run("r1")).state).toBe("running");

    child.kill("SIGKILL");
    await ended;
    expect((await store.run("r1")).state).toBe("interrupted");
    expect((await store.runs()).map((r) => [r.id, r.state])).toContainEqual(["r1", "interrupted"]);
    const lock = await store.acquireRunLock("r2");
    await expect(store.acquireRunLock("r2")).rejects.toThrow("already running");
    await lock.release();
    await (await store.acquireRunLock("r2")).release();
  }, 120_000);

  test("of several who want to run a study at the same moment one does, and the others are told who", async () => {
    await store.createRun(runInfo("r1", []), []);
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => store.acquireRunLock("r1")));
    const granted = asked.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const refused = asked.flatMap((one) => (one.status === "rejected" ? [String(one.reason.message)] : []));
    expect(granted).toHaveLength(1);
    const who = `run r1, process ${process.pid} on ${hostname()}`;
    expect(new Set(refused)).toEqual(new Set([`study quickstart is already running: ${who}`]));
    await granted[0].release();
  });
});

describe("a folder", () => {
  beginWith(sqlite);

  test("what a killed writer left is removed on opening, what a living one writes is not, nor by a reader", async () => {
    await store.writeCheckpoint("c", 1, tensors(1));
    const folder = join(place.store, "checkpoints");
    const { child, ended } = program("");
    await ended;
    const mine = `mine.safetensors.${hostname()}-${process.pid}.tmp`;
    const dead = `dead.safetensors.${hostname()}-${child.pid}.tmp`;
    const names = ["old.safetensors.far-1.tmp", "young.safetensors.far-2.tmp", mine, dead];
    for (const name of names) writeFileSync(join(folder, name), "");
    for (const name of [names[0], mine]) utimesSync(join(folder, name), 0, 0); // a clock may jump: its process lives
    await (await openStore(place.store, { readOnly: true })).close();
    expect(await place.checkpoints()).toHaveLength(5);
    await (await openStore(place.store)).close();
    expect(await place.checkpoints()).toEqual(["c-e0001.safetensors", mine, names[1]]);
  });

  test("a store keeps its contents when it is opened again", async () => {
    await begin(["a"]);
    await store.close();
    store = await openStore(place.store);
    expect((await store.run()).id).toBe("r1");
    await store.close();
    copyFileSync(join(place.store, "losslab.sqlite"), join(place.store, "copy.sqlite")); // without the files of the write-ahead log
    expect(querySqlite(join(place.store, "copy.sqlite"), "select id from runs")).toEqual([{ id: "r1" }]);
    store = await openStore(place.store);
    expect(await place.query("select value from store_meta where key = 'losslab'")).toEqual([{ value: version }]);
  });

  test("a file that is no database is refused", async () => {
    const other = join(place.store, "other");
    mkdirSync(other);
    const path = join(other, "losslab.sqlite");
    writeFileSync(path, "hello ".repeat(1000));
    await expect(openStore(other)).rejects.toMatchObject({
      name: "UserError",
      message: expect.stringContaining("this file is not a SQLite database, or is damaged"),
      where: path,
      hint: expect.stringContaining(`losslab doctor --store ${other} --repair`),
    });
    await expect(openStore(join(path, "below"))).rejects.toThrow(UserError);
  });

  test("several processes may make new stores at the same moment", async () => {
    const makeTen = `
      while (Date.now() < ${Date.now() + 2500}) {} // all begin together
      for (let i = 0; i < 10; i++) await (await openStore(${JSON.stringify(place.store)} + "/store" + i)).close();
    `;
    const ends = await Promise.all([1, 2, 3].map(() => program(makeTen).ended));
    expect(ends).toEqual(ends.map(() => ({ code: 0, signal: null, output: "" })));
  }, 120_000);

  test("a holder is listened for, so that a clock that was set takes nobody's lock; one that is silent loses it, and hears of it", async () => {
    await store.createRun(runInfo("r1", []), []);
    const db = await openSqlite(join(place.store, "losslab.sqlite"));
    const [beating, silent] = [locks(db, 200), locks(db, 1e6)];
    const set = (time: string) => place.query(`update run_locks set heartbeat = '${time}' returning run`);
    const lock = await beating.acquireRunLock("r1");
    for (const time of ["2026-01-01T00:00:00.000Z", "2099-01-01T00:00:00.000Z"]) {
      await set(time);
      await expect(beating.acquireRunLock("r1")).rejects.toThrow("already running");
    }
    await lock.release();

    const lost = await silent.acquireRunLock("r1");
    await set("2026-01-01T00:00:00.000Z");
    let hear = (): void => {};
    const heard = new Promise<void>((resolve) => {
      hear = resolve;
    });
    const other = await beating.acquireRunLock("r1", hear);
    await lost.release(); // it is another's now: nothing happens to it
    await expect(beating.acquireRunLock("r1")).rejects.toThrow("already running");
    await place.query("update run_locks set holder = 'somebody' returning run");
    await heard;
    await other.release();
    await db.destroy();
  }, 120_000);

  test("a thousand trials of a hundred epochs are read whole", async () => {
    const trials = Array.from({ length: 1000 }, (_, i) => `t${i}`);
    await begin(trials);
    const records = trials.map((id) => record(id, 1));
    await store.saveEpoch("c", 1, records, null);
    for (const table of ["epochs", "confusions"]) {
      const [{ columns }] = await place.query(
        `select group_concat(name) as columns from pragma_table_info('${table}') where cid > 1`,
      );
      await place.query(
        `insert into ${table} select trial, value, ${columns} from ${table}, generate_series(2, 100) returning 1`,
      );
    }
    // About 2 s on a core shared with others; reading that grew faster than the rows would meet the time limit.
    const results = await store.results("r1", { confusions: "last" });
    expect(results.trials.map((t) => t.history.length)).toEqual(trials.map(() => 100));
  }, 60_000);
});
