/**
 * The studies of a recommendation: one that looks at the data, one that compares losses within the time that is left, and, where a loss
 * seems to win, one that gives the baseline its other settings. Pure.
 */
import { roleOf } from "../report/stages.ts";
import type { RunResults, Trial } from "../run/records.ts";
import type { StudySpec } from "../study/spec.ts";
import { successiveHalving } from "../study/tune/searches/index.ts";
import type { JudgedBy } from "../study/tune/tune.ts";
import { UserError } from "../util/errors.ts";
import { duration } from "../util/format.ts";
import { canonicalJson } from "../util/hash.ts";
import { type Findings, isUnbalanced } from "./findings.ts";
import { lossesFor } from "./losses.ts";

/** What the user gave. */
export interface Wanted {
  name: string;
  /** `data` of both studies, but for folds. */
  data: Record<string, unknown>;
  budgetSec: number;
  measure?: JudgedBy;
}

const BATCH_SIZE = 32;
const FOLDS = 5;
/** Held out for choosing hyperparameters, of what is not for testing. */
export const VALIDATION = 0.2;
/** More than these say little more about noise. */
const MOST_LOOKED_AT = 6000;
/** Steps after which a network knows what can be learned soon, and has not yet learned wrong labels by heart. */
const LOOK_STEPS = 250;
const LOOK_RATES = [0.001, 0.003, 0.01];

const stepsPerEpoch = (examples: number): number => Math.ceil(examples / BATCH_SIZE);
const epochsFor = (steps: number, examples: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, Math.round(steps / stepsPerEpoch(examples))));

/** What both studies share. Adam forgives what a fixed learning rate of plain descent would not. */
const base = { model: { mlp: { hidden: [64] } }, batchSize: BATCH_SIZE } as const;

/**
 * Networks that are each tested on a part of the training examples that they were not trained on: how noisy labels are, and how long an
 * epoch takes.
 * @param training examples that are not for testing
 */
export function lookStudy({ name, data }: Wanted, training: number): StudySpec {
  const used = Math.min(training, MOST_LOOKED_AT);
  const share = 1 / FOLDS;
  return {
    name: `${name}-look`,
    description: "How noisy are the labels?",
    data: {
      ...data,
      validation: share,
      fold: Array.from({ length: FOLDS }, (_, k) => k),
      ...(used < training && { train: used, balanced: false }),
    } as StudySpec["data"],
    ...base,
    optimizer: { adam: { learningRate: LOOK_RATES } },
    epochs: epochsFor(LOOK_STEPS, used * (1 - share), 3, 50),
    seeds: 1,
    measure: { probabilities: "none", labelIssues: true },
  };
}

/** How much is tried: candidates of each loss, steps of a training, seeds of the comparison. */
interface Effort {
  candidates: number;
  steps: number;
  seeds: number;
}

/** From the least that says anything to more than is usually needed. */
const EFFORTS: readonly Effort[] = [
  { candidates: 9, steps: 450, seeds: 3 },
  { candidates: 9, steps: 450, seeds: 5 },
  { candidates: 9, steps: 900, seeds: 5 },
  { candidates: 9, steps: 900, seeds: 8 },
  { candidates: 18, steps: 900, seeds: 10 },
  { candidates: 18, steps: 1800, seeds: 10 },
  { candidates: 27, steps: 1800, seeds: 15 },
  { candidates: 27, steps: 3600, seeds: 15 },
  { candidates: 27, steps: 3600, seeds: 25 },
];

/** One seed of a candidate may be lucky: a learning rate that is nearly too high fails with some seeds and not with others. */
const TUNING_SEEDS = 2;

/** Time that is spent whatever is trained: workers begin, and stages end, with idle ones. */
const STAGE_SEC = 1;
const RESERVE = 0.85;

export interface Composed {
  study: StudySpec;
  /** What it is expected to take. */
  seconds: number;
}

/** Three come to the last choice (η of the halving), one of them is chosen. */
const MOST_RIVALS = 2;

/** Epochs of all trials of a study of so many losses, and of the baseline's rivals. */
function trialEpochs({ candidates, seeds }: Effort, epochs: number, losses: number): number {
  const rounds = successiveHalving.rounds(candidates, epochs, { factor: 3, leastEpochs: 2 });
  const tuning = rounds.reduce((sum, r) => sum + r.candidates * r.epochs, 0);
  return losses * (TUNING_SEEDS * tuning + seeds * epochs) + MOST_RIVALS * seeds * epochs;
}

