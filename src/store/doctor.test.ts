import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { EpochRecord, SplitMeasures, Trial } from "../run/records.ts";
import { UserError } from "../util/errors.ts";
import { examineStore, repairStore } from "./doctor.ts";
import { openStore } from "./store.ts";

const TRIALS = Array.from({ length: 12 }, (_, i) => `trial${i}`);
const EPOCHS = 20;

const trial = (id: string): Trial => ({
  id,
  data: { set: "digits" },
  model: { mlp: { hidden: [28] } },
  activation: { relu: {} },
  loss: { ce: {} },
  optimizer: { sgd: { learningRate: 0.1 } },
  schedule: { constant: {} },
  epochs: EPOCHS,
  batchSize: 100,
  seed: 7,
});
const share = { precision: 0.5, recall: 0.5, f1: 0.5 };
const confusion = Array.from({ length: 10 }, (_, i) => Array.from({ length: 10 }, (_, k) => i * k));
const measures: SplitMeasures = { loss: 1, accuracy: 0.5, macro: share, weighted: share, confusion };
const record = (id: string, epoch: number): EpochRecord => ({
  trial: id,
  epoch,
  train: { ...measures, loss: epoch + Number(id.slice(5)) / 100 },
  validation: measures,
  test: measures,
  gradientNorm: 1,
  learningRate: 0.1,
  seconds: 1,
});

/** A sound store with twelve finished trials in two cohorts. */
let sound: string;
let dir: string;
beforeAll(async () => {
  sound = mkdtempSync(join(tmpdir(), "losslab-sound-"));
  const store = await openStore(sound);
  const run = { id: "r", study: "s", spec: {}, startedAt: "2026-01-01T00:00:00.000Z", finishedAt: null };
  await store.createRun({ ...run, state: "running", environment: {}, trials: TRIALS }, TRIALS.map(trial));
  for (const [cohort, members] of [
    ["a", TRIALS.slice(0, 6)],
    ["b", TRIALS.slice(6)],
  ] as const) {
    await store.startCohort({ id: cohort, run: "r", trials: [...members], model: "m" });
    for (let epoch = 1; epoch <= EPOCHS; epoch++) {
      const w = { dtype: "F32" as const, shape: [1], data: new Float32Array([epoch]) };
      const checkpoint = await store.writeCheckpoint(cohort, epoch, { w });
      await store.saveEpoch(
        cohort,
        epoch,
        members.map((id) => record(id, epoch)),
        checkpoint,
      );
    }
    await store.finishTrials(
      cohort,
      members.map((id) => ({ trial: id, status: "done", reason: null })),
    );
  }
  await store.updateRun("r", { state: "finished" });
  await store.close();
  return () => rmSync(sound, { recursive: true });
});
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "losslab-doctor-"));
  cpSync(sound, dir, { recursive: true });
  for (const log of ["-wal", "-shm"]) rmSync(`${join(dir, "losslab.sqlite")}${log}`, { force: true }); // or they would cover the damage
});
afterEach(() => rmSync(dir, { recursive: true }));

const path = (): string => join(dir, "losslab.sqlite");
const change = (sql: string): void => {
  const database = new Database(path());
  database.exec(sql);
  database.close();
};

/** Trials whose twenty epochs are all there, with the numbers that went in; no other trial has any. */
async function wholeTrials(): Promise<number> {
  const store = await openStore(dir);
  try {
    const { trials } = await store.results("r");
    for (const { trial, status, history } of trials) {
      expect(history.map((h) => [h.epoch, h.train.loss])).toEqual(
        status === "done"
          ? Array.from({ length: EPOCHS }, (_, i) => [i + 1, i + 1 + Number(trial.id.slice(5)) / 100])
          : [],
      );
      for (const { test } of history) expect(test.confusion).toEqual(confusion);
    }
    return trials.filter((t) => t.status === "done").length;
  } finally {
    await store.close();
  }
}

test("a sound store is sound, and repairing it changes nothing", async () => {
  expect(await examineStore(dir)).toEqual([]);
  expect(await repairStore(dir, "now")).toEqual([]);
  expect(await wholeTrials()).toBe(12);
});

