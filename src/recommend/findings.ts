/** What can be seen of data before losses are compared on them. Nothing here looks at test examples. */
import type { ConfidentJoint } from "../run/confident-joint.ts";
import type { RunResults } from "../run/records.ts";

export interface Findings {
  classes: readonly string[];
  /** Training examples of each class, as they are labelled. */
  counts: readonly number[];
  testExamples: number;
  /** Values of an example; three of them are a picture. */
  shape: readonly number[];
  /** The largest class over the smallest that has examples. */
  imbalance: number;
  noise: Noise;
}

/** Labels that held-out networks are confident are wrong. */
export interface Noise {
  /** Share of the labels, 0 … 1: what is mislabelled, and what the networks confidently get wrong themselves. */
  share: number;
  /** Labels that were looked at. */
  examples: number;
  /** The confusions that were seen most, of labels with at least a few examples. */
  pairs: { label: number; meant: number; share: number }[];
}

/** From this share on, labels are taken to be noisy: clean digits have 4 to 5 %, with 10 % noise 16 %. */
export const NOISY = 0.1;
/** From this ratio on, classes are taken to be unbalanced. */
export const UNBALANCED = 5;

export const isNoisy = ({ noise }: Findings): boolean => noise.share >= NOISY;
export const isUnbalanced = ({ imbalance }: Findings): boolean => imbalance >= UNBALANCED;

/** Ratio of the largest class to the smallest that occurs. */
export function imbalanceOf(counts: readonly number[]): number {
  const there = counts.filter((n) => n > 0);
  return there.length > 0 ? Math.max(...there) / Math.min(...there) : 1;
}

const MOST_PAIRS = 3;

/**
 * Noise by confident learning: the joints of all folds together, each label's row scaled to the examples that have the label.
 * Q_ij = C_ij / Σ_j C_ij · n_i / n,   noise = 1 - Σ_i Q_ii. Northcutt et al., 2021, arXiv:1911.00068, eq. 3.
 */
export function noiseOf(folds: readonly ConfidentJoint[]): Noise {
  const classes = folds[0]?.labelled.length ?? 0;
  const sumOver = (read: (fold: ConfidentJoint) => number): number => folds.reduce((sum, fold) => sum + read(fold), 0);
  const labelled = Array.from({ length: classes }, (_, i) => sumOver((f) => f.labelled[i]));
  const examples = labelled.reduce((a, b) => a + b, 0);
  const pairs: Noise["pairs"] = [];
  let wrong = 0;
  for (let i = 0; i < classes; i++) {
    const row = Array.from({ length: classes }, (_, j) => sumOver((f) => f.joint[i][j]));
    const counted = row.reduce((a, b) => a + b, 0);
    if (counted === 0) continue; // no network was confident of any of them
    row.forEach((n, j) => {
      if (j === i) return;
      wrong += (n / counted) * labelled[i];
      pairs.push({ label: i, meant: j, share: n / counted });
    });
  }
  pairs.sort((a, b) => b.share - a.share);
  return { share: examples > 0 ? wrong / examples : 0, examples, pairs: pairs.slice(0, MOST_PAIRS) };
}

/** The joint of each fold, of the learning rate with the best mean validation accuracy. */
export function jointsOf({ trials }: RunResults): ConfidentJoint[] {
  const byOptimizer = new Map<string, typeof trials>();
  for (const t of trials) {
    if (t.status !== "done") continue;
    const key = JSON.stringify(t.trial.optimizer);
    byOptimizer.set(key, [...(byOptimizer.get(key) ?? []), t]);
  }
  const accuracy = (some: typeof trials): number =>
    some.reduce((sum, t) => sum + (t.history.at(-1)?.validation?.accuracy ?? 0), 0) / some.length;
  const best = [...byOptimizer.values()].sort((a, b) => accuracy(b) - accuracy(a))[0] ?? [];
  return best.flatMap(({ observations }) =>
    observations.flatMap((o) => (o.question.kind === "confidentJoint" ? [o.answer as ConfidentJoint] : [])),
  );
}
