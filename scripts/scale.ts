/**
 * What is promised beyond one machine, measured:   npm run test:scale -- [--only planning,load,times,speedup,kills,slurm] [--size 1]
 * `--size 0.1` does a tenth of it. Times count on a machine that does nothing else.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { noPostgres, type PostgresServer, startPostgres } from "../test/postgres/server.ts";
import type { Finding } from "../test/scale/finding.ts";
import { killsAndRestarts } from "../test/scale/kills.ts";
import { queueLoad } from "../test/scale/load.ts";
import { planning } from "../test/scale/planning.ts";
import { slurm } from "../test/scale/slurm.ts";
import { speedup } from "../test/scale/speedup.ts";
import { times } from "../test/scale/times.ts";

const { values } = parseArgs({ options: { only: { type: "string" }, size: { type: "string" } } });
const size = Number(values.size ?? 1);
const of = (count: number): number => Math.max(1, Math.round(count * size));
const log = (text: string): void => console.error(text);

const parts: Record<string, (folder: string, server: PostgresServer) => Promise<Finding[]>> = {
  planning: () => planning(of(100_000)),
  load: (_, server) => queueLoad(server, of(10_000), 50),
  times: async (folder, server) => [
    ...(await times(folder, "PostgreSQL", await server.database(), of(10_000))),
    ...(await times(folder, "SQLite", join(folder, "times"), of(10_000))),
  ],
  speedup: (folder, server) => speedup(folder, server, 8, of(16)),
  kills: (folder, server) =>
    killsAndRestarts({ folder, server, kills: of(20), restarts: of(3), epochs: of(150), random: Math.random, log }),
  slurm,
};

const wanted = values.only?.split(",") ?? Object.keys(parts);
const unknown = wanted.find((name) => !Object.hasOwn(parts, name));
const refusal =
  unknown !== undefined
    ? `there is no part "${unknown}"; there are ${Object.keys(parts).join(", ")}`
    : size > 0
      ? noPostgres()
      : `--size must be a number > 0, got "${values.size}"`;
if (refusal) {
  console.error(refusal);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "losslab-scale-"));
// Commits wait for the disk, as they do where it matters.
const server = startPostgres({ durable: true });
try {
  const date = new Date().toISOString().slice(0, 10);
  console.log(`${date}, ${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.versions.node}\n`);
  console.log("| what | found | wanted | |\n| --- | --- | --- | --- |");
  for (const name of wanted) {
    for (const { what, found, wanted, holds } of await parts[name](folder, server)) {
      console.log(`| ${what} | ${found} | ${wanted} | ${holds === null ? "" : holds ? "holds" : "**fails**"} |`);
      if (holds === false) process.exitCode = 1;
    }
  }
} finally {
  server.remove();
  rmSync(folder, { recursive: true, force: true });
}
