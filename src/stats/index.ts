/** All statistics: pure functions, numbers in and estimates out. docs/statistics.md lists them with their sources. */
export { bonferroni, holm } from "./adjust.ts";
export { alignedRanksAnova } from "./aligned-ranks.ts";
export { type Effect, repeatedMeasuresAnova } from "./anova.ts";
export { bestP, type Duel } from "./best.ts";
export { type BootstrapOptions, bcaBootstrap, percentileBootstrap, stratifiedBootstrap } from "./bootstrap.ts";
export { type CompareOptions, type Comparison, compare, reversed } from "./compare.ts";
export { conditionalPower } from "./conditional-power.ts";
export { type Correlation, kendall, pearson, spearman } from "./correlation.ts";
export { type CriticalDifference, criticalDifferences } from "./critical-difference.ts";
export { deviation } from "./deviation.ts";
export { cohensD, dz, dzInterval, hedges, hedgesApproximate } from "./effect-size.ts";
export { type Equivalence, equivalence } from "./equivalence.ts";
export { type Judged, judge, pairsToSettle, type Verdict } from "./family.ts";
export { type Friedman, friedman } from "./friedman.ts";
export {
  boundaries,
  type Design,
  nominalLevels,
  type Spending,
  sequentialP,
  spendingFunctions,
} from "./group-sequential.ts";
export { interquartileMean } from "./interquartile-mean.ts";
export type { Alternative, Interval } from "./interval.ts";
export { mean } from "./mean.ts";
export { median } from "./median.ts";
export { criticalDifference, nemenyi, nemenyiQ } from "./nemenyi.ts";
export { type DifferenceOnExamples, type Hits, pairedOnExamples } from "./paired-on-examples.ts";
export { pairedT, type TTest } from "./paired-t.ts";
export { performanceProfile } from "./performance-profile.ts";
export { type Permutation, type PermutationOptions, permutationTest } from "./permutation.ts";
export { equivalencePower, pairedPower, pairsNeeded } from "./power.ts";
export { type ProbabilityOfImprovement, probabilityOfImprovement } from "./probability-of-improvement.ts";
export { quantile } from "./quantile.ts";
export { differenceSummary, meanP, type Sampling } from "./sampling.ts";
export { shapiroWilk } from "./shapiro-wilk.ts";
export { type Sphericity, sphericity } from "./sphericity.ts";
export { type Summary, summary } from "./summary.ts";
export { tInterval } from "./t-interval.ts";
export { studentT, welchT } from "./two-sample-t.ts";
export { type Wilcoxon, type WilcoxonOptions, wilcoxon } from "./wilcoxon.ts";
