import { UserError } from "../util/errors.ts";
import { checkScores, type Scores } from "./scores.ts";
import { total } from "./sums.ts";

/**
 * The area under the ROC curve: the chance that a positive example scores higher than a negative one, ties counting half.
 *
 *     A = (R₊ - n₊(n₊ + 1)/2) / (n₊ n₋),   R₊ the sum of the positives' ranks, equal scores sharing theirs
 *
 * NaN without positives, without negatives (scikit-learn warns or raises there) or with a score that is NaN.
 * Mann and Whitney, 1947; Hanley and McNeil, 1982.
 * @param scores [N] higher for what is more likely positive
 */
export function rocAuc(scores: ArrayLike<number>, positive: readonly boolean[]): number {
  const n = positive.length;
  if (scores.length !== n) throw new UserError(`${scores.length} scores for ${n} labels`);
  const order = Uint32Array.from(positive, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let ranks = 0;
  let positives = 0;
  for (let from = 0; from < n; ) {
    let to = from;
    let among = 0;
    for (; to < n && scores[order[to]] === scores[order[from]]; to++) if (positive[order[to]]) among++;
    if (to === from) return Number.NaN;
    ranks += (among * (from + 1 + to)) / 2; // ranks from + 1 … to, shared
    positives += among;
    from = to;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (n - positives));
}

const column = (scores: Scores, k: number): Float64Array => Float64Array.from(scores, (row) => row[k]);

/** The area of each class against all others together, [C]; NaN for a class without examples, or with all of them. */
export function rocAucPerClass(scores: Scores, targets: readonly number[]): number[] {
  checkScores(scores, targets);
  return Array.from({ length: scores[0]?.length ?? 0 }, (_, k) =>
    rocAuc(
      column(scores, k),
      targets.map((y) => y === k),
    ),
  );
}

/**
 * One against the rest: the mean of the classes' areas, plain or weighted by their examples. NaN where a class has no examples.
 * Fawcett, 2006; weighted: Provost and Domingos, 2000.
 */
export function rocAucOvr(scores: Scores, targets: readonly number[], average: "macro" | "weighted" = "macro"): number {
  const areas = rocAucPerClass(scores, targets);
  const weights = areas.map((_, k) => (average === "macro" ? 1 : targets.filter((y) => y === k).length));
  return total(areas.map((area, k) => area * weights[k])) / total(weights);
}

/**
 * One against one: the mean over all pairs of classes a < b of (A(a|b) + A(b|a)) / 2, where A(a|b) compares the scores of class a
 * on the examples of a and b alone. Insensitive to how many examples each class has. NaN where a class has none.
 * Hand and Till, 2001, eq. 7.
 */
export function rocAucOvo(scores: Scores, targets: readonly number[]): number {
  checkScores(scores, targets);
  const classes = scores[0]?.length ?? 0;
  const areas: number[] = [];
  for (let a = 0; a < classes; a++) {
    for (let b = a + 1; b < classes; b++) {
      const pair = targets.flatMap((y, i) => (y === a || y === b ? i : []));
      const area = (k: number): number =>
        rocAuc(
          pair.map((i) => scores[i][k]),
          pair.map((i) => targets[i] === k),
        );
      areas.push((area(a) + area(b)) / 2);
    }
  }
  return total(areas) / areas.length;
}
