import { UserError } from "../util/errors.ts";
import { checkScores, type Scores } from "./scores.ts";
import { total } from "./sums.ts";

/**
 * The area under the ROC curve: the chance that a positive example scores higher than a negative one, ties counting half.
 *
 *     A = Σ_{i positive} (#{j negative: s_j < s_i} + ½ #{j negative: s_j = s_i}) / (n₊ n₋)
 *
 * NaN without positives, without negatives (scikit-learn warns or raises there) or with a score that is NaN.
 * Mann and Whitney, 1947; Hanley and McNeil, 1982.
 * @param scores [N] higher for what is more likely positive
 */
export function rocAuc(scores: ArrayLike<number>, positive: readonly boolean[]): number {
  const n = positive.length;
  if (scores.length !== n) throw new UserError(`${scores.length} scores for ${n} labels`);
  // Typed arrays sort numbers natively: ten times as fast as an order of indices.
  const own = Float64Array.from(positive.flatMap((y, i) => (y ? scores[i] : []))).sort();
  const others = Float64Array.from(positive.flatMap((y, i) => (y ? [] : scores[i]))).sort();
  if (Number.isNaN(own.at(-1)) || Number.isNaN(others.at(-1))) return Number.NaN; // NaN is sorted to the end
  let [below, upTo, wins] = [0, 0, 0];
  for (const score of own) {
    while (below < others.length && others[below] < score) below++;
    upTo = Math.max(upTo, below);
    while (upTo < others.length && others[upTo] === score) upTo++;
    wins += (below + upTo) / 2;
  }
  return wins / (own.length * others.length);
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
