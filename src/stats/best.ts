/** A candidate against another: the mean difference, and the two-sided p of there being none; null where nothing was tested. */
export interface Duel {
  difference: number;
  p: number | null;
  /** Corrected for all pairs, where these are judged too: what they decide is decided, and no page contradicts the other. */
  adjustedP?: number | null;
}

/**
 * p of each of k candidates being the best: small where another is surely better.
 *
 *     p_i = min(1, (k - 1) · min over the j that are ahead of i of p(i, j)),   two-sided tests
 *
 * Who is the best is known only by looking, and yet k - 1 tests are all that need correction: those of one candidate against its rivals.
 * A candidate as good as any has p <= α in at most α / 2 of studies, as only the side on which it loses counts. So the set of those with
 * p > α has the best in it with a probability of 1 - α / 2 at least; and, as all equals but one would have to be left out, it shrinks to
 * a sole winner where there is none in at most α of studies. All this whatever the tests have to do with each other. That none of many
 * equals is left out is promised by tests of all pairs alone. After Hsu, 1984 (multiple comparisons with the best), with Bonferroni's
 * correction.
 * @param duel of one candidate minus another
 */
export const bestP = (k: number, duel: (i: number, j: number) => Duel | null): number[] =>
  Array.from({ length: k }, (_, i) => {
    let least = 1;
    for (let j = 0; j < k; j++) {
      const found = j === i ? null : duel(i, j);
      if (found === null || found.p === null || found.difference >= 0) continue;
      least = Math.min(least, (k - 1) * found.p, found.adjustedP ?? 1);
    }
    return least;
  });
