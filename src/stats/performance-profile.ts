/**
 * The share of runs whose score is above each threshold, every stratum with the same weight: how good, and how often.
 * Agarwal et al., 2021, section 4.2 (run-score distributions); Dolan and Moré, 2002.
 * @param scores [strata][runs], for example the seeds on each data set
 */
export const performanceProfile = (scores: readonly (readonly number[])[], thresholds: readonly number[]): number[] =>
  thresholds.map(
    (threshold) =>
      scores.reduce((sum, runs) => sum + runs.filter((score) => score > threshold).length / runs.length, 0) /
      scores.length,
  );
