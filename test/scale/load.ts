/** The queue under load: cohorts that take no time, and many workers. */

import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { RunInfo, Trial } from "../../src/run/records.ts";
import { openStore } from "../../src/store/store.ts";
import { type PostgresServer, query } from "../postgres/server.ts";
import { type Finding, finding, seconds } from "./finding.ts";

const PROCESSES = 2;

/** What a process of the load is given, as JSON. */
interface Share {
  store: string;
  workers: number;
}

export async function queueLoad(server: PostgresServer, jobs: number, workers: number): Promise<Finding[]> {
  const url = await server.database();
  const store = await openStore(url);
  const ids = Array.from({ length: jobs }, (_, i) => `trivial-${String(i).padStart(6, "0")}`);
  const run: RunInfo = { id: "load", study: "load", spec: {}, startedAt: new Date().toISOString(), finishedAt: null, state: "running", environment: {}, trials: ids }; // biome-ignore format: one line
  await store.createRun(
    run,
    ids.map((id) => ({ id }) as Trial),
  );
  const terms = { run: run.id, version: "v", device: "cpu", priority: 0, work: 1, mostAttempts: 5, closesRun: true };
  const before = performance.now();
  await store.enqueue(ids.map((id) => ({ ...terms, id, payload: { id } })));
  const filled = performance.now() - before;
  const shares = Array.from({ length: PROCESSES }, (): Share => ({ store: url, workers: workers / PROCESSES }));
  const begun = performance.now();
  const done = await Promise.all(shares.map(shareOf));
  const took = performance.now() - begun;
  const all = done.flat();
  const states = await query(url, "select state from jobs where state <> 'done'");
  const trials = await query(url, "select id from trials where status <> 'done'");
  const { state } = await store.run(run.id);
  await store.close();
  const rate = jobs / (took / 1000);
  return [
    finding(`${jobs} jobs into the queue`, seconds(filled), "", null),
    finding(`${jobs} jobs by ${workers} workers`, `${Math.round(rate)} a second`, "≥ 300 a second", rate >= 300),
    finding("jobs done twice, not done", `${all.length - new Set(all).size}, ${states.length}`, "0, 0", all.length === jobs && new Set(all).size === jobs && states.length === 0), // biome-ignore format: one line
    finding("trials not done; the run", `${trials.length}; ${state}`, "0; finished", trials.length === 0 && state === "finished"), // biome-ignore format: one line
  ];
}

/** Runs this file as a process of its own. @returns the jobs that it did */
async function shareOf(share: Share): Promise<string[]> {
  const child = fork(new URL(import.meta.url), [JSON.stringify(share)], { execArgv: ["--import", "tsx"] });
  const [did] = (await once(child, "message")) as [string[]];
  await once(child, "exit");
  return did;
}

/** Each worker takes a job, begins its cohort and ends it with its trial, until nothing is left. */
async function work({ store: url, workers }: Share): Promise<string[]> {
  const store = await openStore(url);
  const did: string[] = [];
  const one = async (): Promise<void> => {
    const me = { id: randomUUID(), hostname: "load", pid: process.pid, threads: 1, version: "v", device: "cpu", leaseMs: 60_000 }; // biome-ignore format: one line
    await store.signOn(me);
    for (let claim = await store.claim(randomUUID(), me); claim; claim = await store.claim(randomUUID(), me)) {
      const held = store.held(claim);
      const { job } = claim;
      await held.startCohort({ id: job, run: claim.run, trials: [job], model: "m" });
      await held.finishTrials(job, [{ trial: job, status: "done", reason: null }]);
      did.push(job);
    }
    await store.signOff(me.id);
  };
  await Promise.all(Array.from({ length: workers }, one));
  await store.close();
  return did;
}

if (process.send && process.argv[2]?.startsWith("{")) {
  process.send(await work(JSON.parse(process.argv[2])), () => process.disconnect());
}
