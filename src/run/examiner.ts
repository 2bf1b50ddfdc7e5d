/** Answers questions about trained trials. An answer depends on the question, the trial and its state alone. */

import { canonicalJson } from "../util/hash.ts";
import { random } from "../util/random.ts";
import type { Target } from "../zoo/attacks/attack.ts";
import { choose } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import { buildModel } from "../zoo/models/model.ts";
import type { Backend } from "./backend.ts";
import type { CohortData } from "./cohort.ts";
import { confidentJoint } from "./confident-joint.ts";
import { type Evaluated, Evaluator, type Outputs, type TrialState } from "./evaluator.ts";
import {
  clean,
  corruptedImages,
  disturbedExamples,
  type Inputs,
  noImages,
  noisy,
  scaler,
  stored,
  type TestExamples,
} from "./inputs.ts";
import type {
  Answer,
  ConfidenceQuestion,
  PredictionQuestion,
  ProbabilityQuestion,
  Question,
  Robustness,
  RobustnessQuestion,
} from "./observations.ts";
import { predictedClasses, predictions } from "./predictions.ts";
import { probabilityMeasures } from "./probabilities.ts";
import { evaluationBatch } from "./sizes.ts";
import type { TrainingData } from "./train.ts";

/** Corrupted images that are kept for the next trial, at most. */
const MOST_KEPT_BYTES = 2.5e8;
const BRIGHTEST = 255;

export class Examiner {
  readonly #evaluators = new Map<string, Evaluator>();
  readonly #corrupted = new Map<string, Uint8Array>();
  #kept = 0;

  constructor(
    readonly backend: Backend,
    readonly cohort: CohortData,
    readonly data: TrainingData,
  ) {}

  async answer<Q extends Question>(trial: Evaluated, state: TrialState, question: Q): Promise<Answer<Q>> {
    const evaluator = this.#evaluator(trial);
    const asked: Question = question;
    const answer =
      asked.kind === "probabilities" || asked.kind === "predictions" || asked.kind === "confidentJoint"
        ? this.#ofSplit(evaluator, state, asked)
        : this.#robustness(evaluator, state, asked);
    return (await answer) as Answer<Q>;
  }

  async release(): Promise<void> {
    for (const evaluator of this.#evaluators.values()) await evaluator.release();
    this.#evaluators.clear();
  }

  #evaluator(trial: Evaluated): Evaluator {
    const { model, activation, loss } = trial;
    const key = canonicalJson([model.spec, activation.spec, loss.spec]);
    const known = this.#evaluators.get(key);
    if (known) return known;
    const built = buildModel(model.entry, model.params, this.cohort.shape, this.cohort.classes);
    const made = new Evaluator(this.backend, trial, this.cohort, evaluationBatch(built, 1));
    this.#evaluators.set(key, made);
    return made;
  }

  async #ofSplit(
    evaluator: Evaluator,
    state: TrialState,
    question: ProbabilityQuestion | PredictionQuestion | ConfidenceQuestion,
  ) {
    const inputs = clean(this.cohort, this.data, this.data[question.split]);
    const { logits } = await evaluator.outputs(state, inputs);
    switch (question.kind) {
      case "probabilities":
        return probabilityMeasures(logits, inputs.labels, question);
      case "predictions":
        return predictions(logits, inputs.labels);
      case "confidentJoint":
        return confidentJoint(logits, inputs.labels);
    }
  }

  async #robustness(evaluator: Evaluator, state: TrialState, question: RobustnessQuestion): Promise<Robustness> {
    const chosen = disturbedExamples(this.data, question);
    const plain = clean(this.cohort, this.data, chosen.examples);
    const measure = async (inputs: Inputs) => measured(await evaluator.outputs(state, inputs), inputs.labels);
    switch (question.kind) {
      case "clean":
        return measure(plain);
      case "noise":
        return measure(noisy(plain, chosen, question.sigma, question.seed));
      case "corruption":
        return measure(stored(this.cohort, this.#images(chosen, question), plain.labels));
      case "attack":
        return measure(await this.#attacked(evaluator, state, chosen, plain, question));
    }
  }

  #images(chosen: TestExamples, question: RobustnessQuestion & { kind: "corruption" }): Uint8Array {
    const key = canonicalJson(question);
    const known = this.#corrupted.get(key);
    if (known) return known;
    const made = corruptedImages(this.cohort, this.data, chosen, question);
    if (this.#kept + made.length <= MOST_KEPT_BYTES) {
      this.#corrupted.set(key, made);
      this.#kept += made.length;
    }
    return made;
  }

  /**
   * Images are attacked in values from 0 to 1, whatever the study scales them to, and stay within these; other data in the scale of
   * the network.
   */
  async #attacked(
    evaluator: Evaluator,
    state: TrialState,
    { places }: TestExamples,
    plain: Inputs,
    { attack, objective, seed }: RobustnessQuestion & { kind: "attack" },
  ): Promise<Inputs> {
    const { entry, params } = choose("attack", zoo.attacks, attack);
    const { cohort } = this;
    const { size, batch } = evaluator;
    const image = noImages(cohort) === null;
    const scale = image ? cohort.scale.map((s) => s * BRIGHTEST) : cohort.scale.map(() => 1);
    const offset = image ? cohort.offset : cohort.offset.map(() => 0);
    const toNetwork = scaler({ ...cohort, scale, offset });
    const perChannel = scaler({ ...cohort, scale, offset: offset.map(() => 0) });
    const fromNetwork = scaler({
      ...cohort,
      scale: scale.map((s) => 1 / s),
      offset: offset.map((o, c) => -o / scale[c]),
    });
    const each = (values: Float32Array, write: ReturnType<typeof scaler>): Float32Array => {
      const result = new Float32Array(values.length);
      for (let at = 0; at < values.length; at += size)
        write(values.subarray(at, at + size), result.subarray(at, at + size));
      return result;
    };
    const n = plain.labels.length;
    const after = new Float32Array(n * size);
    for (let at = 0; at < n; at += batch) {
      const seen = new Float32Array(Math.min(batch, n - at) * size);
      for (let i = 0; i * size < seen.length; i++) plain.write(at + i, seen.subarray(i * size, (i + 1) * size));
      const target: Target = {
        inputs: each(seen, fromNetwork),
        size,
        bounds: image ? [0, 1] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
        gradient: async (x) =>
          each(await evaluator.gradient(state, each(x, toNetwork), plain.labels, at, objective), perChannel),
        random: (i) => random(seed, "attack", entry.name, places[at + i]),
      };
      after.set(each(await entry.perturb(target, params), toNetwork), at * size);
    }
    return { labels: plain.labels, write: (i, into) => into.set(after.subarray(i * size, (i + 1) * size)) };
  }
}

/** Weighted mean loss, and accuracy. */
function measured({ logits, losses, weights }: Outputs, labels: ArrayLike<number>): Robustness {
  const examples = labels.length;
  const predicted = predictedClasses(logits, examples);
  let [loss, weight, hits] = [0, 0, 0];
  for (let i = 0; i < examples; i++) {
    loss += losses[i];
    weight += weights[i];
    if (predicted[i] === labels[i]) hits++;
  }
  return { loss: loss / weight, accuracy: hits / examples, examples };
}
