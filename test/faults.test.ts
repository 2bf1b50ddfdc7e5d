/** What can go wrong around a run, done to real processes on real disks. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bin, env, losslabIn } from "./program.ts";

let folder: string;

const losslab = (...args: string[]) => losslabIn(folder, args);

const begun: ChildProcess[] = [];

/** Starts a run and waits until it has said so many events of a kind. */
async function running(events: number, kind: string, ...args: string[]) {
  const child = spawn(process.execPath, [bin, "run", "study.yaml", "--no-report", "--json", ...args], {
    cwd: folder,
    env,
  });
  begun.push(child);
  let output = "";
  let errors = "";
  child.stderr.on("data", (text) => (errors += text));
  const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (text) => {
      output += text;
      if (output.split(`"event":"${kind}"`).length > events) resolve();
    });
    ended.then(() => reject(new Error(`the run ended before: ${output}${errors}`)), reject);
  });
  return { child, ended, errors: () => errors };
}

/** Two classes that two features tell apart. */
const table = (more = ""): string =>
  `a,b,label\n${Array.from({ length: 60 }, (_, i) => `${(i * 37) % 11},${(i * 17) % 7},${i % 2 ? "odd" : "even"}`).join("\n")}\n${more}`;

const study = `name: faults
data: { set: ./points.csv, validation: 0.2 }
model: { mlp: { hidden: [4] } }
loss: [ce, mae]
optimizer: { sgd: { learningRate: 0.1 } }
epochs: 60
batchSize: 8
seeds: 2
`;
const LONG = ["--set", "epochs=20000"];

/** What was measured, without times. */
const numbers = (store: string): unknown =>
  JSON.parse(losslab("results", "faults", "--json", "--history", "--store", store).stdout, (key, value) =>
    key === "seconds" ? undefined : value,
  ).trials;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-faults-"));
  writeFileSync(join(folder, "points.csv"), table());
  writeFileSync(join(folder, "study.yaml"), study);
  expect(losslab("run", "study.yaml", "--store", "whole", "--no-report").status).toBe(0);
});
afterAll(async () => {
  for (const child of begun.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Mounts a file system for a test, or says why it cannot. */
function mounted(name: string, ...options: string[]): { path: string; unmount: () => void } | string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  const { status, stderr, error } = spawnSync("mount", [...options, path], { encoding: "utf8" });
  if (status !== 0) return `no file system can be mounted here: ${error?.message ?? stderr.trim()}`;
  return { path, unmount: () => spawnSync("umount", [path]) };
}

describe("disks", () => {
  test("that are full end the run with a sentence, nothing lost; with room it goes on", ({ skip }) => {
    const disk = mounted("small", "-t", "tmpfs", "-o", "size=600k", "tmpfs");
    if (typeof disk === "string") return skip(disk);
    try {
      const full = losslab("run", "study.yaml", "--store", "small", "--no-report", ...LONG);
      expect(full.stderr).toContain("the disk is full; all epochs that were finished before are kept");
      expect(full.status).toBe(2);
      expect(full.stderr).not.toMatch(/\n\s+at /);
      const half = existsSync(join(disk.path, "checkpoints")) ? readdirSync(join(disk.path, "checkpoints")) : [];
      expect(half.filter((name) => name.endsWith("tmp"))).toEqual([]);
      spawnSync("mount", ["-o", "remount,size=40m", disk.path]);
      expect(losslab("run", "study.yaml", "--store", "small", "--no-report").status).toBe(0);
      expect(numbers("small")).toEqual(numbers("whole"));
    } finally {
      disk.unmount();
    }
  });

  test("that are read-only can be read; a run says that it cannot write", ({ skip }) => {
    mkdirSync(join(folder, "fixed"), { recursive: true });
    const disk = mounted("fixed", "--bind", join(folder, "whole"));
    if (typeof disk === "string") return skip(disk);
    try {
      if (spawnSync("mount", ["-o", "remount,ro,bind", disk.path]).status !== 0)
        return skip("no read-only mounts here");
      expect(numbers("fixed")).toEqual(numbers("whole"));
      expect(losslab("report", "--store", "fixed").status).toBe(0);
      const run = losslab("run", "study.yaml", "--store", "fixed", "--no-report");
      expect(run.status).toBe(2);
      expect(run.stderr).toContain("the store cannot be written to");
    } finally {
      disk.unmount();
    }
  });
});

test("a training thread that ends by itself ends the run with what it was, and is not waited for", () => {
  writeFileSync(
    join(folder, "leaves.mjs"),
    `import { isMainThread } from "node:worker_threads";
     import { defineLoss, ops } from "${new URL("../dist/index.js", import.meta.url)}";
     export default defineLoss({ name: "leaves", perExample: (logits) => {
       if (!isMainThread) process.exit(3);
       return ops.sum(ops.abs(logits), [-1]);
     } });`,
  );
  const run = losslab(
    "run",
    "study.yaml",
    "--store",
    "left",
    "--no-report",
    "--allow-code",
    "--set",
    "loss=[./leaves.mjs]",
  );
  expect(run.stderr).toContain("a training thread ended by itself, with code 3");
  expect(run.status).toBe(1);
  expect(losslab("run", "study.yaml", "--store", "left", "--no-report").status).toBe(0);
  expect(numbers("left")).toEqual(numbers("whole"));
});

describe("checkpoints", () => {
  /** Kills a run; gives the last checkpoint of a cohort that was being trained, and the one before. */
  async function interrupted(store: string) {
    const { child, ended } = await running(12, "epoch", "--store", store, "--workers", "1");
    child.kill("SIGKILL");
    await ended;
    const database = new Database(join(folder, store, "losslab.sqlite"));
    const [cohort] = database
      .prepare(
        "select checkpoint_file as file, checkpoint_epoch as epoch, previous_file as previous from cohorts where state = 'running' and previous_epoch > 0",
      )
      .all() as { file: string; epoch: number; previous: string }[];
    database.close();
    expect(readdirSync(join(folder, store, "checkpoints"))).toEqual(
      expect.arrayContaining([cohort.file, cohort.previous]),
    );
    return cohort;
  }

  test.each([
    ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length - 7)],
    [
      "of which a bit was turned",
      (bytes: Buffer) => Buffer.from(bytes.map((b, i) => (i === bytes.length - 9 ? b ^ 4 : b))),
    ],
  ])("that are %s are noticed; the one before serves, and the numbers are the same", async (name, damage) => {
    const store = `damaged ${name}`;
    const cohort = await interrupted(store);
    const path = join(folder, store, "checkpoints", cohort.file);
    writeFileSync(path, damage(readFileSync(path)));

    const again = losslab("run", "study.yaml", "--store", store, "--no-report");
    expect(again.stderr).toContain(
      `${cohort.file} is not as it was written; the cohort goes on from the checkpoint before`,
    );
    expect(again.stderr).toContain(`going on after epoch ${cohort.epoch - 1} `);
    expect(again.status).toBe(0);
    expect(numbers(store)).toEqual(numbers("whole"));
    expect(readdirSync(join(folder, store, "checkpoints"))).toHaveLength(
      readdirSync(join(folder, "whole", "checkpoints")).length,
    );
  });

  test("that are both gone let the cohort begin anew, with the same numbers", async () => {
    const { file, previous } = await interrupted("gone");
    for (const name of [file, previous]) rmSync(join(folder, "gone", "checkpoints", name));
    const again = losslab("run", "study.yaml", "--store", "gone", "--no-report");
    expect(again.stderr).toContain(`${file} is missing; ${previous} is missing; the cohort begins anew`);
    expect(numbers("gone")).toEqual(numbers("whole"));
  });
});

