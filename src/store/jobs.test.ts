/** What a queue must keep, on both databases: no job twice, none lost, and nothing written by who has lost his. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Trial } from "../run/records.ts";
import { kinds, type StorePlace } from "./fixture.ts";
import { LostJob, type NewJob } from "./job-states.ts";
import type { WorkerInfo } from "./queue-listings.ts";
import { openStore, type Store } from "./store.ts";

const worker = (more: Partial<WorkerInfo> = {}): WorkerInfo => ({
  id: randomUUID(),
  hostname: "here",
  pid: 1,
  threads: 1,
  version: "v",
  device: "cpu",
  leaseMs: 60_000,
  ...more,
});

const job = (id: string, more: Partial<NewJob> = {}): NewJob => ({
  id,
  run: "r",
  payload: { id },
  version: "v",
  device: "cpu",
  priority: 0,
  work: 1,
  mostAttempts: 3,
  closesRun: false,
  ...more,
});

describe.each(kinds)("$name", (kind) => {
  if (kind.missing) {
    test.skip(kind.missing, () => {});
    return;
  }
  let place: StorePlace;
  let store: Store;

  /** A run whose trials are the jobs' ids. */
  async function begin(...jobs: NewJob[]): Promise<void> {
    const ids = jobs.map(({ id }) => id);
    const trials = ids.map((id) => ({ id }) as Trial);
    const info = { study: "s", spec: {}, finishedAt: null, state: "running" as const, environment: {} };
    await store.createRun({ id: "r", startedAt: new Date().toISOString(), ...info, trials: ids }, trials);
    await store.enqueue(jobs);
  }

  const take = (of: WorkerInfo) => store.claim(randomUUID(), of);
  const states = async (...ids: string[]) =>
    (await store.jobProgress(ids)).sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ state, reason }) => [state, reason]);

  beforeEach(async () => {
    place = await kind.make();
    store = await openStore(place.store);
  }, 300_000);
  afterEach(async () => {
    await store.close();
    place.remove();
  });

  test("jobs are taken by priority, then by work, each once, by workers of their version and device", async () => {
    await begin(
      job("a"),
      job("b", { work: 9 }),
      job("c", { priority: 5 }),
      job("d", { version: "other" }),
      job("e", { device: "cuda" }),
      job("f", { priority: -1, work: 99 }),
    );
    const me = worker();
    await store.signOn(me);
    const taken: (string | undefined)[] = [];
    for (let i = 0; i < 5; i++) taken.push((await take(me))?.job);
    expect(taken).toEqual(["c", "b", "a", "f", undefined]);
    expect((await take(worker({ version: "other" })))?.job).toBe("d");
    expect(await store.claim(randomUUID(), worker({ device: "cuda" }), ["r"])).toBeNull();
    expect((await take(worker({ device: "cuda" })))?.payload).toEqual({ id: "e" });
  });

  test("many who ask at once get each job once; who asks again with the same token gets the same", async () => {
    const ids = Array.from({ length: 60 }, (_, i) => `j${String(i).padStart(2, "0")}`);
    await begin(...ids.map((id) => job(id)));
    const taken: string[] = [];
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const me = worker();
        await store.signOn(me);
        for (let claim = await take(me); claim; claim = await take(me)) {
          expect(await store.claim(claim.token, me)).toEqual(claim);
          taken.push(claim.job);
          await store.complete(claim);
        }
      }),
    );
    expect(taken.sort()).toEqual(ids);
    expect(new Set((await store.jobProgress(ids)).map(({ state }) => state))).toEqual(new Set(["done"]));
  });

  test("the job of a silent worker is another's, and the silent one can write nothing more", async () => {
    await begin(job("a"));
    const [silent, other] = [worker(), worker()];
    await store.signOn(silent);
    await store.signOn(other);
    const first = (await take(silent))!;
    const held = store.held(first);
    await held.startCohort({ id: "c", run: "r", trials: ["a"], model: "m" });
    expect(await store.recover()).toBe(0);
    await place.query(`update workers set heartbeat = 0 where id = '${silent.id}' returning id`);
    expect((await store.workers()).find(({ id }) => id === silent.id)).toMatchObject({ alive: false, running: 1 });
    expect(await store.recover()).toBe(1);
    expect(await states("a")).toEqual([["waiting", "its worker was no longer heard of"]]);
    const second = (await take(other))!;
    expect(second.job).toBe("a");
    const lost = [
      () => held.startCohort({ id: "c", run: "r", trials: ["a"], model: "m" }),
      () => held.saveEpoch("c", 1, [], null),
      () => held.discardEpochsAfter("c", 0),
      () => held.finishTrials("c", [{ trial: "a", status: "done", reason: null }]),
      () => store.complete(first),
    ];
    for (const write of lost) await expect(write()).rejects.toThrow(LostJob);
    await store.giveBack(first, "too late", true);
    expect(await store.beat(silent)).toEqual(new Set());
    expect(await store.beat(other)).toEqual(new Set([second.token]));
    expect((await store.results("r")).trials[0].status).toBe("running");
    await store.held(second).finishTrials("c", [{ trial: "a", status: "done", reason: null }]);
    expect((await store.results("r")).trials[0].status).toBe("done");
    expect(await states("a")).toEqual([["done", null]]);
  });

  test("a job and its trials end in one transaction, and the end may be told twice", async () => {
    await begin(job("a", { closesRun: true }));
    const me = worker();
    await store.signOn(me);
    const held = store.held((await take(me))!, [job("next", { closesRun: true })]);
    await held.startCohort({ id: "a", run: "r", trials: ["a"], model: "m" });
    const outcome = [{ trial: "a", status: "done", reason: null }] as const;
    await held.finishTrials("a", outcome);
    await held.finishTrials("a", outcome);
    expect(await states("a", "next")).toEqual([
      ["done", null],
      ["waiting", null],
    ]);
    expect((await store.run("r")).state).toBe("running");
    await store.complete((await take(me))!);
    expect((await store.run("r")).state).toBe("finished");
  });

  test("what fails is tried again so often without an epoch, and then has failed with its reason", async () => {
    await begin(job("a", { mostAttempts: 2, closesRun: true }));
    const me = worker();
    await store.signOn(me);
    const failed = [{ trial: "a", status: "failed", reason: "out of memory" }] as const;
    const attempt = async (epoch: number | null): Promise<void> => {
      const held = store.held((await take(me))!);
      await held.startCohort({ id: "a", run: "r", trials: ["a"], model: "m" });
      if (epoch !== null) await held.saveEpoch("a", epoch, [], null);
      await held.finishTrials("a", failed);
    };
    await attempt(null);
    expect(await states("a")).toEqual([["waiting", "out of memory"]]);
    await attempt(1); // an epoch was finished: the count begins anew
    expect((await store.results("r")).trials[0].status).toBe("running");
    await attempt(null);
    await attempt(null);
    const reason = "out of memory; given up after 2 attempts without an epoch finished";
    expect(await states("a")).toEqual([["failed", reason]]);
    expect((await store.results("r")).trials[0]).toMatchObject({ status: "failed" });
    expect((await store.run("r")).state).toBe("interrupted");
    expect(await store.queue()).toMatchObject([{ run: "r", counts: { failed: 1 }, reasons: [{ reason, jobs: 1 }] }]);
  });

  test("a worker that dies again and again takes the job's trials with it at last", async () => {
    await begin(job("a", { mostAttempts: 2 }));
    for (let i = 0; i < 2; i++) {
      const me = worker({ leaseMs: 1 });
      await store.signOn(me);
      const claim = (await take(me))!;
      await store.held(claim).startCohort({ id: "a", run: "r", trials: ["a"], model: "m" });
      await sleep(20);
      await store.recover();
    }
    const reason = "its worker was no longer heard of; given up after 2 attempts without an epoch finished";
    expect(await states("a")).toEqual([["failed", reason]]);
    expect((await store.results("r")).trials[0]).toMatchObject({ status: "failed", reason });
  });

  test("cancelled jobs are nobody's, and begin anew when they are queued again", async () => {
    await begin(job("a"), job("b"));
    const me = worker();
    await store.signOn(me);
    const claim = (await take(me))!;
    expect(await store.openJobs("s")).toBe(2);
    expect(await store.cancel("r", "enough")).toBe(2);
    expect(await store.openJobs("s")).toBe(0);
    expect(await store.beat(me)).toEqual(new Set());
    await expect(store.held(claim).saveEpoch("a", 1, [], null)).rejects.toThrow(LostJob);
    expect(await states("a", "b")).toEqual([
      ["cancelled", "enough"],
      ["cancelled", "enough"],
    ]);
    expect(await take(me)).toBeNull();
    await store.enqueue([job("a"), job("b", { priority: 1 })]);
    expect((await take(me))?.job).toBe("b");
    await store.enqueue([job("b", { priority: -1 })]); // it is being done
    expect((await store.beat(me)).size).toBe(1);
    await store.signOff(me.id);
    expect(await states("b")).toEqual([["waiting", null]]);
    expect(await store.workers()).toEqual([]);
  });
});
