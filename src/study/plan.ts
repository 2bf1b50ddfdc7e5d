/** From a study to what is to be done: trials with their identities, and cohorts that train together. Pure. */
import type { Spec, Trial } from "../run/records.ts";
import { memoryOf, threadsOf } from "../run/sizes.ts";
import { UserError } from "../util/errors.ts";
import { contentHash } from "../util/hash.ts";
import type { Chosen } from "../zoo/entry.ts";
import { choose, ParameterError } from "../zoo/entry.ts";
import type { Zoo } from "../zoo/index.ts";
import { type BuiltModel, buildModel, type Model } from "../zoo/models/model.ts";
import type { Optimizer } from "../zoo/optimizers/optimizer.ts";
import { type ExpandedStudy, product } from "./expand.ts";
import { type DataSpec, type EntryField, entryFields } from "./spec.ts";

/** Changes whenever the same trial would get other numbers. Part of every trial's identity. */
export const ENGINE_VERSION = "2";

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
  /** Threads of the runtime within the cohort. */
  threads: number;
  /** What the cohort's tensors are expected to need at most. */
  memoryBytes: number;
  /** Multiply-adds of the whole training, for ordering and estimating. */
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

/** Who trains together is part of what is stored. */
export const cohortId = (trials: readonly string[]): string => contentHash({ cohort: trials, engine: ENGINE_VERSION });

/** All keys of a spec, those of losses within it among them. */
const namesIn = (spec: unknown): string[] =>
  Array.isArray(spec)
    ? spec.flatMap(namesIn)
    : spec !== null && typeof spec === "object"
      ? Object.entries(spec).flatMap(([name, inner]) => [name, ...namesIn(inner)])
      : [];

function trialOf(
  data: DataSpec,
  entries: Record<EntryField, Spec>,
  epochs: number,
  batchSize: number,
  seed: number,
  facts: DataFacts,
  code: Record<string, string>,
): Trial {
  const { clip, ...others } = entries;
  // Said only where there is some, so that trials without have the identities that they always had.
  const clipped = "none" in clip ? {} : { clip };
  const fields = { data: { ...data, version: facts.version }, ...others, ...clipped, epochs, batchSize, seed };
  const hashes = namesIn(entries.loss).flatMap((name) => code[name] ?? []);
  const own = hashes.length > 0 ? { code: hashes.join() } : {};
  return { id: contentHash({ ...fields, ...own, engine: ENGINE_VERSION }), ...fields };
}

/** Layer shapes apart from how the weights begin: what fused trials must share. */
const shapeKey = (model: Spec): string => {
  const [[name, params]] = Object.entries(model);
  return JSON.stringify([name, { ...params, init: null }]);
};

/** What `build` makes of a trial's model; its mistakes are the study's, at the place where it names the model. */
function located<T>({ entries }: ExpandedStudy, trial: Trial, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { path = ["model"] } = entries.model.find(({ spec }) => spec === trial.model) ?? {};
    throw new ParameterError([{ path, message: error.message, ...(error.hint && { hint: error.hint }) }], "study");
  }
}

/** What the planner must know of a trial's size. */
interface Size {
  model: BuiltModel;
  /** Tensors that the optimizer keeps for each parameter. */
  slots: number;
}

/**
 * Trials and cohorts of a study.
 * @param factsOf what is known of each data set the study uses
 * @param code hashes of the user's own losses by name
 * @throws ParameterError when a model does not fit its data
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
    entries.clip,
    entries.schedule,
    study.epochs,
    study.batchSize,
    entries.loss,
    study.seeds,
  ] as const;
  for (const row of product<unknown>(factors as never)) {
    const [data, model, activation, optimizer, clip, schedule, epochs, batchSize, loss, seed] = row as [
      DataSpec,
      Chosen,
      Chosen,
      Chosen,
      Chosen,
      Chosen,
      number,
      number,
      Chosen,
      number,
    ];
    const chosen = { model, activation, optimizer, clip, schedule, loss };
    const specs = Object.fromEntries(fields.map((f) => [f, chosen[f].spec])) as Record<EntryField, Spec>;
    const trial = trialOf(data, specs, epochs, batchSize, seed, factsOf(data.set), code);
    trials.push(trial);
    const key = JSON.stringify([data, shapeKey(trial.model), epochs, batchSize, seed]);
    const group = groups.get(key);
    if (group) group.trials.push(trial);
    else groups.set(key, { data, trials: [trial] });
  }

  const sizes = new Map<string, Size>();
  const sizeOf = (trial: Trial): Size => {
    const key = JSON.stringify([trial.data.set, trial.model, trial.optimizer]);
    const known = sizes.get(key);
    if (known) return known;
    const { entry, params } = choose<Model>("model", zoo.models, trial.model);
    const optimizer = choose<Optimizer>("optimizer", zoo.optimizers, trial.optimizer);
    const { shape, classes } = factsOf(trial.data.set as string);
    const model = located(study, trial, () => buildModel(entry, params, shape, classes));
    const size = { model, slots: optimizer.entry.slots(optimizer.params).length };
    sizes.set(key, size);
    return size;
  };
  const memory = (trials: readonly Trial[]): number => {
    const slots = Math.max(...trials.map((t) => sizeOf(t).slots));
    return memoryOf(sizeOf(trials[0]).model, trials.length, trials[0].batchSize, slots);
  };

  const apart = [...groups.values()].flatMap(({ data, trials }) => {
    let fitting = Math.min(LARGEST_COHORT, trials.length);
    while (fitting > 1 && memory(trials.slice(0, fitting)) > memoryBudgetBytes) fitting--;
    return parts(trials, fitting, groups.size).map((members) => ({ data, members }));
  });
  const cohorts = apart.map(({ data, members }): PlannedCohort => {
    const [{ seed, epochs, batchSize }] = members;
    const { model } = sizeOf(members[0]);
    const examples = (data.train ?? factsOf(data.set).trainCount) * epochs;
    const ids = members.map((t) => t.id);
    return {
      id: cohortId(ids),
      trials: ids,
      data,
      seed,
      epochs,
      batchSize,
      threads: threadsOf(model, members.length, batchSize, apart.length),
      memoryBytes: memory(members),
      // Forward, and the gradients for weights and for inputs.
      work: 3 * members.length * model.products * examples,
    };
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
