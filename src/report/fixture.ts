/** Made-up but plausible results for tests: learning curves, paired seeds, confusions that agree with the accuracies. */
import type { Observation, RobustnessQuestion } from "../run/observations.ts";
import { probabilityMeasures } from "../run/probabilities.ts";
import type { EpochRecord, RunResults, Spec, SplitMeasures, Trial, TrialResult } from "../run/records.ts";
import { contentHash } from "../util/hash.ts";
import { random } from "../util/random.ts";

/** One configuration to make up: what it is and how it does. */
export interface FixtureConfiguration {
  loss: Spec;
  activation?: Spec;
  optimizer?: Spec;
  batchSize?: number;
  data?: Record<string, unknown>;
  /** Final test accuracy that the seeds scatter about. */
  accuracy: number;
  /** Epochs until most is learned. */
  speed?: number;
  /** Size of the loss at an error of 1. */
  scale?: number;
  /** The test loss rises again by this share at the end. */
  upturn?: number;
  /** Seeds whose trial diverges, and in which epoch. */
  diverges?: Record<number, number>;
}

export interface FixtureOptions {
  configurations?: readonly FixtureConfiguration[];
  seeds?: number;
  epochs?: number;
  validation?: boolean;
  state?: RunResults["run"]["state"];
}

export const ce: Spec = { ce: { labelSmoothing: 0, weights: "none" } };
export const kl: Spec = { kl: { labelSmoothing: 0, smoothing: "uniform", classes: "sum" } };
export const mae: Spec = { mae: { on: "probabilities", classes: "mean" } };
export const focal = (gamma: number, alpha: unknown = "none"): Spec => ({
  focal: { gamma, alpha, alphaPosition: "after" },
});
export const hinge = (delta: number, on = "logits"): Spec => ({ hinge: { delta, on, squared: false } });
export const sgd = (learningRate: number, weightDecay = 0.0001, momentum = 0.9): Spec => ({
  sgd: { learningRate, momentum, dampening: 0, nesterov: false, weightDecay },
});
export const plain = (name: string): Spec => ({ [name]: {} });

/** Four losses, one trial of them diverged, one loss at chance. */
export const fourLosses: readonly FixtureConfiguration[] = [
  { loss: ce, accuracy: 0.978, speed: 3, scale: 3.2 },
  { loss: focal(0.5), accuracy: 0.9775, speed: 3.3, scale: 2.5, diverges: { 3: 4 } },
  { loss: hinge(5), accuracy: 0.966, speed: 2.2, scale: 17, upturn: 0.9 },
  { loss: mae, accuracy: 0.1028, speed: 9, scale: 0.2 },
];

/** Many configurations: losses × activations × learning rates, with odd ones at the end. */
export function manyConfigurations(n = 28): FixtureConfiguration[] {
  const losses = [ce, kl, hinge(5), hinge(0.5, "probabilities"), focal(2)];
  const activations = ["selu", "hardswish", "tanh"].map(plain);
  return Array.from(
    { length: n },
    (_, i): FixtureConfiguration => ({
      loss: losses[i % 5],
      activation: activations[Math.floor(i / 5) % 3],
      optimizer: i < 15 ? sgd(0.01) : i % 2 ? sgd(0.003) : sgd(0.03, 0.001),
      accuracy: 0.972 - 0.0009 * ((i * 11) % 28) - (i === n - 1 ? 0.5 : 0),
      speed: 3 + (i % 5),
      scale: [3.2, 3.2, 17, 4, 1.4][i % 5],
      upturn: i % 5 === 2 ? 0.3 : 0,
      diverges: i === 7 ? { 1: 3, 2: 6 } : i === 17 ? { 1: 2, 2: 2, 3: 2, 4: 2, 5: 2 } : {},
    }),
  );
}

const CLASSES = 10;
/** Classes that look alike, as 4 and 9 do, and how hard each class is. */
const LOOKALIKE = [6, 7, 3, 5, 9, 3, 0, 9, 3, 4];
const HARDNESS = [0.5, 0.4, 1.1, 1.3, 1, 1.4, 0.6, 1.1, 1.4, 1.2];

/** A confusion matrix of about this accuracy; at chance every class is taken for class 1. */
function confusionOf(accuracy: number, perClass: number, noise: (i: number) => number): number[][] {
  const guessing = accuracy < 0.2;
  return Array.from({ length: CLASSES }, (_, target) => {
    const row: number[] = Array(CLASSES).fill(0);
    if (guessing) {
      const other = Math.round(perClass * accuracy * 0.2);
      row[1] += perClass - other;
      row[2] += other;
      return row;
    }
    const errors = Math.min(
      perClass,
      Math.max(0, Math.round((1 - accuracy) * HARDNESS[target] * perClass + 0.6 * noise(target))),
    );
    const alike = Math.round(errors * 0.45);
    row[target] = perClass - errors;
    row[LOOKALIKE[target]] += alike;
    for (let k = 0; k < errors - alike; k++) row[(target + 1 + ((k * 7 + target) % (CLASSES - 1))) % CLASSES] += 1;
    return row;
  });
}

