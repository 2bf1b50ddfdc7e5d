/**
 * The nine MLPs in TensorFlow.js beside losslab: its wasm and its plain JavaScript back end, each in two processes with half of the trials.
 * An epoch would take it minutes, so it trains and evaluates on the stated share of one, and its seconds are scaled to the whole.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ReadyStudy, readyObject } from "../src/lab/study.ts";
import { cohort } from "../src/run/cohort.ts";
import { memberOf } from "../src/run/members.ts";
import { nodeBackend } from "../src/run/node-backend.ts";
import { trainCohort } from "../src/run/train.ts";
import { median } from "../src/stats/median.ts";
import { random } from "../src/util/random.ts";
import { zoo } from "../src/zoo/index.ts";
import { caseOf, plainLoss } from "./epoch.ts";
import { Side } from "./side.ts";
import { type Turn, timeStudy } from "./study.ts";
import { line } from "./table.ts";
import { works } from "./works.ts";

const BAR = 40;
/** Share of an epoch's steps, and of the test set, by back end. */
const SHARES = { wasm: 1 / 10, cpu: 1 / 100 } as const;
type BackEnd = keyof typeof SHARES;
const TITLES: Record<BackEnd, string> = { wasm: "wasm", cpu: "plain JavaScript" };

export interface TensorflowResult {
  backend: BackEnd;
  version: string;
  share: number;
  /** Median seconds of an epoch, scaled from the share; and all that were measured. */
  tensorflow: number;
  tensorflowAll: number[];
  losslab: number;
  losslabAll: number[];
  /** How many times as fast losslab is. */
  ratio: number;
  bar: number;
  /** The largest relative difference of the trials' mean training losses over the share's steps. */
  lossDifference: number;
}

/** losslab's mean training loss over the first steps, by trial. */
async function firstLosses({ plan, prepared }: ReadyStudy, steps: number): Promise<number[]> {
  const losses = new Map<string, number>();
  const byId = new Map(plan.trials.map((t) => [t.id, t]));
  for (const { trials, data, batchSize, seed } of plan.cohorts) {
    const { cohort: facts, training } = prepared(data, seed);
    const order = random(seed, "order", 1)
      .permutation(training.train.length)
      .subarray(0, steps * batchSize);
    const task = {
      cohort: cohort(
        trials.map((id) => memberOf(byId.get(id)!, zoo)),
        facts,
      ),
      data: { ...training, train: Uint32Array.from(order, (i) => training.train[i]), test: Uint32Array.of(0) },
      batchSize,
      epochs: 1,
      seed,
      order: () => Uint32Array.from(order, (_, i) => i),
    };
    for await (const { records } of trainCohort(task, nodeBackend()))
      for (const { trial, train } of records) losses.set(trial, train.loss);
  }
  return plan.trials.map(({ id }) => losses.get(id)!);
}

export async function tensorflow(repeats: number): Promise<TensorflowResult[]> {
  const [work] = works;
  console.log(`\nSeconds of an epoch, evaluation included, beside TensorFlow.js: ${work.title}\n`);
  console.log(line(["", "losslab s", "TF.js s", "measured on", "times as fast", "bar", "losses differ"]));
  const ready = await readyObject({ ...work.study, epochs: 2, seeds: [1] });
  const { trials, cohorts } = ready.plan;
  const { training } = ready.prepared(cohorts[0].data, cohorts[0].seed);
  const kinds = trials.map(({ loss, activation }) => [plainLoss(loss), Object.keys(activation)[0]]);
  const half = Math.ceil(kinds.length / 2);
  const folder = mkdtempSync(join(tmpdir(), "losslab-bench-"));
  const results: TensorflowResult[] = [];
  try {
    const task = caseOf(folder, work, ready);
    for (const backend of Object.keys(SHARES) as BackEnd[]) {
      const share = SHARES[backend];
      const amount = {
        steps: Math.round((share * training.train.length) / cohorts[0].batchSize),
        tests: Math.round(share * training.test.length),
      };
      const script = join(import.meta.dirname, "tensorflow-side.ts");
      const sides = [kinds.slice(0, half), kinds.slice(half)].map((own) => ({
        own,
        side: new Side(process.execPath, ["--import", "tsx", script, backend]),
      }));
      try {
        const [{ tensorflow: version }] = await Promise.all(
          sides.map(({ side }) => side.answer<{ tensorflow: string }>()),
        );
        await Promise.all(sides.map(({ side, own }) => side.ask({ case: task, trials: own })));
        const turns: { own: Turn; theirs: Turn }[] = [];
        for (let i = 0; i < repeats; i++) {
          const own = await timeStudy(ready);
          const begun = performance.now();
          const parts = await Promise.all(sides.map(({ side, own: trials }) => side.ask<Turn>({ ...amount, trials })));
          const seconds = (performance.now() - begun) / 1000 / share;
          turns.push({ own, theirs: { seconds, losses: parts.flatMap(({ losses }) => losses) } });
        }
        const expected = await firstLosses(ready, amount.steps);
        const losslabAll = turns.map(({ own }) => own.seconds);
        const tensorflowAll = turns.map(({ theirs }) => theirs.seconds);
        const result: TensorflowResult = {
          backend,
          version,
          share,
          tensorflow: median(tensorflowAll),
          tensorflowAll,
          losslab: median(losslabAll),
          losslabAll,
          ratio: median(tensorflowAll.map((seconds, i) => seconds / losslabAll[i])),
          bar: BAR,
          lossDifference: Math.max(...expected.map((loss, t) => Math.abs(turns[0].theirs.losses[t] / loss - 1))),
        };
        results.push(result);
        console.log(
          line([
            TITLES[backend],
            result.losslab.toFixed(2),
            result.tensorflow.toFixed(1),
            `${100 * share} %`,
            result.ratio.toFixed(0),
            `${BAR} ${result.ratio >= BAR ? "met" : "missed"}`,
            result.lossDifference.toExponential(0),
          ]),
        );
      } finally {
        for (const { side } of sides) side.stop();
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return results;
}
