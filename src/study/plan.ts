/** From a study to what is to be done: trials with their identities, and cohorts that train together. Pure. */
import { claimProblem } from "../claims/claim.ts";
import { checkClaim } from "../claims/evidence.ts";
import { usualScale } from "../data/preprocess.ts";
import type { Device } from "../run/devices.ts";
import type { Spec, Trial } from "../run/records.ts";
import { UserError } from "../util/errors.ts";
import { contentHash } from "../util/hash.ts";
import { type Augmentation, tryOnExamples } from "../zoo/augmentations/augmentation.ts";
import type { Chosen } from "../zoo/entry.ts";
import type { Zoo } from "../zoo/index.ts";
import { type Loss, tryOn } from "../zoo/losses/loss.ts";
import { buildModel, type Model } from "../zoo/models/model.ts";
import { ParameterError, type Problem } from "../zoo/problems.ts";
import { product } from "./alternatives.ts";
import { checkMeasure } from "./check-measure.ts";
import { cohortsOf, type DataFacts, type PlannedCohort, type PlannedTrial } from "./cohorts.ts";
import { ENGINE_VERSION } from "./engine-version.ts";
import type { ExpandedStudy } from "./expand.ts";
import { type Observe, questionsFor } from "./observe.ts";
import { type DataSpec, type EntryField, entryFields, factorFields } from "./spec.ts";
import { masked } from "./tune/mask.ts";
import { type Stages, stagesOf } from "./tune/stages.ts";

export { cohortId, type DataFacts, type PlannedCohort } from "./cohorts.ts";
export { ENGINE_VERSION } from "./engine-version.ts";

/** One value of each field of a study. */
type Combination = Record<EntryField, Chosen> &
  Record<"epochs" | "batchSize" | "ema" | "seeds", number> & { data: DataSpec };

export interface Plan {
  study: ExpandedStudy;
  /** What all trials are trained on. */
  device: Device;
  /** All that are known beforehand; of a study that tunes the untuned ones and its first candidates. */
  trials: Trial[];
  /** Those that train first: all of them, where nothing is tuned. */
  cohorts: PlannedCohort[];
  /** Of a study that tunes. */
  stages?: Stages;
}

export interface PlanOptions {
  /** Memory that one cohort may use. */
  memoryBudgetBytes?: number;
  /** What is trained on; the processor by default. */
  device?: Device;
}

const DEFAULT_BUDGET = 2.5e9;

/** What is asked of candidates beyond their records. */
const NOTHING: Observe = { training: {}, last: [], everyEpoch: null };

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
  const { entries, fuse, observe } = study;
  const fields = Object.keys(entryFields) as EntryField[];
  const factors = factorFields.map((field) =>
    field in entries ? entries[field as EntryField] : study[field as "data"],
  );
  const rows = product<unknown>(factors as never).map(
    (row) => Object.fromEntries(factorFields.map((field, i) => [field, row[i]])) as unknown as Combination,
  );
  const makeTrial = (chosen: Combination, asked = observe): Trial => {
    const { data, epochs, batchSize, ema, seeds: seed } = chosen;
    const specs = Object.fromEntries(fields.map((f) => [f, chosen[f].spec])) as Record<EntryField, Spec>;
    return trialOf(data, specs, { epochs, batchSize, ema, fuse, device, seed }, asked, factsOf(data), code);
  };
  const planned = rows.map((chosen): PlannedTrial => ({ trial: makeTrial(chosen), data: chosen.data }));
  const trials = planned.map(({ trial }) => trial);
  if (new Set(trials.map(({ id }) => id)).size < trials.length) {
    throw new UserError("two of its values come to the same trials", "data", "a comparison has each value once");
  }
  const testNoise = observe.training.testNoise !== undefined;
  const group = (some: readonly PlannedTrial[]): PlannedCohort[] =>
    cohortsOf(some, { factsOf, zoo, fuse, testNoise, memoryBudgetBytes });
  if (!study.tuning) {
    checkClaims(study.claims, trials);
    return { study, device, trials, cohorts: group(planned) };
  }

  const cells = rows
    .filter(({ seeds }) => seeds === study.seeds[0])
    .map((chosen) => ({ chosen, data: chosen.data, epochs: chosen.epochs, members: chosen }));
  const stages = stagesOf(
    cells,
    study.tuning,
    study.seeds,
    zoo,
    ({ chosen }, { members, epochs, seed, purpose }) =>
      makeTrial({ ...chosen, ...members, epochs, seeds: seed }, purpose === "tuning" ? NOTHING : observe),
    group,
  );
  checkApart(stages);
  checkClaims(study.claims, tunedTrials(stages)); // what was tuned has no one value that a claim could name
  const [first] = stages.forecast;
  const untuned = study.tuning.untuned ? trials : [];
  return { study, device, trials: [...untuned, ...first.trials], cohorts: first.cohorts, stages };
}

/** The trials of the comparison as its report names them. */
const tunedTrials = ({ forecast }: Stages): Trial[] => {
  const { trials, roles } = forecast[forecast.length - 1];
  return trials.flatMap((trial) =>
    roles.get(trial.id)!.flatMap((role) => (role.stage === "tuned" ? [masked(trial, role.values)] : [])),
  );
};

/** A hyperparameter that is tuned cannot be a factor, too: its values would all come to the same candidates. */
function checkApart({ forecast }: Stages): void {
  const { roles } = forecast[forecast.length - 1];
  for (const own of roles.values()) {
    if (new Set(own.flatMap(({ stage, cell }) => (stage === "tuned" ? cell : []))).size < 2) continue;
    const message =
      "names a hyperparameter that the study also varies: two of its configurations have the same candidates";
    throw new ParameterError(
      [{ path: ["tune"], message, hint: "one value in its place, or no tuning of it" }],
      "study",
    );
  }
}