/** Measures that follow from a confusion matrix. */
export function measuresOf(confusion: number[][], loss: number): SplitMeasures {
  const n = confusion.length;
  const counts = confusion.map((row) => row.reduce((a, b) => a + b, 0));
  const total = counts.reduce((a, b) => a + b, 0);
  const perClass = confusion.map((row, k) => {
    const predicted = confusion.reduce((sum, r) => sum + r[k], 0);
    const precision = predicted ? row[k] / predicted : 0;
    const recall = counts[k] ? row[k] / counts[k] : 0;
    return { precision, recall, f1: precision + recall ? (2 * precision * recall) / (precision + recall) : 0 };
  });
  const average = (weight: (k: number) => number) => ({
    precision: perClass.reduce((s, c, k) => s + c.precision * weight(k), 0),
    recall: perClass.reduce((s, c, k) => s + c.recall * weight(k), 0),
    f1: perClass.reduce((s, c, k) => s + c.f1 * weight(k), 0),
  });
  const accuracy = confusion.reduce((s, row, k) => s + row[k], 0) / total;
  return { loss, accuracy, macro: average(() => 1 / n), weighted: average((k) => counts[k] / total), confusion };
}

function history(c: FixtureConfiguration, trial: Trial, epochs: number, validation: boolean): EpochRecord[] {
  const common = random(trial.seed, "shared by the losses");
  const own = random(trial.seed, canonical(c));
  const last = c.diverges?.[trial.seed] ?? Number.POSITIVE_INFINITY;
  const records: EpochRecord[] = [];
  for (let epoch = 1; epoch <= Math.min(epochs, last); epoch++) {
    const speed = c.speed ?? 3;
    const left = 0.55 * Math.exp(-epoch / speed) + 0.06 * Math.exp(-epoch / (4 * speed));
    const wobble = 0.0012 * common.normal(0) + 0.0009 * own.normal(1) + 0.0012 * own.normal(10 + epoch);
    const learned = c.accuracy < 0.2 ? 0.1 + (c.accuracy - 0.1) * (epoch / epochs) : c.accuracy * (1 - left) + wobble;
    const upturn = (c.upturn ?? 0) * (epoch / epochs) ** 2;
    const scale = c.scale ?? 3;
    const split = (accuracy: number, perClass: number, turn: number, purpose: number): SplitMeasures => {
      const confusion = confusionOf(Math.min(1, accuracy), perClass, (k) =>
        own.normal(1000 * purpose + 10 * epoch + k),
      );
      const loss = scale * (1 - accuracy) ** 0.95 * (1 + turn) * (1 + 0.01 * own.normal(500 + 3 * epoch + purpose));
      return measuresOf(confusion, epoch === last ? Number.NaN : loss);
    };
    const gap = c.accuracy < 0.2 ? 0 : 0.022 * (epoch / epochs) - 0.01 * Math.exp(-epoch / 2);
    records.push({
      trial: trial.id,
      epoch,
      train: split(learned + gap, 1500, -0.1 * (epoch / epochs), 1),
      validation: validation ? split(learned - 0.001, 600, upturn, 2) : null,
      test: split(learned, 1000, upturn, 3),
      gradientNorm: 1.5 * Math.exp(-epoch / (3 * speed)) + 0.05,
      learningRate: 0.01,
      seconds: 0.41 + 0.04 * own.uniform(900 + epoch),
    });
  }
  return records;
}