/**
 * The comparison: as thorough as the time allows.
 * @param secondsPerExample of training in one epoch of one trial, over all workers
 * @param spentSec what looking has taken
 * @throws UserError where the budget is too short for any
 */
export function comparisonStudy(
  wanted: Wanted,
  findings: Findings,
  { secondsPerExample, spentSec }: { secondsPerExample: number; spentSec: number },
): Composed {
  const examples = findings.counts.reduce((a, b) => a + b, 0);
  const losses = lossesFor(findings);
  const measure = wanted.measure ?? (isUnbalanced(findings) ? "balancedAccuracy" : "accuracy");
  const cost = (effort: Effort): { epochs: number; seconds: number } => {
    const epochs = epochsFor(effort.steps, examples, 6, 90);
    const stages = successiveHalving.rounds(effort.candidates, epochs, { factor: 3, leastEpochs: 2 }).length + 1;
    const seconds = trialEpochs(effort, epochs, losses.length) * examples * secondsPerExample + stages * STAGE_SEC;
    return { epochs, seconds };
  };
  const left = RESERVE * (wanted.budgetSec - spentSec);
  const effort = EFFORTS.findLast((e) => cost(e).seconds <= left);
  if (!effort) {
    const least = spentSec + cost(EFFORTS[0]).seconds / RESERVE;
    throw new UserError(
      `the least comparison that says anything takes about ${duration(least)} here, and the budget is ${duration(wanted.budgetSec)}`,
      "--budget",
      `--budget ${Math.ceil(least / 60)}m, or fewer examples: --set data.train=${Math.round(examples / 2)}`,
    );
  }
  const { epochs, seconds } = cost(effort);
  return {
    seconds,
    study: {
      name: wanted.name,
      description: "Which loss for these data?",
      data: wanted.data as StudySpec["data"],
      ...base,
      loss: losses.map(({ loss }) => loss),
      optimizer: "adam",
      schedule: "cosine",
      epochs,
      seeds: effort.seeds,
      tune: {
        learningRate: "logUniform(1e-4, 0.1)",
        trials: effort.candidates,
        seeds: TUNING_SEEDS,
        search: "successiveHalving",
        measure,
        untuned: false,
      },
      measure: { probabilities: "last", predictions: true },
    },
  };
}

/** What the baseline trains with besides its own: the settings that came to its last choice with those that were chosen. */
function rivalsOf({ trials }: RunResults, baseline: string): Pick<Trial, "loss" | "optimizer">[] {
  const tuned = trials.find((t) => roleOf(t, "tuned") && canonicalJson(t.trial.loss) === baseline);
  const chosen = tuned && roleOf(tuned, "tuned")!;
  if (!chosen) return [];
  const candidates = trials.flatMap(({ trial, status, roles = [] }) =>
    status !== "done"
      ? []
      : roles.flatMap((role) => (role.stage === "tuning" && role.cell === chosen.cell ? [{ trial, role }] : [])),
  );
  const inRound = (round: number) => candidates.filter(({ role }) => role.round === round);
  const several = (round: number): boolean => new Set(inRound(round).map(({ role }) => role.candidate)).size > 1;
  const rounds = candidates.map(({ role }) => role.round).filter(several);
  const others = inRound(Math.max(...rounds)).filter(({ role }) => role.candidate !== chosen.candidate);
  return others.map(({ trial: { loss, optimizer } }) => ({ loss, optimizer }));
}

/**
 * The baseline with its other settings, on the seeds and examples of the comparison: a choice by a small validation split is partly
 * luck, and bad luck of the baseline is no merit of a loss.
 * @param baseline the loss as trials have it
 * @returns null where nothing else came to the last choice
 */
export function rivalStudy({ tune: _, ...study }: StudySpec, results: RunResults, baseline: string): StudySpec | null {
  const rivals = rivalsOf(results, baseline);
  if (rivals.length === 0) return null;
  const all = (field: "loss" | "optimizer") => [
    ...new Map(rivals.map((r) => [canonicalJson(r[field]), r[field]])).values(),
  ];
  return {
    ...study,
    name: `${study.name}-rivals`,
    description: "Is the baseline beaten with its other settings too?",
    loss: all("loss") as StudySpec["loss"],
    optimizer: all("optimizer") as StudySpec["optimizer"],
  };
}
