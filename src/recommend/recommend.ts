/**
 * Which loss for these data?   look → compose → compare → judge, and where a loss wins: contest → judge again
 * Each step follows from what the store has of those before, times included: stopped at any moment, the same call goes on.
 */
import type { Worker } from "node:worker_threads";
import { settingFromHere } from "../lab/datasets.ts";
import { defaultWorkers, type Execution, execute, type RunEvent } from "../lab/execute.ts";
import { finishedRun } from "../lab/stored.ts";
import { type ReadyStudy, readyObject, type StudyOptions } from "../lab/study.ts";
import type { RunResults } from "../run/records.ts";
import type { Store } from "../store/store.ts";
import { withSetting } from "../study/parse.ts";
import type { Plan } from "../study/plan.ts";
import type { StudySpec } from "../study/spec.ts";
import { UserError } from "../util/errors.ts";
import { canonicalJson } from "../util/hash.ts";
import { choose } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import { comparisonStudy, lookStudy, rivalStudy, VALIDATION, type Wanted } from "./compose.ts";
import { type Findings, foldsOf, imbalanceOf, noiseOf } from "./findings.ts";
import { BASELINE } from "./losses.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

export type Purpose = "look" | "compare" | "contest";

export interface RecommendOptions extends Omit<StudyOptions, "settings"> {
  store: Store;
  /** `path=value` over the fields of the comparison; those of data and model also hold while looking. */
  settings?: readonly string[];
  workers?: number;
  /** A worker that was started before; whoever started it ends it, too, for there may be nothing to train. */
  worker?: Worker;
  signal?: AbortSignal;
  /** Before each of the studies trains. */
  onStudy?: (plan: Plan, purpose: Purpose) => void;
  onEvent?: (event: RunEvent) => void;
  /** When it is known what the data look like and what will be compared. */
  onComposed?: (findings: Findings, study: StudySpec, seconds: number) => void;
}

export interface Recommendation {
  findings: Findings;
  study: StudySpec;
  results: RunResults;
  verdict: Verdict;
}

export type Outcome =
  | { kind: "done"; recommendation: Recommendation }
  | { kind: "interrupted"; run: string }
  | { kind: "failed"; failures: Execution["failures"] };

const holdsWhileLooking = (setting: string): boolean => /^(data|model|activation|batchSize)\b/.test(setting);

/** The study with the settings in place. */
const withSettings = (study: StudySpec, settings: readonly string[]): StudySpec =>
  settings.map(settingFromHere).reduce<Record<string, unknown>>(withSetting, study as never) as never;

/** What a trial's example takes in an epoch, over all workers, as the store has it. */
export function timesOf({ trials }: RunResults, examples: number, workers: number) {
  const records = trials.flatMap((t) => t.history);
  const seconds = records.reduce((sum, r) => sum + r.seconds, 0);
  return { secondsPerExample: seconds / (records.length * examples) / workers, spentSec: seconds / workers };
}

export async function recommend(wanted: Wanted, options: RecommendOptions): Promise<Outcome> {
  const { store, settings = [], onStudy, onComposed, worker, ...rest } = options;
  const workers = options.workers ?? defaultWorkers(options.device ?? "cpu");
  const started = worker ? [worker] : [];
  /** The finished run of a study, or why there is none. */
  const run = async (ready: ReadyStudy, purpose: Purpose): Promise<{ id: string } | Outcome> => {
    const { prepared, device, modules, plan } = ready;
    const before = await finishedRun(plan, store);
    if (before) return { id: before };
    onStudy?.(plan, purpose);
    const spare = started.pop();
    const { signal, onEvent } = rest;
    const { run, failures, interrupted } = await execute(plan, {
      store,
      prepared,
      device,
      modules,
      workers,
      ...(signal && { signal }),
      ...(onEvent && { onEvent }),
      ...(spare && { worker: spare }),
    });
    if (failures.length > 0) return { kind: "failed", failures };
    return interrupted ? { kind: "interrupted", run: run.id } : { id: run.id };
  };

  const looking = settings.filter(holdsWhileLooking);
  const { data } = withSettings(
    { name: wanted.name, data: { validation: VALIDATION, ...wanted.data } as never },
    looking,
  );
  const asked: Wanted = { ...wanted, data: data as Record<string, unknown> };
  const whole = await readyObject({ name: wanted.name, data, seeds: 1 } as StudySpec, rest);
  const [spec] = whole.plan.study.data;
  if (whole.plan.study.data.length > 1) throw new UserError("takes one data set under one condition", "data");
  const { cohort, training, classNames } = whole.prepared(spec, 0);
  if (training.validation.length === 0) throw new UserError("needs a validation split to tune on", "data.validation");

  const look = withSettings(
    lookStudy(asked, training.train.length + training.validation.length),
    looking.filter((s) => !s.startsWith("data")),
  );
  const looked = await readyObject(look, rest);
  const first = await run(looked, "look");
  if ("kind" in first) return first;
  const seen = await store.results(first.id, { confusions: "last" });
  const [lookedAt] = looked.plan.study.data;
  const times = timesOf(seen, looked.prepared(lookedAt, 0).training.train.length, workers);
  const counts = cohort.classCounts;
  const findings: Findings = {
    classes: classNames,
    counts,
    testExamples: training.test.length,
    shape: cohort.shape,
    imbalance: imbalanceOf(counts),
    noise: noiseOf(foldsOf(seen), counts),
  };

  const composed = comparisonStudy(asked, findings, times);
  const study = withSettings(composed.study, settings);
  onComposed?.(findings, study, composed.seconds);
  const second = await run(await readyObject(study, rest), "compare");
  if ("kind" in second) return second;
  const results = await store.results(second.id, { confusions: "last" });
  const measure = study.tune?.measure === "balancedAccuracy" ? "balancedAccuracy" : "accuracy";
  const baseline = canonicalJson(choose("loss", zoo.losses, BASELINE).spec);
  const done = (verdict: Verdict): Outcome => ({ kind: "done", recommendation: { findings, study, results, verdict } });
  const verdict = verdictOf(results, measure, baseline);
  const rivals = verdict.kind === "better" ? rivalStudy(study, results, baseline) : null;
  if (!rivals) return done(verdict);
  const third = await run(await readyObject(rivals, rest), "contest");
  if ("kind" in third) return third;
  return done(verdictOf(results, measure, baseline, await store.results(third.id, { confusions: "last" })));
}