/** Answers about a trained trial: of logits that get the accuracy about right, and of errors that grow with what is done to images. */
function observations(c: FixtureConfiguration, { seed }: Trial, epoch: number, validation: boolean): Observation[] {
  const own = random(seed, canonical(c), "observations");
  const labels = Array.from({ length: 200 }, (_, i) => i % 10);
  const logits = Float32Array.from({ length: 2000 }, (_, i) => {
    const right = i % 10 === Math.floor(i / 10) % 10 && own.uniform(5000 + Math.floor(i / 10)) < c.accuracy;
    return 2 * own.normal(i) + (right ? 9 : 0);
  });
  const asked = { topK: [2, 5], bins: 15 };
  const splits = validation ? (["validation", "test"] as const) : (["test"] as const);
  const of = { examples: 1000, seed: 0 };
  const lost = (share: number) => ({
    loss: (c.scale ?? 3) * (1 - c.accuracy + share),
    accuracy: 0.1 + (c.accuracy - 0.1) * (1 - share),
    examples: 1000,
  });
  const disturbed: [RobustnessQuestion, number][] = [
    [{ kind: "clean", ...of }, 0],
    ...["blur", "gaussianNoise", "rotation"].flatMap((name, n) =>
      [1, 2, 3, 4, 5].map((severity): [RobustnessQuestion, number] => [
        { kind: "corruption", name, severity, ...of },
        (0.02 + 0.05 * n) * severity * (1 + 0.2 * own.uniform(9000 + n)),
      ]),
    ),
    ...[0.5, 1].map((sigma): [RobustnessQuestion, number] => [{ kind: "noise", sigma, ...of }, 0.3 * sigma]),
    ...[0.05, 0.1].flatMap((epsilon) =>
      [{ fgsm: { epsilon } }, { pgd: { epsilon, steps: 10, stepSize: 0, randomStart: true } }].map(
        (attack, i): [RobustnessQuestion, number] => [
          { kind: "attack", attack: attack as never, objective: "ce", ...of },
          (4 + 3 * i) * epsilon,
        ],
      ),
    ),
  ];
  return [
    ...splits.map(
      (split): Observation => ({
        epoch,
        question: { kind: "probabilities", split, ...asked },
        answer: probabilityMeasures(logits, labels, asked),
      }),
    ),
    ...disturbed.map(([question, share]) => ({ epoch, question, answer: lost(share) }) as Observation),
  ];
}

const canonical = (c: FixtureConfiguration): string =>
  contentHash([c.loss, c.activation, c.optimizer, c.batchSize, ...(c.data ? [c.data] : [])]);

export function fixtureResults(options: FixtureOptions = {}): RunResults {
  const { configurations = fourLosses, seeds = 3, epochs = 20, validation = true, state = "finished" } = options;
  const trials = configurations.flatMap((c) =>
    Array.from({ length: seeds }, (_, i): TrialResult => {
      const content: Omit<Trial, "id"> = {
        data: c.data ?? { name: "mnist", validation: validation ? 6000 : 0 },
        model: { mlp: { hidden: [28] } },
        activation: c.activation ?? plain("selu"),
        loss: c.loss,
        optimizer: c.optimizer ?? sgd(0.01),
        schedule: { constant: {} },
        epochs,
        batchSize: c.batchSize ?? 100,
        seed: i + 1,
      };
      const trial: Trial = { id: contentHash(content), ...content };
      const at = c.diverges?.[i + 1];
      return {
        trial,
        status: at ? "diverged" : "done",
        reason: at ? `loss became NaN at step ${at * 540 - 128} (epoch ${at})` : null,
        cohort: "c0ffee0000000001",
        history: history(c, trial, epochs, validation),
        observations: at ? [] : observations(c, trial, epochs, validation),
      };
    }),
  );
  return {
    run: {
      id: "2025-06-14-four-losses-7f3a",
      study: "four-losses",
      spec: {
        study: "four-losses",
        question: "Which loss should a small network on MNIST be trained with?",
        data: { name: "mnist", validation: validation ? 6000 : 0 },
        model: { mlp: { hidden: [28] } },
        loss: configurations.map((c) => c.loss),
        optimizer: sgd(0.01),
        epochs,
        batchSize: 100,
        seeds,
      },
      startedAt: "2025-06-14T09:12:03.000Z",
      finishedAt: state === "finished" ? "2025-06-14T09:14:41.000Z" : null,
      state,
      environment: {
        losslab: "0.1.0",
        engine: "1",
        node: "v20.19.2",
        onnxruntime: "1.30.0",
        cpu: "2 × generic x86-64",
        cores: "2",
      },
      trials: trials.map((t) => t.trial.id),
    },
    trials,
  };
}

/** Losses × activations: the activation matters more than the loss, and both together not at all. */
export const crossedResults = (seeds = 4): RunResults =>
  fixtureResults({
    configurations: [ce, focal(2), hinge(5)].flatMap((loss, i) =>
      ["relu", "tanh"].map((name, k) => ({
        loss,
        activation: plain(name),
        accuracy: 0.97 - 0.004 * i - 0.02 * k,
      })),
    ),
    seeds,
    epochs: 4,
  });

/** Three losses on each of several data sets. */
export const onDataSets = (names: readonly string[]): RunResults =>
  fixtureResults({
    configurations: names.flatMap((name, k) =>
      [ce, focal(2), mae].map((loss, i) => ({ loss, data: { name }, accuracy: 0.98 - 0.02 * k - 0.01 * i })),
    ),
    epochs: 4,
  });
