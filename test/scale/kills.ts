/** Workers that die and a database that is restarted, at random moments of a study: nothing may be lost, doubled or other. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { losslab, numbers, type Running, start } from "../postgres/lab.ts";
import { type PostgresServer, query } from "../postgres/server.ts";
import { type Finding, finding } from "./finding.ts";

export interface KillOptions {
  folder: string;
  server: PostgresServer;
  kills: number;
  restarts: number;
  epochs: number;
  random: () => number;
  log: (text: string) => void;
}

const study = (epochs: number): string => `name: killed
data: { set: digits, train: 2000, test: 200, validation: 200 }
model: { mlp: { hidden: [16] } }
loss: [ce, mae, { focal: { gamma: [0.5, 2] } }]
optimizer: [{ sgd: { learningRate: [0.1, 0.02], momentum: 0.9 } }, adam]
epochs: ${epochs}
batchSize: 32
seeds: 4
`;

const LEASE_SEC = 2;

/** Two workers at all times; the next event strikes when there is something to be struck. */
export async function killsAndRestarts({
  folder,
  server,
  kills,
  restarts,
  epochs,
  random,
  log,
}: KillOptions): Promise<Finding[]> {
  writeFileSync(join(folder, "killed.yaml"), study(epochs));
  const store = await server.database();
  const worker = (): Running => {
    const args = ["worker", "--store", store, "--workers", "1", "--lease", String(LEASE_SEC), "--json"];
    const running = start(folder, args);
    running.event(() => false).catch(() => {});
    return running;
  };
  const alone = losslab(folder, "run", "killed.yaml", "--store", "uninterrupted", "--no-report");
  // On a machine with much to do all kills may come before a cohort's first epoch, and be no fault of the cohort's.
  const attempts = ["--attempts", String(kills + restarts + 1)];
  const run = start(folder, ["run", "killed.yaml", "--store", store, "--queue", ...attempts, "--json", "--no-report"]);
  let over = false;
  run.ended.then(() => {
    over = true;
  });
  const workers = [worker(), worker()];
  const events = [...Array<"kill">(kills).fill("kill"), ...Array<"restart">(restarts).fill("restart")];
  const order = events.map((event) => ({ event, at: random() })).sort((a, b) => a.at - b.at);
  const struck = { kill: 0, restart: 0 };
  for (const { event } of order) {
    // Once it has taken something, at a random moment after that.
    const at = Math.floor(random() * workers.length);
    await Promise.race([workers[at].event(({ event }) => event === "taken"), run.ended]).catch(() => {});
    await sleep(200 + 2500 * random());
    if (over) break;
    struck[event]++;
    if (event === "restart") server.restart();
    else {
      workers[at].child.kill("SIGKILL");
      await workers[at].ended;
      workers[at] = worker();
    }
    log(`${event} ${struck[event]}`);
  }
  const { status, stderr } = await run.ended;
  for (const { child } of workers) child.kill("SIGTERM");
  for (const { ended } of workers) await ended;
  if (status !== 0) throw new Error(`the run ended with ${status}: ${stderr}`);
  const whole = await alone;
  if (whole.status !== 0) throw new Error(whole.stderr);
  // Whoever opens a store to write deletes what a worker that was killed between two steps has left.
  const tidied = await losslab(folder, "worker", "--store", store, "--drain");
  if (tidied.status !== 0) throw new Error(tidied.stderr);
  const [own, expected] = [await numbers(folder, store), await numbers(folder, "uninterrupted")];
  const differing = expected.filter((trial, i) => JSON.stringify(trial) !== JSON.stringify(own[i])).length;
  const extra = own.length - expected.length;
  const jobs = await query(store, "select state, count(*)::int as n from jobs group by state");
  const files = await query(store, "select count(distinct file)::int as files, (select count(*)::int from cohorts) as cohorts from checkpoint_parts"); // biome-ignore format: one line
  return [
    finding("kills of workers, restarts of the database", `${struck.kill}, ${struck.restart}`, `${kills}, ${restarts}`, struck.kill === kills && struck.restart === restarts), // biome-ignore format: one line
    finding("trials that differ from an uninterrupted run's, or are too many", `${differing}, ${extra} of ${expected.length}`, "0, 0", differing === 0 && extra === 0), // biome-ignore format: one line
    finding("jobs by state", jobs.map(({ state, n }) => `${n} ${state}`).join(", "), "all done", jobs.length === 1 && jobs[0].state === "done"), // biome-ignore format: one line
    finding("checkpoints left, cohorts", `${files[0].files}, ${files[0].cohorts}`, "as many", files[0].files === files[0].cohorts), // biome-ignore format: one line
  ];
}
