/** Examples that a trained trial takes for another class. */
import { buildModel } from "../zoo/models/model.ts";
import type { Backend } from "./backend.ts";
import type { CohortData } from "./cohort.ts";
import { type Evaluated, Evaluator, type TrialState } from "./evaluator.ts";
import { clean } from "./inputs.ts";
import { evaluationBatch } from "./sizes.ts";
import type { TrainingData } from "./train.ts";

export interface Mistake {
  /** Of the example in the data, for its image. */
  index: number;
  /** Classes. */
  is: number;
  taken: number;
  /** The probability of the class it was taken for, 0 … 1. */
  confidence: number;
}

/** The largest of C logits, and its softmax probability. */
function decision(logits: Float32Array): { taken: number; confidence: number } {
  let taken = 0;
  for (let k = 1; k < logits.length; k++) if (logits[k] > logits[taken]) taken = k;
  const sum = logits.reduce((total, z) => total + Math.exp(z - logits[taken]), 0);
  return { taken, confidence: 1 / sum };
}

/** The test examples that are misclassified, the surest first; of equal ones the first in the data. */
export async function mistakes(
  { member, state }: { member: Evaluated; state: TrialState },
  { facts, training }: { facts: CohortData; training: TrainingData },
  backend: Backend,
): Promise<Mistake[]> {
  const { entry, params } = member.model;
  const built = buildModel(entry, params, facts.shape, facts.classes);
  const evaluator = new Evaluator(backend, member, facts, evaluationBatch(built, 1));
  try {
    const inputs = clean(facts, training, training.test);
    const { logits } = await evaluator.outputs(state, inputs);
    const found = Array.from(training.test, (index, i): Mistake => {
      const { taken, confidence } = decision(logits.subarray(i * facts.classes, (i + 1) * facts.classes));
      return { index, is: inputs.labels[i], taken, confidence };
    });
    return found
      .filter(({ is, taken }) => is !== taken)
      .sort((a, b) => b.confidence - a.confidence || a.index - b.index);
  } finally {
    await evaluator.release();
  }
}
