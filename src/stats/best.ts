/** A candidate against another: the mean difference, and the two-sided p of there being none; null where nothing was tested. */
export interface Duel {
  difference: number;
  p: number | null;
}

/**
 * p of each of k candidates being the best: small where another is surely better.
 *
 *     p_i = min(1, (k - 1) · min over j of p(j is better than i)),   one-sided tests
 *
 * Who is the best is known only by looking, and yet k - 1 tests are all that need correction: one candidate alone is the best, and only
 * its own tests can wrongly leave it out. Those with p > α are a set that has the best in it with a probability of 1 - α at least,
 * whatever the tests have to do with each other. After Hsu, 1984 (multiple comparisons with the best), with Bonferroni's correction.
 * @param duel of one candidate minus another
 */
export const bestP = (k: number, duel: (i: number, j: number) => Duel | null): number[] =>
  Array.from({ length: k }, (_, i) => {
    const worse = Array.from({ length: k }, (_, j) => {
      const found = j === i ? null : duel(i, j);
      if (found === null || found.p === null) return 1;
      return found.difference < 0 ? found.p / 2 : 1 - found.p / 2;
    });
    return Math.min(1, (k - 1) * Math.min(...worse));
  });
