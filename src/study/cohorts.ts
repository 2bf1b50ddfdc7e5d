/** Which trials train together, and what that takes. */
import type { CohortData } from "../run/cohort.ts";
import { optimizerOf } from "../run/members.ts";
import type { Spec, Trial } from "../run/records.ts";
import { memoryOf, threadsOf } from "../run/sizes.ts";
import { sizeOf as tensorSize } from "../tensor/index.ts";
import { contentHash } from "../util/hash.ts";
import { choose } from "../zoo/entry.ts";
import type { Zoo } from "../zoo/index.ts";
import { type BuiltModel, buildModel, type Model } from "../zoo/models/model.ts";
import type { WarmStart } from "../zoo/warmStarts/warmStart.ts";
import { ENGINE_VERSION } from "./engine-version.ts";
import type { DataSpec } from "./spec.ts";

/** What the planner must know of data; found out when they are read. */
export interface DataFacts {
  /** How trials name the set: by its name, and data of one's own without the folder they lie in. */
  name: string;
  version: string;
  shape: readonly number[];
  /** How the examples' values are stored. */
  pixels: CohortData["pixels"];
  classes: number;
  /** Examples of an epoch: those of the training split, under the conditions of the study. */
  trainCount: number;
  /** Examples of the test split. */
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
  /** Epochs of the training before, whose weights these trials begin with. */
  epochsBefore: number;
  batchSize: number;
  /** Threads of the runtime within the cohort. */
  threads: number;
  /** What the cohort's tensors are expected to need at most. */
  memoryBytes: number;
  /** Multiply-adds of the whole training, for ordering and estimating. */
  work: number;
  /** Training steps. */
  steps: number;
}

/** A trial and the data that it is trained on, as the study says them. */
export interface PlannedTrial {
  trial: Trial;
  data: DataSpec;
}

/** What is the same for all trials of a study. */
export interface CohortRules {
  factsOf: (data: DataSpec) => DataFacts;
  zoo: Zoo;
  /** Whether trials that can train in one graph do. */
  fuse: boolean;
  /** Whether the test split is measured a second time, with noise. */
  testNoise: boolean;
  /** Memory that one cohort may use. */
  memoryBudgetBytes: number;
}

/** More trials gain nothing: the shared first layer is already a small part of the work. */
const LARGEST_COHORT = 8;

/** Who trains together is part of what is stored. */
export const cohortId = (trials: readonly string[]): string => contentHash({ cohort: trials, engine: ENGINE_VERSION });

/** Layer shapes apart from how the weights begin: what fused trials must share. */
const shapeKey = (model: Spec): string => {
  const [[name, params]] = Object.entries(model);
  return JSON.stringify([name, { ...params, init: null }]);
};

/** What the planner must know of a trial's size. */
interface Size {
  model: BuiltModel;
  /** The most tensors that an optimizer of the trial keeps for each parameter. */
  slots: number;
  /** Epochs of the training before. */
  epochsBefore: number;
}

/** The size of any trial; what was found once is known. */
function sizing(zoo: Zoo): (trial: Trial, facts: DataFacts) => Size {
  const sizes = new Map<string, Size>();
  return (trial, { shape, classes }) => {
    const key = JSON.stringify([
      shape,
      classes,
      trial.model,
      trial.optimizer,
      trial.ema,
      trial.warmStart,
      trial.epochs,
    ]);
    const known = sizes.get(key);
    if (known) return known;
    const { entry, params } = choose<Model>("model", zoo.models, trial.model);
    const optimizer = optimizerOf(trial, zoo);
    const model = buildModel(entry, params, shape, classes);
    const warmStart = choose<WarmStart>("warm start", zoo.warmStarts, trial.warmStart ?? "fresh");
    const before = warmStart.entry.before(warmStart.params, trial.epochs);
    const used = [optimizer, ...(before ? [before.optimizer] : [])];
    const slots = Math.max(...used.map(({ entry, params }) => entry.slots(params).length));
    const size = { model, slots, epochsBefore: before?.epochs ?? 0 };
    sizes.set(key, size);
    return size;
  };
}

/** Trials in the study's order as cohorts: those that share data, batch order and layer shapes, as many as gain by it. */
export function cohortsOf(
  planned: readonly PlannedTrial[],
  { factsOf, zoo, fuse, testNoise, memoryBudgetBytes }: CohortRules,
): PlannedCohort[] {
  const groups = new Map<string, { data: DataSpec; trials: Trial[] }>();
  for (const { trial, data } of planned) {
    const { augment, model, epochs, batchSize, seed, warmStart } = trial;
    const key = JSON.stringify([data, augment ?? null, shapeKey(model), epochs, batchSize, seed, warmStart]);
    const group = groups.get(key);
    if (group) group.trials.push(trial);
    else groups.set(key, { data, trials: [trial] });
  }
  const sizeOf = sizing(zoo);
  const memory = (trials: readonly Trial[], facts: DataFacts): number => {
    const slots = Math.max(...trials.map((t) => sizeOf(t, facts).slots));
    const { model } = sizeOf(trials[0], facts);
    return memoryOf(model, tensorSize(facts.shape), trials.length, trials[0].batchSize, slots);
  };

  const apart = [...groups.values()].flatMap(({ data, trials }) => {
    const facts = factsOf(data);
    let fitting = fuse ? Math.min(LARGEST_COHORT, trials.length) : 1;
    while (fitting > 1 && memory(trials.slice(0, fitting), facts) > memoryBudgetBytes) fitting--;
    return parts(trials, fitting, groups.size).map((members) => ({ data, facts, members }));
  });
  return apart.map(({ data, facts, members }): PlannedCohort => {
    const [{ seed, epochs, batchSize }] = members;
    const { model, epochsBefore } = sizeOf(members[0], facts);
    const { trainCount, testCount } = facts;
    const noisy = testNoise ? testCount : 0;
    const trained = members.length * model.products * (epochs + epochsBefore);
    const ids = members.map((t) => t.id);
    return {
      id: cohortId(ids),
      trials: ids,
      data,
      seed,
      epochs,
      epochsBefore,
      batchSize,
      threads: threadsOf(model, members.length, batchSize, apart.length),
      memoryBytes: memory(members, facts) + 4 * noisy * tensorSize(facts.shape),
      // Forward, and the gradients for weights and for inputs; what is only measured, forward.
      work: trained * (3 * trainCount + testCount + noisy),
      steps: Math.ceil(trainCount / batchSize) * (epochs + epochsBefore),
    };
  });
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
