/** The long crash campaign:   npm run test:crash -- [--kills 100] [--seed 1] */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { random } from "../src/util/random.ts";
import { campaign } from "../test/crash/campaign.ts";

const { values } = parseArgs({ options: { kills: { type: "string" }, seed: { type: "string" } } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
console.log(`seed ${seed}`);
/** Moments are to be repeatable as far as clocks are. */
const moments = random(seed, "moments");
let drawn = 0;
const folder = mkdtempSync(join(tmpdir(), "losslab-crash-"));
try {
  const { kills, studies, resumed, differences } = await campaign(
    folder,
    Number(values.kills ?? 100),
    30,
    () => moments.uniform(drawn++),
    console.log,
  );
  console.log(`${kills} kills, ${resumed} runs that went on from a checkpoint, ${studies} studies compared`);
  for (const row of differences) console.log(row);
  console.log(differences.length === 0 ? "all rows are those of an uninterrupted run" : "rows differ");
  process.exitCode = differences.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