describe("a run", () => {
  test("keeps another of its study out, and ends at once when Ctrl-C comes twice", async () => {
    const first = await running(4, "epoch", "--store", "twice", ...LONG);
    const second = losslab("run", "study.yaml", "--store", "twice", "--no-report", ...LONG);
    expect(second.status).toBe(2);
    expect(second.stderr).toContain(`study faults is already running: run`);
    expect(second.stderr).toContain(`process ${first.child.pid} on`);
    first.child.kill("SIGINT");
    first.child.kill("SIGINT");
    const [code, signal] = await first.ended;
    // The second may come after the first has been answered.
    expect(signal === "SIGINT" || code === 130).toBe(true);
    expect(first.errors()).not.toContain("terminate called");
  });

  test("is not gone on with when its data have changed", async () => {
    cpSync(join(folder, "points.csv"), join(folder, "before.csv"));
    const { child, ended } = await running(4, "epoch", "--store", "changed", ...LONG);
    child.kill("SIGKILL");
    await ended;
    writeFileSync(join(folder, "points.csv"), table("3,3,odd\n4,4,even\n"));
    try {
      const refused = losslab("run", "study.yaml", "--store", "changed", "--no-report", ...LONG);
      expect(refused.status).toBe(2);
      expect(refused.stderr).toMatch(
        /data \.\/points\.csv are not those with which run .* began: their hash was \w{16} and is \w{16}/,
      );
      const accepted = await running(4, "epoch", "--store", "changed", "--accept-changed-data", ...LONG);
      accepted.child.kill("SIGKILL");
      await accepted.ended;
    } finally {
      cpSync(join(folder, "before.csv"), join(folder, "points.csv"));
    }
  });
});

test("a damaged store is told by every command that reads it, and doctor says what to do", () => {
  cpSync(join(folder, "whole"), join(folder, "torn"), { recursive: true });
  const path = join(folder, "torn", "losslab.sqlite");
  for (const log of ["-wal", "-shm"]) rmSync(`${path}${log}`, { force: true }); // or they would cover the damage
  const bytes = readFileSync(path);
  bytes.fill(0xff, 8192, bytes.length - 8192);
  writeFileSync(path, bytes);
  for (const args of [["results"], ["report"], ["run", "study.yaml", "--no-report"]]) {
    const { status, stderr } = losslab(...args, "--store", "torn");
    expect(stderr).toContain("the store is damaged");
    expect(stderr).toContain("losslab doctor --store torn");
    expect(status).toBe(2);
  }
  const doctor = losslab("doctor", "--store", "torn");
  expect(doctor.stdout).toContain("losslab.sqlite is damaged");
  expect(doctor.status).toBe(1);
  expect(losslab("doctor", "--store", "whole").stdout).toContain("is sound");
  expect(losslab("doctor", "--repair").status).toBe(2);
});
