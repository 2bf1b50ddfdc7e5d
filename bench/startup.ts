/** How soon losslab answers: its help, and the first training of the quickstart. Medians of fresh processes, one after the other. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { median } from "../src/stats/median.ts";
import { line } from "./table.ts";

const PROGRAM = join(import.meta.dirname, "..", "bin", "losslab.js");
const TIMES = 7;

export interface Startup {
  what: string;
  /** Median milliseconds after launch, and all that were measured. */
  milliseconds: number;
  all: number[];
  bar: number;
}

function help(): number {
  const begun = performance.now();
  const { status } = spawnSync(process.execPath, [PROGRAM, "--help"], { stdio: "ignore" });
  if (status !== 0) throw new Error(`losslab --help ended with ${status}`);
  return performance.now() - begun;
}

/** Until the first epoch of a cohort has been trained, evaluated and stored: a little later than its first step. */
async function firstEpoch(): Promise<number> {
  const store = mkdtempSync(join(tmpdir(), "losslab-bench-"));
  const begun = performance.now();
  const run = spawn(process.execPath, [PROGRAM, "run", "quickstart", "--json", "--no-report", "--store", store], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => run.once("close", resolve));
  try {
    for await (const event of createInterface({ input: run.stdout })) {
      if ((JSON.parse(event) as { event: string }).event === "epoch") return performance.now() - begun;
    }
    throw new Error("quickstart ended before its first epoch");
  } finally {
    run.kill("SIGKILL");
    await ended;
    rmSync(store, { recursive: true });
  }
}

export async function startup(): Promise<Startup[]> {
  console.log("\nMilliseconds after launch\n");
  console.log(line(["", "ms", "bar"]));
  const measures: [what: string, bar: number, measure: () => number | Promise<number>][] = [
    ["losslab --help", 150, help],
    ["quickstart's first epoch", 1500, firstEpoch],
  ];
  const results: Startup[] = [];
  for (const [what, bar, measure] of measures) {
    const all: number[] = [];
    for (let i = 0; i < TIMES; i++) all.push(await measure());
    const milliseconds = median(all);
    results.push({ what, milliseconds, all, bar });
    console.log(line([what, milliseconds.toFixed(0), `${bar} ${milliseconds <= bar ? "met" : "missed"}`]));
  }
  return results;
}
