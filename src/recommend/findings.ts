/** What can be seen of data before losses are compared on them. Nothing here looks at test examples. */

import { groupBy } from "../report/group-by.ts";
import type { ConfidentJoint } from "../run/confident-joint.ts";
import type { RunResults } from "../run/records.ts";
import { canonicalJson } from "../util/hash.ts";

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

/** Labels that networks are confident are wrong, which were not trained on them. */
export interface Noise {
  /** Share of the labels, 0 … 1: what is mislabelled, and what the networks confidently get wrong themselves. */
  share: number;
  /** Share that the networks get wrong, however unsure they are. */
  error: number;
  /** Labels that were looked at: those of classes that are not rare. */
  examples: number;
  /** The confusions that were seen most. */
  pairs: { label: number; meant: number; share: number }[];
}

/** Fewer labels than these that seem wrong are left alone. */
const NOISY = 0.05;
/**
 * Networks are unsure where they err, and confident where labels do: of what they get wrong on clean digits, they are confident of a third
 * to a half; with 10 % of the labels changed, of two thirds; with 40 %, of nine tenths.
 */
const CONFIDENT = 0.58;
/** From this ratio on, classes are taken to be unbalanced. */
export const UNBALANCED = 5;

export const isNoisy = ({ noise: { share, error } }: Pick<Findings, "noise">): boolean =>
  share >= NOISY && share >= CONFIDENT * error;
export const isUnbalanced = ({ imbalance }: Findings): boolean => imbalance >= UNBALANCED;

/** Ratio of the largest class to the smallest that occurs. */
export function imbalanceOf(counts: readonly number[]): number {
  const there = counts.filter((n) => n > 0);
  return there.length > 0 ? Math.max(...there) / Math.min(...there) : 1;
}

const MOST_PAIRS = 3;

/** What one part of the data showed to networks trained on the others. */
export interface Fold extends ConfidentJoint {
  /** [label][predicted] */
  confusion: number[][];
}

/**
 * Noise by confident learning: the joints of all folds together, each label's row scaled to the examples that have the label.
 * Q_ij = C_ij / Σ_j C_ij · n_i / n,   noise = 1 - Σ_i Q_ii. Northcutt et al., 2021, arXiv:1911.00068, eq. 3.
 * Rare classes are left out: that networks which have hardly seen a class contradict its labels says nothing of the labels.
 * @param counts training examples of each class
 */
export function noiseOf(folds: readonly Fold[], counts: readonly number[]): Noise {
  const sumOver = (read: (fold: Fold) => number): number => folds.reduce((sum, fold) => sum + read(fold), 0);
  const classes = [...counts.keys()];
  const common = classes.filter((k) => UNBALANCED * counts[k] >= Math.max(...counts));
  const labelled = new Map(common.map((i) => [i, sumOver((f) => f.labelled[i])]));
  const examples = [...labelled.values()].reduce((a, b) => a + b, 0);
  if (examples === 0) return { share: 0, error: 0, examples, pairs: [] };
  const pairs: Noise["pairs"] = [];
  let wrong = 0;
  for (const i of common) {
    const row = classes.map((j) => sumOver((f) => f.joint[i][j]));
    const counted = row.reduce((a, b) => a + b, 0);
    if (counted === 0) continue; // no network was confident of any of them
    for (const j of classes) {
      if (j === i) continue;
      wrong += (row[j] / counted) * labelled.get(i)!;
      pairs.push({ label: i, meant: j, share: row[j] / counted });
    }
  }
  pairs.sort((a, b) => b.share - a.share);
  const hits = common.reduce((sum, i) => sum + sumOver((f) => f.confusion[i][i]), 0);
  return { share: wrong / examples, error: 1 - hits / examples, examples, pairs: pairs.slice(0, MOST_PAIRS) };
}

/** The folds as the learning rate saw them that has the best mean validation accuracy. */
export function foldsOf({ trials }: RunResults): Fold[] {
  const done = trials.filter((t) => t.status === "done");
  const accuracy = (some: typeof trials): number =>
    some.reduce((sum, t) => sum + (t.history.at(-1)?.validation?.accuracy ?? 0), 0) / some.length;
  const byRate = [...groupBy(done, (t) => canonicalJson(t.trial.optimizer)).values()];
  const best = byRate.sort((a, b) => accuracy(b) - accuracy(a))[0] ?? [];
  return best.flatMap(({ history, observations }) => {
    const confusion = history.at(-1)?.validation?.confusion;
    const found = observations.find((o) => o.question.kind === "confidentJoint")?.answer as ConfidentJoint | undefined;
    return confusion && found ? [{ ...found, confusion }] : [];
  });
}
