/** The process that reads the store, and what becomes of who asks it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fixtureResults, fourLosses } from "../report/fixture.ts";
import { processExists } from "../store/lock.ts";
import { openStore } from "../store/store.ts";
import { UserError } from "../util/errors.ts";
import { type Reading, reading } from "./reading.ts";

const { run, trials } = fixtureResults({ configurations: fourLosses, seeds: 2, epochs: 1 });
let folder: string;
let read: Reading;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "losslab-reading-"));
  const store = await openStore(folder);
  await store.createRun(run, trials.map((t) => t.trial)); // biome-ignore format: one line
  await store.close();
  read = reading(folder);
});
afterEach(() => {
  read.close();
  rmSync(folder, { recursive: true });
});

const gone = (pid: number): Promise<void> =>
  vi.waitFor(() => expect(processExists(pid)).toBe(false), { timeout: 20_000 });

test("what it refuses arrives as a mistake of the user's", async () => {
  const unknown = read.reader().run(["nothing"]);
  await expect(unknown).rejects.toBeInstanceOf(UserError);
  await expect(unknown).rejects.toMatchObject({
    message: expect.stringContaining("nothing"),
    hint: expect.any(String),
  });
});

test("who waits is told when it is killed, and who asks then has another", async () => {
  const { epochs } = await read.reader().facts(run.id);
  expect(epochs).toBe(trials.length);
  const first = read.pid()!;
  const waiting = read.reader().facts(run.id);
  process.kill(first, "SIGKILL");
  await expect(waiting).rejects.toThrow("ended (SIGKILL)");
  expect(await read.reader().facts(run.id)).toEqual({ epochs, best: null });
  expect(read.pid()).not.toBe(first);
});

test("it ends when it is closed, and is not started again", async () => {
  await read.reader().facts(run.id);
  const pid = read.pid()!;
  read.close();
  await gone(pid);
  expect(read.pid()).toBe(null);
  expect(() => read.reader()).toThrow("has ended");
});
