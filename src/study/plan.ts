/** From a study to what is to be done: trials with their identities, and cohorts that train together. Pure. */
import type { Spec, Trial } from "../run/records.ts";
import { sizeOf } from "../tensor/index.ts";
import { contentHash } from "../util/hash.ts";
import type { Chosen } from "../zoo/entry.ts";
import type { Zoo } from "../zoo/index.ts";
import { choose } from "../zoo/entry.ts";
import { buildModel, type Model } from "../zoo/models/model.ts";
import type { Optimizer } from "../zoo/optimizers/optimizer.ts";
import { type ExpandedStudy, product } from "./expand.ts";
import { type DataSpec, type EntryField, entryFields } from "./spec.ts";

/** Changes whenever the same trial would get other numbers. Part of every trial's identity. */
export const ENGINE_VERSION = "1";

/** What the planner must know of a data set; found out when it is read. */
export interface DataFacts {
  version: string;
  shape: readonly number[];
  classes: number;
  trainCount: number;
  testCount: number;
}

/** Trials that train together, on one worker. */
export interface PlannedCohort {
  /** Content hash of its trials: who trains together is part of what is stored. */
  id: string;
  /** Ids in the study's order. */
  trials: string[];
  data: DataSpec;
  seed: number;
  epochs: number;
  batchSize: number;
  /** What the cohort's tensors are expected to need at most. */
  memoryBytes: number;
  /** Multiplications and additions of the whole training, for ordering and estimating. */
  work: number;
}

export interface Plan {
  study: ExpandedStudy;
  trials: Trial[];
  cohorts: PlannedCohort[];
}

export interface PlanOptions {
  /** Memory that one cohort may use. */
  memoryBudgetBytes?: number;
}

/** More trials gain nothing: the shared first layer is already a small part of the work. */
const LARGEST_COHORT = 8;
const DEFAULT_BUDGET = 2e9;

function trialOf(
  data: DataSpec,
  entries: Record<EntryField, Spec>,
  epochs: number,
  batchSize: number,
  seed: number,
  facts: DataFacts,
  code: Record<string, string>,
): Trial {
  const fields = { data: { ...data, version: facts.version }, ...entries, epochs, batchSize, seed };
  const lossName = Object.keys(entries.loss)[0];
  const own = code[lossName] ? { code: code[lossName] } : {};
  return { id: contentHash({ ...fields, ...own, engine: ENGINE_VERSION }), ...fields };
}

/** Layer shapes apart from how the weights begin: what fused trials must share. */
const shapeKey = (model: Spec): string => {
  const [[name, params]] = Object.entries(model);
  return JSON.stringify([name, { ...params, init: null }]);
};

/** Memory and work of one trial of a cohort. */
function costOf(model: Chosen<Model>, optimizer: Chosen<Optimizer>, facts: DataFacts, batchSize: number) {
  const built = buildModel(model.entry, model.params, facts.shape, facts.classes);
  const shapes = Object.values(built.parameters).map((p) => p.shape);
  const parameters = shapes.reduce((total, shape) => total + sizeOf(shape), 0);
  const slots = optimizer.entry.slots(optimizer.params).length;
  const floatsPerExample = built.outputs.reduce((total, shape) => total + sizeOf(shape), 0);
  return {
    // State twice (before and after a step), gradients and temporaries; activations, their gradients and copies between layouts.
    memoryBytes: 4 * (parameters * (2 * (1 + slots) + 3) + floatsPerExample * Math.max(batchSize, EVALUATION_BATCH) * 5),
    workPerExample: 6 * built.products,
  };
}

/** Examples of one evaluation call, as the step loop takes them unless told otherwise. */
export const EVALUATION_BATCH = 500;

/**
 * Trials and cohorts of a study.
 * @param factsOf what is known of each data set the study uses
 * @param code hashes of the user's own losses by name
 */
export function plan(
  study: ExpandedStudy,
  factsOf: (set: string) => DataFacts,
  zoo: Zoo,
  { memoryBudgetBytes = DEFAULT_BUDGET }: PlanOptions = {},
  code: Record<string, string> = {},
): Plan {
  const trials: Trial[] = [];
  const groups = new Map<string, { data: DataSpec; trials: Trial[] }>();
  const { entries } = study;
  const fields = Object.keys(entryFields) as EntryField[];
  const factors = [
    study.data,
    entries.model,
    entries.activation,
    entries.optimizer,
    entries.schedule,
    study.epochs,
    study.batchSize,
    entries.loss,
    study.seeds,
  ] as const;
  for (const row of product<unknown>(factors as never)) {
    const [data, model, activation, optimizer, schedule, epochs, batchSize, loss, seed] = row as [
      DataSpec, Chosen, Chosen, Chosen, Chosen, number, number, Chosen, number,
    ];
    const chosen = { model, activation, optimizer, schedule, loss };
    const specs = Object.fromEntries(fields.map((f) => [f, chosen[f].spec])) as Record<EntryField, Spec>;
    const trial = trialOf(data, specs, epochs, batchSize, seed, factsOf(data.set), code);
    trials.push(trial);
    const key = JSON.stringify([data, shapeKey(trial.model), epochs, batchSize, seed]);
    const group = groups.get(key);
    if (group) group.trials.push(trial);
    else groups.set(key, { data, trials: [trial] });
  }

  const costs = new Map<string, ReturnType<typeof costOf>>();
  const cost = (trial: Trial): ReturnType<typeof costOf> => {
    const key = JSON.stringify([trial.data.set, trial.model, trial.optimizer, trial.batchSize]);
    const known = costs.get(key);
    if (known) return known;
    const model = choose<Model>("model", zoo.models, trial.model);
    const optimizer = choose<Optimizer>("optimizer", zoo.optimizers, trial.optimizer);
    const made = costOf(model, optimizer, factsOf(trial.data.set as string), trial.batchSize);
    costs.set(key, made);
    return made;
  };

  const cohorts = [...groups.values()].flatMap(({ data, trials }): PlannedCohort[] => {
    const largest = Math.max(...trials.map((t) => cost(t).memoryBytes));
    const fitting = Math.max(1, Math.floor(memoryBudgetBytes / largest));
    return parts(trials, Math.min(LARGEST_COHORT, fitting), groups.size).map((members) => {
      const [{ seed, epochs, batchSize }] = members;
      const facts = factsOf(data.set);
      const examples = (data.train ?? facts.trainCount) * epochs;
      return {
        id: contentHash({ cohort: members.map((t) => t.id), engine: ENGINE_VERSION }),
        trials: members.map((t) => t.id),
        data,
        seed,
        epochs,
        batchSize,
        memoryBytes: members.reduce((total, t) => total + cost(t).memoryBytes, 0),
        work: members.reduce((total, t) => total + cost(t).workPerExample * examples, 0),
      };
    });
  });
  return { study, trials, cohorts };
}

/**
 * Trials of one group in parts of nearly equal size, none larger than allowed. A study with few groups is cut further, so that
 * several cores have work; the number of cores of this machine plays no role.
 */
function parts(trials: readonly Trial[], largest: number, groups: number): Trial[][] {
  const needed = Math.ceil(trials.length / largest);
  const wanted = groups === 1 ? 2 : 1;
  const count = Math.min(trials.length, trials.length >= 4 ? Math.max(needed, wanted) : needed);
  const result: Trial[][] = [];
  for (let i = 0; i < count; i++) {
    result.push(trials.slice(Math.round((i * trials.length) / count), Math.round(((i + 1) * trials.length) / count)));
  }
  return result;
}
