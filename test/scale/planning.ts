/** How long a large study takes to be planned, and how much memory, in a process of its own. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readyObject } from "../../src/lab/study.ts";
import type { StudySpec } from "../../src/study/spec.ts";
import { type Finding, finding, seconds } from "./finding.ts";

interface Planned {
  trials: number;
  cohorts: number;
  ms: number;
  bytes: number;
}

/** Ten losses, ten learning rates, ten batch sizes, and as many seeds as it takes. */
function study(trials: number): StudySpec {
  const gammas = [0.1, 0.2, 0.5, 1, 1.5, 2, 3, 4, 5];
  return {
    name: "large",
    data: { set: "digits", train: 500, test: 100, validation: 100 },
    model: { mlp: { hidden: [8] } },
    loss: ["ce", { focal: { gamma: gammas } }],
    optimizer: { sgd: { learningRate: Array.from({ length: 10 }, (_, i) => 0.01 * (i + 1)) } },
    batchSize: Array.from({ length: 10 }, (_, i) => 16 + i),
    epochs: 1,
    seeds: Math.ceil(trials / 1000),
  } as StudySpec;
}

export async function planning(trials: number): Promise<Finding[]> {
  const child = fork(new URL(import.meta.url), [String(trials)], { execArgv: ["--import", "tsx"] });
  const [planned] = (await once(child, "message")) as [Planned];
  await once(child, "exit");
  const { ms, bytes, cohorts } = planned;
  const what = `planning ${planned.trials} trials in ${cohorts} cohorts`;
  return [
    finding(what, seconds(ms), "< 10 s", ms < 10_000),
    finding(`${what}: memory of the process at most`, `${Math.round(bytes / 1e6)} MB`, "< 1 GB", bytes < 1e9),
  ];
}

if (process.send && /^\d+$/.test(process.argv[2] ?? "")) {
  const begun = performance.now();
  const { plan } = await readyObject(study(Number(process.argv[2])));
  const ms = performance.now() - begun;
  const bytes = process.resourceUsage().maxRSS * 1024;
  const planned: Planned = { trials: plan.trials.length, cohorts: plan.cohorts.length, ms, bytes };
  process.send(planned, () => process.disconnect());
}
