import { beforeAll, describe, expect, it } from "vitest";
import { random } from "../util/random.ts";
import { zoo } from "../zoo/index.ts";
import { averagedIn, type CohortData, cohort } from "./cohort.ts";
import { Evaluator, type TrialState, trialState } from "./evaluator.ts";
import { Examiner } from "./examiner.ts";
import { clean } from "./inputs.ts";
import { memberOf } from "./members.ts";
import { nodeBackend } from "./node-backend.ts";
import type { ProbabilityQuestion, Question, Robustness, RobustnessQuestion } from "./observations.ts";
import type { EpochRecord, Trial } from "./records.ts";
import { type TrainingData, trainCohort } from "./train.ts";

const CLASSES = 4;
const SIDE = 8;
const backend = nodeBackend();
const stream = random(1, "images");
const count = 300;
const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES);
/** Two channels, of which each class has a bright stripe of its own. */
const images = Uint8Array.from({ length: count * 2 * SIDE * SIDE }, (_, i) => {
  const row = Math.floor((i % (SIDE * SIDE)) / SIDE);
  return 255 * (0.5 * stream.uniform(i) + (row % CLASSES === labels[Math.floor(i / (2 * SIDE * SIDE))] ? 0.4 : 0));
});
const data: CohortData = {
  shape: [2, SIDE, SIDE],
  pixels: "uint8",
  classes: CLASSES,
  classCounts: [50, 50, 50, 50],
  scale: [1 / 64, 1 / 128],
  offset: [-2, 0.5],
};
const range = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
const training: TrainingData = {
  images,
  labels,
  train: range(0, 200),
  validation: range(200, 220),
  test: range(220, 300),
};

const member = (id: string, loss: object, ema = 0) =>
  memberOf(
    {
      id,
      model: { cnn: { channels: [4], dense: [8], batchNorm: true } },
      loss,
      activation: { tanh: {} },
      optimizer: { adam: { learningRate: 0.02 } },
      schedule: { constant: {} },
      seed: 1,
      ...(ema > 0 && { ema }),
    } as unknown as Trial,
    zoo,
  );
const members = [
  member("ce", { ce: {} }),
  member("weighted", { ce: { weights: [1, 2, 3, 4] } }),
  member("mse", { mse: { on: "logits" } }),
  member("evaluated by averages", { ce: {} }, 0.9),
  member("by averages, too", { mse: { on: "logits" } }, 0.9),
];
const disturbed = { examples: null, seed: 5 };
const probabilities: ProbabilityQuestion = { kind: "probabilities", split: "test", topK: [1, 2, 4], bins: 5 };
const attack = (said: Record<string, object>, objective: "ce" | "own" = "ce"): RobustnessQuestion => {
  const [[name, params]] = Object.entries(said);
  return { kind: "attack", attack: { [name]: { ...params } }, objective, ...disturbed };
};

const states = new Map<string, TrialState>();
const records = new Map<string, EpochRecord>();
let examiner: Examiner;
const ask = <Q extends Question>(id: string, question: Q) =>
  examiner.answer(members.find((m) => m.id === id)!, states.get(id)!, question);

beforeAll(async () => {
  const task = { cohort: cohort(members, data), data: training, batchSize: 20, epochs: 3, seed: 7 };
  for await (const result of trainCohort(task, backend)) {
    for (const record of result.records) records.set(record.trial, record);
    task.cohort.members.forEach(({ id }, place) => {
      states.set(id, trialState(result.state, place, averagedIn(task.cohort)));
    });
  }
  examiner = new Examiner(backend, data, training);
});

