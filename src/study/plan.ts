/** From a study to what is to be done: trials with their identities, and cohorts that train together. Pure. */
import { claimProblem } from "../claims/claim.ts";
import { checkClaim } from "../claims/evidence.ts";
import { usualScale } from "../data/preprocess.ts";
import type { CohortData } from "../run/cohort.ts";
import type { Device } from "../run/devices.ts";
import { noImages } from "../run/inputs.ts";
import { optimizerOf } from "../run/members.ts";
import type { Spec, Trial } from "../run/records.ts";
import { memoryOf, threadsOf } from "../run/sizes.ts";
import { sizeOf as tensorSize } from "../tensor/index.ts";
import { UserError } from "../util/errors.ts";
import { contentHash } from "../util/hash.ts";
import { type Augmentation, tryOnExamples } from "../zoo/augmentations/augmentation.ts";
import type { Chosen } from "../zoo/entry.ts";
import { choose } from "../zoo/entry.ts";
import type { Zoo } from "../zoo/index.ts";
import { type Loss, tryOn } from "../zoo/losses/loss.ts";
import { type BuiltModel, buildModel, type Model } from "../zoo/models/model.ts";
import { ParameterError, type Problem } from "../zoo/problems.ts";
import type { WarmStart } from "../zoo/warmStarts/warmStart.ts";
import { product } from "./alternatives.ts";
import type { ExpandedStudy } from "./expand.ts";
import { type Observe, questionsFor } from "./observe.ts";
import { type DataSpec, type EntryField, entryFields, factorFields } from "./spec.ts";

/** Changes whenever the same trial would get other numbers. Part of every trial's identity. */
export const ENGINE_VERSION = "2";

/** One value of each field of a study. */
type Combination = Record<EntryField, Chosen> &
  Record<"epochs" | "batchSize" | "ema" | "seeds", number> & { data: DataSpec };

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

export interface Plan {
  study: ExpandedStudy;
  /** What all trials are trained on. */
  device: Device;
  trials: Trial[];
  cohorts: PlannedCohort[];
}

export interface PlanOptions {
  /** Memory that one cohort may use. */
  memoryBudgetBytes?: number;
  /** What is trained on; the processor by default. */
  device?: Device;
}

/** More trials gain nothing: the shared first layer is already a small part of the work. */
const LARGEST_COHORT = 8;
const DEFAULT_BUDGET = 2.5e9;

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
  {
    ema,
    fuse,
    device,
    ...numbers
  }: Pick<Trial, "epochs" | "batchSize" | "seed"> & { ema: number; fuse: boolean; device: Device },
  { training: measure, everyEpoch }: Observe,
  facts: DataFacts,
  code: Record<string, string>,
): Trial {
  const { clip, augment, warmStart, ...others } = entries;
  // Said only where there is some, so that trials without have the identities that they always had.
  const some = {
    ...(!("none" in clip) && { clip }),
    ...(!("none" in augment) && { augment }),
    ...(!("fresh" in warmStart) && { warmStart }),
    ...(ema > 0 && { ema }),
    ...(!fuse && { fuse }),
    ...(Object.keys(measure).length > 0 && { measure }),
    ...(everyEpoch && { observe: { ...everyEpoch, questions: questionsFor(data, everyEpoch.questions ?? []) } }),
    ...(device !== "cpu" && { device }),
  };
  const { name: set, version, shape } = facts;
  const known = { ...data, set, scale: data.scale ?? usualScale(shape), version };
  const fields = { data: known, ...others, ...some, ...numbers };
  const hashes = namesIn(entries.loss).flatMap((name) => code[name] ?? []);
  const own = hashes.length > 0 ? { code: hashes.join() } : {};
  return { id: contentHash({ ...fields, ...own, engine: ENGINE_VERSION }), ...fields };
}

/** Layer shapes apart from how the weights begin: what fused trials must share. */
const shapeKey = (model: Spec): string => {
  const [[name, params]] = Object.entries(model);
  return JSON.stringify([name, { ...params, init: null }]);
};

/**
 * Builds all models, losses and augmentations for the data, which may show mistakes that the words did not.
 * @throws ParameterError with all of them, at the places where the study names the members
 */
function checkFit(
  { data, entries: { model, loss, augment } }: ExpandedStudy,
  factsOf: (data: DataSpec) => DataFacts,
): void {
  const problems = new Map<string, Problem>();
  const attempt = ({ path = [] }: Chosen, build: () => void): void => {
    try {
      build();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { message, hint } = error;
      problems.set(`${path} ${message}`, { path, message, ...(hint && { hint }) });
    }
  };
  for (const { shape, classes } of data.map(factsOf)) {
    for (const chosen of model) attempt(chosen, () => buildModel(chosen.entry as Model, chosen.params, shape, classes));
    for (const chosen of loss) attempt(chosen, () => tryOn(chosen as Chosen<Loss>, classes));
    for (const chosen of augment) attempt(chosen, () => tryOnExamples(chosen as Chosen<Augmentation>, shape));
  }
  if (problems.size > 0) throw new ParameterError([...problems.values()], "study");
}

