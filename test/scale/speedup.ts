/** Two workers beside one, on as many equal cohorts. Both sides in one go, in turn. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { losslab, start } from "../postgres/lab.ts";
import { type PostgresServer, query } from "../postgres/server.ts";
import { type Finding, finding, seconds } from "./finding.ts";

/**
 * As many cohorts as seeds. Convolutions of one trial at a time: their epochs outlast their checkpoints, and their tensors fit the caches.
 * Larger cohorts wait for the memory that cores share, whoever hands them out (`docs/scale.md`).
 */
const study = (cohorts: number, epochs: number): string => `name: equal
data: { set: digits, train: 4000, test: 500, validation: 500 }
model: lenet
loss: [ce]
measure: { probabilities: none }
epochs: ${epochs}
batchSize: 50
seeds: ${cohorts}
`;

const TURNS = 2;

async function timed(
  folder: string,
  server: PostgresServer,
  workers: number,
): Promise<{ ms: number; cohorts: number }> {
  const store = await server.database();
  const queued = await losslab(folder, "run", "equal.yaml", "--store", store, "--queue", "--detach");
  if (queued.status !== 0) throw new Error(queued.stderr);
  const [{ cohorts }] = await query(store, "select count(*)::int as cohorts from jobs");
  const running = Array.from({ length: workers }, () =>
    start(folder, ["worker", "--store", store, "--workers", "1", "--drain", "--json"]),
  );
  // From the first job that is taken to the end of the last: what starting a program takes is not the queue's.
  await Promise.race(running.map((worker) => worker.event(({ event }) => event === "taken")));
  const begun = performance.now();
  for (const { ended } of running) {
    const { status, stderr } = await ended;
    if (status !== 0) throw new Error(stderr);
  }
  const [{ last }] = await query(store, "select (extract(epoch from clock_timestamp()) * 1000 - max(changed_at))::float8 as last from jobs"); // biome-ignore format: one line
  return { ms: performance.now() - begun - Number(last), cohorts: Number(cohorts) };
}

export async function speedup(
  folder: string,
  server: PostgresServer,
  cohorts: number,
  epochs: number,
): Promise<Finding[]> {
  writeFileSync(join(folder, "equal.yaml"), study(cohorts, epochs));
  const one: number[] = [];
  const two: number[] = [];
  let found = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    const alone = await timed(folder, server, 1);
    found = alone.cohorts;
    one.push(alone.ms);
    two.push((await timed(folder, server, 2)).ms);
  }
  const [slow, fast] = [Math.min(...one), Math.min(...two)];
  return [
    finding("equal cohorts", String(found), String(cohorts), found === cohorts),
    finding("2 workers against 1", `${(slow / fast).toFixed(2)}× (${seconds(slow)}, ${seconds(fast)})`, "≥ 1.8×", slow / fast >= 1.8), // biome-ignore format: one line
  ];
}
