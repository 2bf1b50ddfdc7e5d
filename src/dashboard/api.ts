/**
 * What the server and the page of the dashboard say to each other, all as JSON. Fractions are 0 … 1, durations in seconds, times ISO 8601.
 * Runs are addressed by id; several, parted by commas, are looked at as one.
 */

import type { SeriesStyle } from "../report/palette.ts";
import type { Standing } from "../report/standing.ts";
import type { EpochDiagnosis, Fault } from "../run/diagnosis.ts";
import type { ProbabilityMeasures } from "../run/observations.ts";
import type { RunInfo, TrialStatus } from "../run/records.ts";
import type { Verdict } from "../stats/family.ts";
import type { Summary } from "../stats/summary.ts";
import type { QueueListing, WorkerListing } from "../store/queue-listings.ts";

export type { SeriesStyle, Standing, Summary, TrialStatus, Verdict };

/** JSON has no number that is not finite: such a one is its text. */
export type Numeric = number | "NaN" | "Infinity" | "-Infinity" | null;

/** Any answer that is not 2xx. */
export interface Refusal {
  error: string;
  where?: string;
  hint?: string;
}

/** `GET /api/about` */
export interface About {
  version: string;
  /** As it was given. */
  store: string;
  /** Where paths of own data count from. */
  folder: string;
  readOnly: boolean;
  allowCode: boolean;
}

/** A run in the list. */
export interface RunRow extends Pick<RunInfo, "id" | "study" | "state" | "startedAt" | "finishedAt"> {
  /** Of the study. */
  description: string | null;
  trials: Record<TrialStatus, number>;
  /** Epochs that are recorded, and all that were asked for. */
  epochs: { done: number; all: number };
  /** The configuration with the highest final test accuracy so far. */
  best: { label: string; accuracy: Summary } | null;
  /** Whether a process of this machine works on it, which can be paused and stopped. */
  held: boolean;
}

/** `GET /api/runs`, newest first */
export interface RunList {
  runs: RunRow[];
  jobs: JobView[];
}

/** A process that this dashboard started. */
export interface JobView {
  id: string;
  study: string;
  state: "running" | "ended";
  startedAt: string;
  /** The run that it works on, once it has begun. */
  run: string | null;
  exitCode: number | null;
  /** The end of what it wrote. */
  output: string;
}

/** `GET /api/queue`: as `losslab status --json` prints it */
export interface QueueView {
  workers: WorkerListing[];
  /** Runs that have or had jobs, newest first. */
  queue: QueueListing[];
}

export interface ConfigurationView {
  key: string;
  label: string;
  style: SeriesStyle;
  trials: { id: string; seed: number; status: TrialStatus }[];
  done: number;
  diverged: number;
  /** Of the final epoch, over the finished seeds. */
  accuracy: Summary | null;
  /** Its level of each factor. */
  levels: number[];
}

export interface MetricView {
  key: string;
  title: string;
  unit: "percent" | "plain";
  lower: boolean;
  /** On which splits it is known; none where it is of no split. */
  splits: SplitKey[];
}

export type SplitKey = "train" | "validation" | "test" | "noisy_test";

/** `GET /api/runs/IDS` */
export interface RunView {
  runs: RunRow[];
  configurations: ConfigurationView[];
  factors: { name: string; levels: string[] }[];
  metrics: MetricView[];
  /** The most epochs that a trial was to have. */
  epochs: number;
  /** 1 / C; null when no confusion matrix tells C. */
  chance: number | null;
  /** What was trained on: `MNIST`. */
  data: string;
  /** Of the configuration with the fewest, and of that with the most. */
  seeds: [fewest: number, most: number];
  claims: number;
}

/** A line of one configuration: places of the arrays belong together. */
export interface CurveView {
  key: string;
  epoch: number[];
  n: number[];
  mean: number[];
  low: (number | null)[];
  high: (number | null)[];
  /** Mean time from the beginning to the epoch's end; only where it was asked for. */
  seconds?: number[];
}

export interface SingleView {
  key: string;
  trial: string;
  seed: number;
  /** Whether it diverged: it ends before the first value that is not finite. */
  broken: boolean;
  epoch: number[];
  value: number[];
  seconds?: number[];
}

/** `GET /api/runs/IDS/curves?metric=accuracy&split=test&seeds=1&seconds=1` */
export interface CurvesView {
  metric: MetricView;
  split: SplitKey | null;
  curves: CurveView[];
  /** Diverged trials always, the others where seeds were asked for. */
  singles: SingleView[];
}

export interface RankingRowView {
  /** What it was trained on, where configurations of several data are ranked one after the other; else null. */
  data: string | null;
  key: string;
  rank: number | null;
  standing: Standing;
  accuracy: Summary | null;
  /** At the epoch of the best validation accuracy; null without such a split. */
  atBestValidation: Summary | null;
  /** To the first, seed by seed. */
  difference: Summary | null;
  /** Of its being the best, corrected for its rivals; null for the first. */
  adjustedP: number | null;
  /** About how many would settle what is undecided. */
  seedsNeeded: number | null;
  chance: "stays" | "ends" | null;
  note: string | null;
}

