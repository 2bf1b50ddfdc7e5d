/**
 * What is promised beyond one machine, measured:   npm run test:scale -- [--only kills,load,planning,times,speedup] [--size 1]
 * `--size 0.1` does a tenth of it. Times count on a machine that does nothing else.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { noPostgres, startPostgres } from "../test/postgres/server.ts";
import type { Finding } from "../test/scale/finding.ts";
import { killsAndRestarts } from "../test/scale/kills.ts";
import { queueLoad } from "../test/scale/load.ts";
import { planning } from "../test/scale/planning.ts";
import { speedup } from "../test/scale/speedup.ts";
import { times } from "../test/scale/times.ts";

const { values } = parseArgs({ options: { only: { type: "string" }, size: { type: "string" } } });
const size = Number(values.size ?? 1);
const of = (count: number): number => Math.max(1, Math.round(count * size));
const missing = noPostgres();
if (missing) {
  console.error(missing);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "losslab-scale-"));
// Commits wait for the disk, as they do where it matters.
const server = startPostgres({ durable: true });

const parts: Record<string, () => Promise<Finding[]>> = {
  planning: () => planning(of(100_000)),
  load: () => queueLoad(server, of(10_000), 50),
  times: async () => [
    ...(await times(folder, "PostgreSQL", await server.database(), of(10_000))),
    ...(await times(folder, "SQLite", join(folder, "times"), of(10_000))),
  ],
  speedup: () => speedup(folder, server, 8, of(40)),
  kills: () =>
    killsAndRestarts({ folder, server, kills: of(20), restarts: of(3), epochs: of(150), random: Math.random, log: (text) => process.stderr.write(`${text}\n`) }), // biome-ignore format: one line
};

const wanted = values.only?.split(",") ?? Object.keys(parts);
try {
  for (const name of wanted) {
    if (!Object.hasOwn(parts, name)) {
      console.error(`there is no part ${name}; there are ${Object.keys(parts).join(", ")}`);
      process.exitCode = 2;
      break;
    }
  }
  if (process.exitCode === undefined) {
    const date = new Date().toISOString().slice(0, 10);
    console.log(`${date}, ${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.versions.node}\n`);
    console.log("| what | found | wanted | |\n| --- | --- | --- | --- |");
    for (const name of wanted) {
      for (const { what, found, wanted, holds } of await parts[name]()) {
        console.log(`| ${what} | ${found} | ${wanted} | ${holds === null ? "" : holds ? "holds" : "**fails**"} |`);
        if (holds === false) process.exitCode = 1;
      }
    }
  }
} finally {
  server.remove();
  rmSync(folder, { recursive: true, force: true });
}
