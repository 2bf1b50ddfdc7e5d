/** From a study to what is to be done: trials with their identities, and cohorts that train together. Pure. */
import { optimizerOf } from "../run/members.ts";
import type { Spec, Trial } from "../run/records.ts";
import { memoryOf } from "../run/sizes.ts";
import { UserError } from "../util/errors.ts";
import { contentHash } from "../util/hash.ts";
import type { Chosen } from "../zoo/entry.ts";
import { choose, ParameterError } from "../zoo/entry.ts";
import type { Zoo } from "../zoo/index.ts";
import { type BuiltModel, buildModel, type Model } from "../zoo/models/model.ts";
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

function trialOf(
  data: DataSpec,
  entries: Record<EntryField, Spec>,
  epochs: number,
  batchSize: number,
  ema: number,
  seed: number,
  facts: DataFacts,
  code: Record<string, string>,
): Trial {
  const { clip, ...others } = entries;
  // Said only where there is some, so that trials without have the identities that they always had.
  const some = { ...(!("none" in clip) && { clip }), ...(ema > 0 && { ema }) };
  const fields = { data: { ...data, version: facts.version }, ...others, ...some, epochs, batchSize, seed };
  const lossName = Object.keys(entries.loss)[0];
  const own = code[lossName] ? { code: code[lossName] } : {};
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
    study.ema,
    entries.loss,
    study.seeds,
  ] as const;
  for (const row of product<unknown>(factors as never)) {
    const [data, model, activation, optimizer, clip, schedule, epochs, batchSize, ema, loss, seed] = row as [
      DataSpec,
      Chosen,
      Chosen,
      Chosen,
      Chosen,
      Chosen,
      number,
      number,
      number,
      Chosen,
      number,
    ];
    const chosen = { model, activation, optimizer, clip, schedule, loss };
    const specs = Object.fromEntries(fields.map((f) => [f, chosen[f].spec])) as Record<EntryField, Spec>;
    const trial = trialOf(data, specs, epochs, batchSize, ema, seed, factsOf(data.set), code);
    trials.push(trial);
    const key = JSON.stringify([data, shapeKey(trial.model), epochs, batchSize, seed]);
    const group = groups.get(key);
    if (group) group.trials.push(trial);
    else groups.set(key, { data, trials: [trial] });
  }

  const sizes = new Map<string, Size>();
  const sizeOf = (trial: Trial): Size => {
    const key = JSON.stringify([trial.data.set, trial.model, trial.optimizer, trial.ema]);
    const known = sizes.get(key);
    if (known) return known;
    const { entry, params } = choose<Model>("model", zoo.models, trial.model);
    const optimizer = optimizerOf(trial, zoo);
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

  const cohorts = [...groups.values()].flatMap(({ data, trials }): PlannedCohort[] => {
    let fitting = Math.min(LARGEST_COHORT, trials.length);
    while (fitting > 1 && memory(trials.slice(0, fitting)) > memoryBudgetBytes) fitting--;
    return parts(trials, fitting, groups.size).map((members) => {
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
        memoryBytes: memory(members),
        // Forward, and the gradients for weights and for inputs.
        work: 3 * members.length * sizeOf(members[0]).model.products * examples,
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
