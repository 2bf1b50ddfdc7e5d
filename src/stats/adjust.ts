/** p values of several tests, each as it is to be compared with the level so that all errors together keep to it. */

/** p · m. Dunn, 1961. */
export const bonferroni = (p: readonly number[]): number[] => p.map((value) => Math.min(1, value * p.length));

/**
 * Bonferroni from the smallest on, with one test less at each step: never larger.   max over j <= i of (m - j + 1) · p_(j)
 * Holm, 1979. Keeps the level whatever the tests have to do with each other.
 */
export function holm(p: readonly number[]): number[] {
  const adjusted: number[] = Array(p.length);
  let largest = 0;
  const order = [...p.keys()].sort((a, b) => p[a] - p[b]);
  for (const [before, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (p.length - before) * p[i]));
    adjusted[i] = largest;
  }
  return adjusted;
}