/** `GET /api/runs/IDS/ranking` */
export interface RankingView {
  /** The answer, a sentence for each set of data. */
  answer: string[];
  /** The smallest difference that matters. */
  margin: number;
  rows: RankingRowView[];
}

/** The first minus the second, both of the same data. */
export interface PairView {
  first: string;
  second: string;
  difference: Summary | null;
  p: number | null;
  adjustedP: number | null;
  adjustedEquivalenceP: number | null;
  verdict: Verdict;
  negligible: boolean;
  seedsNeeded: number | null;
}

/** `GET /api/runs/IDS/pairs?most=40` */
export interface PairsView {
  margin: number;
  /** Best first, at most so many as were asked for. */
  keys: string[];
  /** All that were compared, and whose number corrects the tests. */
  compared: number;
  pairs: PairView[];
}

/** `GET /api/runs/IDS/trials` */
export interface TrialsView {
  /** Measures after the last epoch. */
  columns: { key: string; title: string; unit: "percent" | "plain" | "seconds" }[];
  rows: TrialRowView[];
}

export interface TrialRowView {
  id: string;
  /** Of its configuration. */
  key: string;
  seed: number;
  status: TrialStatus;
  reason: string | null;
  epochs: number;
  values: Numeric[];
}

/** `GET /api/trials/ID` */
export interface TrialView {
  id: string;
  /** The runs that it belongs to, oldest first. */
  runs: string[];
  label: string;
  seed: number;
  status: TrialStatus;
  reason: string | null;
  /** What it is, field by field in words. */
  parts: { name: string; text: string }[];
  spec: unknown;
  classes: string[];
  epochs: number;
  /** Series over the epochs; null where nothing was measured. */
  history: {
    epoch: number[];
    seconds: number[];
    learningRate: Numeric[];
    gradientNorm: Numeric[];
    loss: Partial<Record<SplitKey, Numeric[]>>;
    accuracy: Partial<Record<SplitKey, Numeric[]>>;
  };
  /** The first epoch of the best validation accuracy. */
  bestEpoch: number | null;
  final: Partial<Record<SplitKey, SplitView>>;
  /** After the last epoch. */
  probabilities: Partial<Record<"train" | "validation" | "test", ProbabilityMeasures>>;
  robustness: { kind: string; what: string; strength: number; loss: Numeric; accuracy: number; examples: number }[];
  diagnoses: { epoch: number; diagnosis: EpochDiagnosis }[];
  fault: Fault | null;
  /** Why its weights cannot be downloaded; null when they can. */
  noWeights: string | null;
}

/** A split after an epoch. */
export interface SplitView {
  loss: Numeric;
  measures: { key: string; title: string; unit: "percent" | "plain"; value: Numeric }[];
  perClass: { precision: number; recall: number; f1: number; specificity: number; support: number }[];
  confusion: number[][];
}

/** `GET /api/trials/ID/confusion?epoch=3&split=test` */
export interface ConfusionView {
  confusion: number[][];
}

/** `GET /api/trials/ID/mistakes`: the test examples that the trial takes for another class, the surest first. */
export interface MistakesView {
  trial: string;
  examples: number;
  wrong: number;
  /** At most 40. */
  mistakes: { place: number; is: string; taken: string; confidence: number; png: string | null }[];
}

/** `GET /api/runs/IDS/claims` */
export interface ClaimsView {
  claims: {
    run: string;
    id: string;
    claim: string;
    test: string | null;
    verdict: "supported" | "contradicted" | "undecided" | "untested";
    /** The evidence in words. */
    grounds: string;
    adjustedP: number | null;
  }[];
}

/** `GET /api/runs/ID/study`: what the run was told to do, to be told again. */
export interface StudyView {
  yaml: string;
}

/** `GET /api/presets` */
export interface PresetsView {
  presets: { name: string; text: string }[];
}

/** `POST /api/check` */
export interface CheckRequest {
  yaml: string;
}

/** A mistake in a study; lines and columns count from 1. */
export interface ProblemView {
  message: string;
  hint: string | null;
  line: number | null;
  column: number | null;
  /** `loss[2].focal` */
  path: string | null;
}

export interface CheckView {
  problems: ProblemView[];
  /** How much a study without problems asks for. */
  study: { name: string; trials: number; epochs: number; seeds: number } | null;
}

/** `POST /api/start` */
export interface StartRequest {
  yaml: string;
  workers?: number;
}

export interface StartView {
  job: string;
}

/** What arrives on `GET /api/events` (server-sent events): that something in the store, or of a process, has changed. */
export interface ChangeEvent {
  /** Higher after each change. */
  revision: number;
  at: string;
}
