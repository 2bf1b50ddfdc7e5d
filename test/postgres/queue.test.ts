/** Studies that several workers train: with the same numbers as one process has, whatever dies meanwhile. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { RunList } from "../../src/dashboard/api.ts";
import { dashboard } from "../../src/dashboard/server.ts";
import { kinds } from "../../src/store/fixture.ts";
import { dashboardOf } from "../program.ts";
import { losslab, numbers, type Running, start } from "./lab.ts";
import { noPostgres, type PostgresServer, query, startPostgres } from "./server.ts";

const LONG = 600_000;
let folder: string;
const running: Running[] = [];

/** A process that does not outlive its test. */
function begin(...args: string[]): Running {
  const process = start(folder, args);
  running.push(process);
  process.event(() => false).catch(() => {});
  return process;
}
const worker = (store: string, ...more: string[]) =>
  begin("worker", "--store", store, "--workers", "1", "--lease", "3", "--json", ...more);

const study = (name: string, more: string) => {
  const common = "model: { mlp: { hidden: [8] } }\nbatchSize: 32\n";
  writeFileSync(join(folder, `${name}.yaml`), `name: ${name}\n${common}${more}`);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-queue-"));
  study(
    "tiny",
    `data: { set: digits, train: 2000, test: 200, validation: 200 }
loss: [ce, mae, { hinge: { delta: 5 } }]
epochs: 25
seeds: 4
`,
  );
  study(
    "tuned",
    `data: { set: digits, train: 400, test: 100, validation: 100 }
loss: [ce, mae]
epochs: 2
seeds: 1
tune: { learningRate: "logUniform(1e-3, 0.5)", trials: 2 }
`,
  );
  study("own", "data: { set: ./points.csv, validation: 0.2 }\nloss: ce\nepochs: 2\nseeds: 1\n");
  writeFileSync(join(folder, "points.csv"), points(0));
  writeFileSync(join(folder, "index.html"), "<html><head></head></html>");
});
afterEach(async () => {
  for (const { child } of running) child.kill("SIGKILL");
  await Promise.all(running.splice(0).map(({ ended }) => ended));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const points = (shift: number): string =>
  ["x,y,label", ...Array.from({ length: 60 }, (_, i) => `${(i % 7) + shift},${i % 5},${i % 3}`)].join("\n");

describe.each(kinds)("on $name", (kind) => {
  if (kind.missing) {
    test.skip(kind.missing, () => {});
    return;
  }

  test(
    "one who fills the queue and leaves, and one who empties it",
    async () => {
      const { store, remove } = await kind.make();
      const filled = await losslab(folder, "run", "tuned.yaml", "--store", store, "--queue", "--detach");
      expect([filled.status, filled.stderr]).toEqual([2, expect.stringContaining("follows from what it trains first")]);
      const set = ["--set", "epochs=2", "--set", "measure.topK=[2]"];
      const queued = await losslab(folder, "run", "tiny.yaml", "--store", store, "--queue", "--detach", "--priority", "3", ...set); // biome-ignore format: one line
      expect([queued.stderr, queued.status]).toEqual([expect.stringContaining("12 trials"), 0]);
      expect(queued.stdout).toContain("is in the queue");
      const local = await losslab(folder, "run", "tiny.yaml", "--store", store, ...set);
      expect([local.status, local.stderr]).toEqual([2, expect.stringContaining("in this store's queue")]);
      const before = JSON.parse((await losslab(folder, "status", "--store", store, "--json")).stdout);
      expect(before).toMatchObject({ workers: [], queue: [{ study: "tiny", priority: 3, counts: { running: 0 } }] });
      const { waiting } = before.queue[0].counts;
      expect((await worker(store, "--drain").ended).status).toBe(0);
      const after = JSON.parse((await losslab(folder, "status", "--store", store, "--json")).stdout);
      // Each training, and the questions about what it trained.
      expect(after.queue[0].counts).toEqual({ waiting: 0, running: 0, done: 2 * waiting, failed: 0, cancelled: 0 });
      // What needs no workers is answered at once.
      const known = [...set.slice(0, 2), "--set", "measure.probabilities=none", "--no-report"];
      const again = await losslab(folder, "run", "tiny.yaml", "--store", store, "--queue", "--detach", ...known);
      expect([again.status, again.stdout]).toEqual([0, expect.stringContaining("hinge")]);
      const shown = await dashboard({ ...dashboardOf(store, folder, folder), readOnly: true });
      const told = async (path: string) => (await fetch(new URL(`api/${path}`, shown.url))).json();
      expect(await told("queue")).toEqual(after);
      const { runs } = (await told("runs")) as RunList;
      expect(runs.map(({ study, state }) => [study, state])).toContainEqual(["tiny", "finished"]);
      expect(runs.filter(({ state }) => state !== "finished")).toEqual([]);
      await shown.close();
      const alone = await losslab(folder, "run", "tiny.yaml", "--store", "alone", "--no-report", ...set);
      expect(alone.status).toBe(0);
      expect(await numbers(folder, store)).toEqual(await numbers(folder, "alone"));
      rmSync(join(folder, "alone"), { recursive: true });
      remove();
    },
    LONG,
  );
});

test(
  "what a worker must not do it refuses: jobs of another version, and data that are others",
  async () => {
    const { store, query, remove } = await kinds[0].make();
    const queue = ["run", "own.yaml", "--store", store, "--queue", "--detach"];
    expect((await losslab(folder, ...queue)).status).toBe(0);
    const elsewhere = join(folder, "elsewhere");
    mkdirSync(elsewhere, { recursive: true });
    const refused = async () => {
      const { status, stderr } = await worker(store, "--drain", "--data", elsewhere).ended;
      expect(status).toBe(2);
      return stderr;
    };
    expect(await refused()).toContain("data ./points.csv are not here");
    writeFileSync(join(elsewhere, "points.csv"), points(1));
    expect(await refused()).toContain("data ./points.csv are others here");
    await query("update jobs set version = 'losslab 99' where state = 'waiting' returning id");
    expect(await refused()).toMatch(/1 job of the queue must be done by losslab 99; this is losslab \d/);
    expect((await losslab(folder, ...queue)).status).toBe(0); // queued again, with this version
    writeFileSync(join(elsewhere, "points.csv"), points(0));
    expect((await worker(store, "--drain", "--data", elsewhere).ended).status).toBe(0);
    expect((await numbers(folder, store)).length).toBe(1);
    remove();
  },
  LONG,
);

describe.skipIf(noPostgres())("on a PostgreSQL server of its own", () => {
  let server: PostgresServer;
  beforeAll(() => {
    server = startPostgres();
  }, LONG);
  afterAll(() => server?.remove());

  test(
    "a worker is killed, the database restarts, another worker goes on: the same numbers to the last bit, nothing twice",
    async () => {
      const store = await server.database();
      const whole = losslab(folder, "run", "tiny.yaml", "--store", "whole", "--no-report");
      const first = worker(store);
      const second = worker(store);
      const run = begin("run", "tiny.yaml", "--store", store, "--queue", "--json", "--no-report");
      await first.event(({ event, epoch }) => event === "epoch" && Number(epoch) >= 3);
      first.child.kill("SIGKILL");
      await second.event(({ event }) => event === "epoch");
      server.restart();
      const third = worker(store);
      const { status, stdout, stderr } = await run.ended;
      expect(stderr).toBe("");
      expect(status).toBe(0);
      expect(stdout).toContain('"event":"results"');
      for (const { child } of [second, third]) child.kill("SIGINT");
      for (const { ended } of [second, third]) expect((await ended).status).toBe(130);
      expect((await whole).status).toBe(0);
      expect(await numbers(folder, store)).toEqual(await numbers(folder, "whole"));
      const jobs = await query(store, "select state, attempts from jobs");
      expect(new Set(jobs.map(({ state }) => state))).toEqual(new Set(["done"]));
      const kept = await query(store, "select c.id, count(distinct p.file)::int as files from cohorts c left join checkpoint_parts p on p.cohort = c.id group by c.id"); // biome-ignore format: one line
      expect(kept.map(({ files }) => files)).toEqual(kept.map(() => 1));
      // Those that ended have signed off.
      expect(await query(store, `select id from workers where pid <> ${first.child.pid}`)).toEqual([]);
      const { stdout: listed } = await losslab(folder, "status", "--store", store);
      expect(listed).toContain("tiny");
    },
    LONG,
  );

  test(
    "a study that tunes is trained stage by stage, and cancelling ends it",
    async () => {
      const store = await server.database();
      const one = worker(store);
      const tuned = await losslab(folder, "run", "tuned.yaml", "--store", store, "--queue", "--no-report");
      expect([tuned.status, tuned.stdout]).toEqual([0, expect.stringContaining("CE")]);
      expect((await losslab(folder, "run", "tuned.yaml", "--store", "stages", "--no-report")).status).toBe(0);
      expect(await numbers(folder, store)).toEqual(await numbers(folder, "stages"));
      const long = begin("run", "tiny.yaml", "--store", store, "--queue", "--json", "--set", "epochs=100000");
      await one.event(({ event, epoch }) => event === "epoch" && Number(epoch) > 2);
      const cancelled = await losslab(folder, "cancel", "tiny", "--store", store, "--reason", "too long");
      expect(cancelled.stdout).toMatch(/\d+ jobs of run \S+ cancelled/);
      const { status, stderr } = await long.ended;
      expect([status, stderr]).toEqual([1, expect.stringContaining("cancelled: too long")]);
      // Whichever comes first: its heartbeat, or an epoch that it may not save.
      await one.event(({ event, how }) => event === "ended" && (how === "stopped" || how === "lost"));
      await sleep(100);
      one.child.kill("SIGTERM");
      expect((await one.ended).status).toBe(130);
    },
    LONG,
  );
});