describe.each(["ce", "weighted", "mse", "evaluated by averages", "by averages, too"])(
  "a trial trained with %s",
  (id) => {
    it("is measured as its training measured it", async () => {
      const { loss, accuracy, examples } = await ask(id, { kind: "clean", ...disturbed });
      const { test } = records.get(id)!;
      expect(examples).toBe(80);
      expect(accuracy).toBe(test.accuracy);
      expect(loss).toBeCloseTo(test.loss, 4);
      expect((await ask(id, probabilities)).topK[1]).toBe(test.accuracy);
      const onTrain = await ask(id, { ...probabilities, split: "train" });
      expect(onTrain.reliability.reduce((n, bin) => n + bin.count, 0)).toBe(200);
    });

    it("has the gradient that its loss has a slope, for its own loss and for cross-entropy", async () => {
      const trial = members.find((m) => m.id === id)!;
      for (const objective of ["own", "ce"] as const) {
        const shown = objective === "own" ? trial : members[0];
        const evaluator = new Evaluator(backend, { ...trial, loss: shown.loss }, data, 8);
        const [state, inputs] = [states.get(id)!, clean(data, training, training.test.subarray(0, 8))];
        const x = new Float32Array(8 * evaluator.size);
        for (let i = 0; i < 8; i++) inputs.write(i, x.subarray(i * evaluator.size, (i + 1) * evaluator.size));
        const gradient = await evaluator.gradient(state, x, inputs.labels, 0, objective);
        // Along the gradient itself: the steepest slope stands out from the rounding of float32.
        const norm = Math.hypot(...gradient);
        const step = 2e-3;
        const at = async (sign: number): Promise<number> => {
          const moved = x.map((v, i) => v + (sign * step * gradient[i]) / norm);
          const { losses } = await evaluator.outputs(state, {
            labels: inputs.labels,
            write: (i, into) => into.set(moved.subarray(i * evaluator.size, (i + 1) * evaluator.size)),
          });
          return losses.reduce((a, b) => a + b, 0);
        };
        const slope = ((await at(1)) - (await at(-1))) / (2 * step);
        expect(Math.abs(slope / norm - 1), objective).toBeLessThan(0.02);
        await evaluator.release();
      }
    });

    it("is hurt by attacks, more by many steps than by one, and by its noise the more the more there is", async () => {
      const cross = async (question: RobustnessQuestion): Promise<Robustness> => ask(id, question);
      const untouched = await cross({ kind: "clean", ...disturbed });
      const fgsm = await cross(attack({ fgsm: { epsilon: 0.2 } }, "own"));
      const pgd = await cross(attack({ pgd: { epsilon: 0.2 } }, "own"));
      expect(fgsm.loss).toBeGreaterThan(untouched.loss);
      expect(pgd.loss).toBeGreaterThan(fgsm.loss);
      const tiny = await cross(attack({ pgd: { epsilon: 1e-6 } }, "own"));
      expect(tiny.loss).toBeCloseTo(untouched.loss, 3);
      const noise = async (sigma: number) => (await cross({ kind: "noise", sigma, ...disturbed })).loss;
      expect(await noise(1e-6)).toBeCloseTo(untouched.loss, 3);
      expect(await noise(3)).toBeGreaterThan(untouched.loss);
    });
  },
);

describe("answers", () => {
  const questions: Question[] = [
    probabilities,
    { kind: "corruption", name: "gaussianNoise", severity: 5, ...disturbed },
    { kind: "corruption", name: "gaussianNoise", severity: 5, examples: 20, seed: 1 },
    { kind: "noise", sigma: 0.7, ...disturbed },
    attack({ pgd: { epsilon: 0.1 } }),
  ];

  it("depend on nothing that was asked before", async () => {
    const before = [];
    for (const q of questions) before.push(await ask("ce", q));
    const other = new Examiner(backend, data, training);
    for (const [i, q] of [...questions.entries()].reverse())
      expect(await other.answer(members[0], states.get("ce")!, q)).toEqual(before[i]);
    await other.release();
  });

  it("are of the same examples wherever the test set stands in the data", async () => {
    const size = 2 * SIDE * SIDE;
    const alone: TrainingData = {
      images: images.slice(220 * size),
      labels: labels.slice(220),
      train: range(0, 0),
      validation: range(0, 0),
      test: range(0, 80),
    };
    const other = new Examiner(backend, data, alone);
    for (const q of questions) expect(await other.answer(members[0], states.get("ce")!, q)).toEqual(await ask("ce", q));
    await other.release();
  });

  it("about images are refused for data that are none", async () => {
    const flat = { ...data, shape: [2 * SIDE * SIDE], scale: [1], offset: [0] };
    const trial = { ...members[0], model: { ...memberOf({ ...trialOf, model: { mlp: { hidden: [4] } } }, zoo).model } };
    const other = new Examiner(backend, flat, training);
    await expect(other.answer(trial, {}, questions[1])).rejects.toThrow("examples of [128] are no images");
  });
});

const trialOf = {
  id: "flat",
  model: { mlp: {} },
  loss: { ce: {} },
  activation: { tanh: {} },
  optimizer: { sgd: {} },
  schedule: { constant: {} },
  seed: 1,
} as unknown as Trial;