describe("a damaged file", () => {
  /** Overwrites the middle pages of a table's leaves. */
  function damage(table: string, pages: number): void {
    const database = new Database(path());
    const numbers = (
      database
        .prepare(`select pageno from dbstat where name = '${table}' and pagetype = 'leaf' order by path`)
        .all() as {
        pageno: number;
      }[]
    ).map((row) => row.pageno);
    database.close();
    const bytes = readFileSync(path());
    const from = Math.floor(numbers.length / 2);
    for (const page of numbers.slice(from, from + pages)) bytes.fill(0xff, (page - 1) * 4096, page * 4096);
    writeFileSync(path(), bytes);
  }

  test.each([
    ["epochs", 1],
    ["epochs", 3],
    ["confusions", 1],
  ])("in %s, %d pages: what can be read is saved, trials that lost epochs are trained anew", async (table, pages) => {
    damage(table, pages);
    const [finding, ...more] = await examineStore(dir);
    expect(more).toEqual([]);
    expect(finding.problem).toContain("losslab.sqlite is damaged");
    const done = await repairStore(dir, "now");
    expect(done.join("\n")).toMatch(new RegExp(`${table}: \\d+ rows saved, others lost`));
    expect(readdirSync(dir)).toContain("losslab.sqlite.damaged-now");
    expect((await examineStore(dir)).filter((f) => f.repair !== null)).toEqual([]);
    const whole = await wholeTrials();
    expect(whole).toBeGreaterThan(0); // damage of a page is none of the whole
    expect(whole).toBeLessThan(12);
    const store = await openStore(dir);
    expect((await store.run("r")).state).toBe("interrupted"); // the same command trains what is missing
    await store.close();
  });

  test("that was cut off keeps what is before the end", async () => {
    truncateSync(path(), Math.floor(readFileSync(path()).length / 2 / 4096) * 4096);
    await expect(openStore(dir)).rejects.toThrow(UserError);
    await repairStore(dir, "now");
    await wholeTrials();
    expect((await examineStore(dir)).filter((f) => f.repair !== null)).toEqual([]);
  });

  test("of which nothing can be read stays as it is, and that is said", async () => {
    const nothing = Buffer.alloc(50_000, "nothing");
    writeFileSync(path(), nothing);
    await expect(examineStore(dir)).resolves.toHaveLength(1);
    await expect(repairStore(dir, "now")).rejects.toThrow("nothing can be saved of it");
    expect(readFileSync(path()).equals(nothing)).toBe(true);
    expect(readdirSync(dir).sort()).toEqual(["checkpoints", "losslab.sqlite"]);
  });
});

describe("in a file that SQLite finds sound", () => {
  test("trials that lack epochs are trained anew", async () => {
    change(
      "delete from epochs where trial = 'trial3' and epoch = 20; delete from confusions where trial = 'trial4' and epoch = 2",
    );
    const [finding] = await examineStore(dir);
    expect(finding.problem).toMatch(/2 finished trials lack epochs: .*trial3.*/);
    await repairStore(dir, "now");
    expect(await wholeTrials()).toBe(10);
  });

  test("texts that cannot be read are taken away", async () => {
    change("update trials set spec = 'x' || spec where id = 'trial7'");
    const [finding] = await examineStore(dir);
    expect(finding.problem).toContain("trial7");
    await repairStore(dir, "now");
    expect(await examineStore(dir)).toEqual([]);
    expect(await wholeTrials()).toBe(11);
  });

  test("lost weights and files that belong to nothing are told", async () => {
    const name = "a-e0020.safetensors";
    writeFileSync(join(dir, "checkpoints", name), "damaged");
    writeFileSync(join(dir, "checkpoints", "z-e0001.safetensors"), "");
    const problems = (await examineStore(dir)).map((f) => f.problem);
    expect(problems).toEqual([
      `the weights of cohort a are lost: ${name} is not as it was written`,
      "1 file in checkpoints/ belong to nothing: z-e0001.safetensors",
    ]);
    await repairStore(dir, "now");
    expect(await examineStore(dir)).toEqual([]);
    expect(readdirSync(join(dir, "checkpoints"))).toEqual(["b-e0020.safetensors"]);
    expect(await wholeTrials()).toBe(12);
  });
});

test("a store in use is not repaired", async () => {
  const store = await openStore(dir);
  const lock = await store.acquireRunLock("r");
  await expect(repairStore(dir, "now")).rejects.toThrow("the store is in use");
  await lock.release();
  await store.close();
});
