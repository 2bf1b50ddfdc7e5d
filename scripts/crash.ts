/** The long crash campaign:   npm run test:crash -- [--kills 100] [--seed 1] */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { campaign } from "../test/crash/campaign.ts";

const { values } = parseArgs({ options: { kills: { type: "string" }, seed: { type: "string" } } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
console.log(`seed ${seed}`);
/** Mulberry32: moments are to be repeatable as far as clocks are. */
let state = seed;
const random = (): number => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const folder = mkdtempSync(join(tmpdir(), "losslab-crash-"));
try {
  const { kills, studies, resumed, differences } = await campaign(
    folder,
    Number(values.kills ?? 100),
    30,
    random,
    console.log,
  );
  console.log(`${kills} kills, ${resumed} runs that went on from a checkpoint, ${studies} studies compared`);
  for (const row of differences) console.log(row);
  console.log(differences.length === 0 ? "all rows are those of an uninterrupted run" : "rows differ");
  process.exitCode = differences.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
