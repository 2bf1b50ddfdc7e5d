/**
 * The long part of fuzzing:   npm run test:fuzz -- [kind …] [--seed 1] [--runs 1000]
 * Each kind runs in a thread of its own, so that an input that never ends is noticed, too.
 */
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { fuzz, type Outcome } from "../test/fuzz/fuzz.ts";
import { kinds } from "../test/fuzz/kinds/index.ts";

/** So long no input may take. */
const HANG_SECONDS = 300;

if (isMainThread) await main();
else {
  const { name, runs, seed, count } = workerData as { name: string; runs?: number; seed: number; count: Int32Array };
  const kind = kinds.find((k) => k.name === name)!;
  const outcome = await fuzz(kind, runs ?? kind.many, seed, () => Atomics.add(count, 0, 1));
  parentPort!.postMessage(outcome);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: "string" }, runs: { type: "string" } },
  });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  const chosen = positionals.length > 0 ? positionals : kinds.map(({ name }) => name);
  const unknown = chosen.filter((name) => !kinds.some((kind) => kind.name === name));
  if (unknown.length > 0)
    throw new Error(`no kind ${unknown.join(", ")}; there are ${kinds.map((k) => k.name).join(", ")}`);
  console.log(`seed ${seed}`);
  let failed = false;
  for (const name of chosen) {
    const { inputs, seconds, failure } = await watched(name, seed, values.runs ? Number(values.runs) : undefined);
    console.log(
      `${name.padEnd(12)}  ${String(inputs).padStart(7)} inputs  ${seconds.toFixed(0).padStart(5)} s  ${failure ?? "all read or clearly refused"}`,
    );
    failed ||= failure !== null;
  }
  process.exitCode = failed ? 1 : 0;
}

function watched(name: string, seed: number, runs?: number): Promise<Outcome> {
  const count = new Int32Array(new SharedArrayBuffer(4));
  // A thread does not read TypeScript by itself.
  const entry = `import("tsx/esm/api").then(({ register }) => { register(); return import(${JSON.stringify(import.meta.url)}); })`;
  const worker = new Worker(entry, { eval: true, workerData: { name, seed, runs, count } });
  return new Promise((resolve, reject) => {
    let [last, since] = [-1, performance.now()];
    const begun = since;
    const watch = setInterval(() => {
      const now = Atomics.load(count, 0);
      if (now !== last) [last, since] = [now, performance.now()];
      else if (performance.now() - since > 1000 * HANG_SECONDS) {
        finish({
          inputs: now,
          seconds: (performance.now() - begun) / 1000,
          failure: `input ${now} of seed ${seed} never ended`,
        });
      }
    }, 1000);
    const finish = (outcome: Outcome): void => {
      clearInterval(watch);
      worker.terminate().then(() => resolve(outcome), reject);
    };
    worker.on("message", finish);
    worker.on("error", (error) => {
      clearInterval(watch);
      reject(error);
    });
  });
}
