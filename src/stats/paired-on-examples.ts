import { tCdf, tQuantile } from "./distributions/student-t.ts";

/** A difference of two accuracies over trials and the test examples that all share. */
export interface DifferenceOnExamples {
  /** First minus second, a fraction. */
  mean: number;
  /** Of the mean, by both sources together. */
  standardError: number;
  /** Parts of its square: of the seeds, and of the choice of the test examples. */
  ofSeeds: number;
  ofExamples: number;
  degreesOfFreedom: number;
  seeds: number;
  examples: number;
  /** Of no difference, two-sided. */
  p: number;
  /** Of a difference of at least the margin: the larger of two one-sided tests. */
  equivalenceP: number;
  /** Half of the 95 % interval. */
  halfWidth: number;
}

/** Which examples a trial recognizes, [n] of 0 and 1, for each seed. */
export type Hits = readonly ArrayLike<number>[];

/** Places 0 … n-1 by what they have in common. */
export function partsOf(n: number, key: (i: number) => number): number[][] {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    const group = groups.get(key(i));
    if (group) group.push(i);
    else groups.set(key(i), [i]);
  }
  return [...groups.values()];
}

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const varianceOf = (values: readonly number[]): number => {
  const m = meanOf(values);
  return values.reduce((sum, v) => sum + (v - m) ** 2, 0) / (values.length - 1);
};

/**
 * Whether one configuration recognizes more than another, on data like the test examples and not on these alone: the seeds differ by
 * chance, and so do the examples that happen to be in the test set.
 * D = Σ_k w_k mean_e∈k d_e,   d_e = mean over seeds of the difference on example e,   SE² = s²(D_seed)/S + Σ_k w_k² s²_k(d_e)/n_k
 * with the degrees of freedom of Welch and Satterthwaite. The two parts are added as if independent; as d_e holds a part of the seeds'
 * chance, the sum is rather too large than too small.
 * @param strata class of each example where classes count alike (w_k = 1/K); without it all examples do
 * @param margin the smallest difference that matters
 */
export function pairedOnExamples(
  first: Hits,
  second: Hits,
  { strata, margin }: { strata?: ArrayLike<number>; margin: number },
): DifferenceOnExamples {
  const seeds = first.length;
  const examples = first[0]?.length ?? 0;
  if (seeds < 2 || second.length !== seeds || examples < 2)
    throw new RangeError(`two seeds and two examples are the least, got ${seeds} and ${examples}`);
  const parts = partsOf(examples, (e) => (strata ? strata[e] : 0));
  const weight = 1 / parts.length;
  const bySeed = first.map((hits, s) =>
    parts.reduce((sum, part) => sum + weight * meanOf(part.map((e) => hits[e] - second[s][e])), 0),
  );
  const onExample = (e: number): number => meanOf(first.map((hits, s) => hits[e] - second[s][e]));
  const ofSeeds = varianceOf(bySeed) / seeds;
  // A single example of a class says nothing of its spread: it counts as the largest possible.
  const ofExamples = parts.reduce(
    (sum, part) => sum + (weight ** 2 * (part.length > 1 ? varianceOf(part.map(onExample)) : 1)) / part.length,
    0,
  );
  const mean = meanOf(bySeed);
  const square = ofSeeds + ofExamples;
  const standardError = Math.sqrt(square);
  const degreesOfFreedom =
    square > 0
      ? square ** 2 / (ofSeeds ** 2 / (seeds - 1) + ofExamples ** 2 / (examples - parts.length || 1))
      : seeds - 1;
  const above = (t: number): number => (Number.isNaN(t) ? 1 : tCdf(-t, degreesOfFreedom));
  return {
    mean,
    standardError,
    ofSeeds,
    ofExamples,
    degreesOfFreedom,
    seeds,
    examples,
    p: Math.min(1, 2 * above(Math.abs(mean) / standardError)),
    equivalenceP: above((margin - Math.abs(mean)) / standardError),
    halfWidth: tQuantile(0.975, degreesOfFreedom) * standardError,
  };
}