/** What the planner must know of a trial's size. */
interface Size {
  model: BuiltModel;
  /** The most tensors that an optimizer of the trial keeps for each parameter. */
  slots: number;
  /** Epochs of the training before. */
  epochsBefore: number;
}

/** What is measured must exist: so many training examples, more classes than a top-k takes, images for corruptions of images. */
function checkMeasure({ data, observe, said }: ExpandedStudy, factsOf: (data: DataSpec) => DataFacts): void {
  const problems: Problem[] = [];
  const facts = data.map(factsOf);
  const { trainLast = 0 } = observe.training;
  const fewest = Math.min(...facts.map(({ trainCount }) => trainCount));
  if (trainLast > fewest) {
    const message = `is ${trainLast}; an epoch has ${fewest} training examples`;
    problems.push({ path: ["measure", "trainLast"], message });
  }
  const classes = Math.min(...facts.map((f) => f.classes));
  const { topK = [] } = (said.measure ?? {}) as { topK?: number[] };
  for (const [i, k] of topK.entries()) {
    const message = `top ${k} of ${classes} classes is always right`;
    if (k >= classes) problems.push({ path: ["measure", "topK", i], message });
  }
  if (observe.last.some(({ kind }) => kind === "corruption")) {
    for (const [name, why] of new Map(facts.map((f) => [f.name, noImages(f)])))
      if (why) {
        const hint = "noise and attacks go with any data: robustness: { noise: 0.5 }";
        problems.push({ path: ["robustness"], message: `${name}: ${why}, so that no corruption can be applied`, hint });
      }
  }
  if (problems.length > 0) throw new ParameterError(problems, "study");
}

/** Claims that speak of no trial of the study decide nothing. */
function checkClaims(claims: ExpandedStudy["claims"], trials: readonly Trial[]): void {
  const problems = claims.flatMap((claim, i) => {
    try {
      checkClaim(claim, trials);
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { path, ...rest } = claimProblem(error, i);
      return [{ path: ["claims", ...path], ...rest }];
    }
  });
  if (problems.length > 0) throw new ParameterError(problems, "study");
}

/**
 * Trials and cohorts of a study.
 * @param factsOf what is known of the data of each of the study's specifications
 * @param code hashes of the user's own losses by name
 * @throws ParameterError when a model, a loss or an augmentation does not fit the data
 */
export function plan(
  study: ExpandedStudy,
  factsOf: (data: DataSpec) => DataFacts,
  zoo: Zoo,
  { memoryBudgetBytes = DEFAULT_BUDGET, device = "cpu" }: PlanOptions = {},
  code: Record<string, string> = {},
): Plan {
  checkFit(study, factsOf);
  checkMeasure(study, factsOf);
  const trials: Trial[] = [];
  const ids = new Set<string>();
  const groups = new Map<string, { data: DataSpec; trials: Trial[] }>();
  const { entries } = study;
  const fields = Object.keys(entryFields) as EntryField[];
  const factors = factorFields.map((field) =>
    field in entries ? entries[field as EntryField] : study[field as "data"],
  );
  for (const row of product<unknown>(factors as never)) {
    const chosen = Object.fromEntries(factorFields.map((field, i) => [field, row[i]])) as unknown as Combination;
    const { data, epochs, batchSize, ema, seeds: seed, augment } = chosen;
    const specs = Object.fromEntries(fields.map((f) => [f, chosen[f].spec])) as Record<EntryField, Spec>;
    const numbers = { epochs, batchSize, ema, fuse: study.fuse, device, seed };
    const trial = trialOf(data, specs, numbers, study.observe, factsOf(data), code);
    if (ids.has(trial.id)) {
      throw new UserError("two of its values come to the same trials", "data", "a comparison has each value once");
    }
    ids.add(trial.id);
    trials.push(trial);
    const key = JSON.stringify([data, augment.spec, shapeKey(trial.model), epochs, batchSize, seed, trial.warmStart]);
    const group = groups.get(key);
    if (group) group.trials.push(trial);
    else groups.set(key, { data, trials: [trial] });
  }

  const sizes = new Map<string, Size>();
  const sizeOf = (trial: Trial, { shape, classes }: DataFacts): Size => {
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
  const memory = (trials: readonly Trial[], facts: DataFacts): number => {
    const slots = Math.max(...trials.map((t) => sizeOf(t, facts).slots));
    const { model } = sizeOf(trials[0], facts);
    return memoryOf(model, tensorSize(facts.shape), trials.length, trials[0].batchSize, slots);
  };

  const apart = [...groups.values()].flatMap(({ data, trials }) => {
    const facts = factsOf(data);
    let fitting = study.fuse ? Math.min(LARGEST_COHORT, trials.length) : 1;
    while (fitting > 1 && memory(trials.slice(0, fitting), facts) > memoryBudgetBytes) fitting--;
    return parts(trials, fitting, groups.size).map((members) => ({ data, facts, members }));
  });
  const cohorts = apart.map(({ data, facts, members }): PlannedCohort => {
    const [{ seed, epochs, batchSize }] = members;
    const { model, epochsBefore } = sizeOf(members[0], facts);
    const { trainCount, testCount } = facts;
    const noisy = study.observe.training.testNoise ? testCount : 0;
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
  checkClaims(study.claims, trials);
  return { study, device, trials, cohorts };
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
