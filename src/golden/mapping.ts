/**
 * How the golden files' names and parameters are said in study files. One table for each kind: `null` is what losslab does not have
 * (yet), and so is every name that no table knows.
 */
import betainc from "@stdlib/math-base-special-betainc";
import erfc from "@stdlib/math-base-special-erfc";
import gammaln from "@stdlib/math-base-special-gammaln";
import type { SpecInput } from "../library/plain.ts";
import * as measures from "../metrics/index.ts";
import { chiSquaredCdf, chiSquaredTail } from "../stats/distributions/chi-squared.ts";
import { fTail } from "../stats/distributions/f.ts";
import { normalCdf, normalQuantile, normalTail } from "../stats/distributions/normal.ts";
import { tCdf, tQuantile, tTail } from "../stats/distributions/student-t.ts";
import * as stats from "../stats/index.ts";
import { erf } from "../tensor/special.ts";
import type { LayerCase, LossCase } from "./files.ts";

// biome-ignore lint/suspicious/noExplicitAny: parameters are of any type; the zoo's schemas check them
type Params = Record<string, any>;
type Table<R, C = unknown, P = Params> = Record<string, ((params: P, given: C) => R) | null>;

/** A setting for which there is no counterpart, of something that has one otherwise. */
class NotThereYet extends Error {}

/** What we say for one of their words; nothing for none. */
function word<W>(name: string, value: unknown, words: Record<string, W>): W | undefined {
  if (value === undefined) return undefined;
  if (!Object.hasOwn(words, String(value))) throw new NotThereYet(`${name} ${JSON.stringify(value)}`);
  return words[String(value)];
}

function only(name: string, value: unknown, expected: unknown): void {
  if (value === undefined || JSON.stringify(value) === JSON.stringify(expected)) return;
  throw new NotThereYet(`${name} ${JSON.stringify(value)}`);
}

/** The side of a square that may be given as a pair. */
function side(name: string, value: unknown): number | undefined {
  if (!Array.isArray(value)) return value as number | undefined;
  only(name, value, [value[0], value[0]]);
  return value[0];
}

// ---- losses

export interface LossCounterpart {
  spec: SpecInput;
  /** Whether the targets are the case's distributions instead of its classes. */
  soft?: boolean;
}

const on = (value: unknown) => word("on", value, { softmax: "probabilities", logits: "logits" });
const classes = (value: unknown) =>
  word("reduction", value, { elements: "mean", classes: "sum", batchmean: "sum", mean: "mean" });

const focalAlpha = (mode: unknown, { alpha }: LossCase): Params | undefined =>
  word("alpha", mode, {
    none: { alpha: "none" },
    after: { alpha },
    inner: { alpha, alphaPosition: "inside" },
    invcount_after: { alpha: "inverse-batch" },
    invcount_inner: { alpha: "inverse-batch", alphaPosition: "inside" },
  });

export const losses: Table<LossCounterpart, LossCase> = {
  cross_entropy: () => ({ spec: "ce" }),
  cross_entropy_smoothed: ({ eps }) => ({ spec: { ce: { labelSmoothing: eps } } }),
  cross_entropy_weighted: (_, { class_weights: weights }) => ({ spec: { ce: { weights } } }),
  cross_entropy_weighted_smoothed: ({ eps }, { class_weights: weights }) => ({
    spec: { ce: { labelSmoothing: eps, weights } },
  }),
  cross_entropy_soft: () => ({ spec: "ce", soft: true }),
  kl: ({ reduction }) => ({ spec: { kl: { classes: classes(reduction) } } }),
  kl_smoothed: ({ eps, kind }) => ({
    spec: { kl: { labelSmoothing: eps, smoothing: word("kind", kind, { uniform: "uniform", others: "others" }) } },
  }),
  kl_soft: () => ({ spec: "kl", soft: true }),
  mae: ({ on: scores, reduction }) => ({ spec: { mae: { on: on(scores), classes: classes(reduction) } } }),
  mse: ({ on: scores, reduction }) => ({ spec: { mse: { on: on(scores), classes: classes(reduction) } } }),
  focal: ({ gamma, alpha }, given) => ({ spec: { focal: { gamma, ...focalAlpha(alpha, given) } } }),
  focal_smoothed_inner: ({ gamma, eps }) => ({ spec: { focal: { gamma, labelSmoothing: eps } } }),
  focal_smoothed_soft: ({ gamma, eps }) => ({
    spec: { focal: { gamma, labelSmoothing: eps, smoothingPosition: "after" } },
  }),
  hinge: ({ delta, on: scores }) => ({ spec: { hinge: { delta, on: on(scores) } } }),
  hinge_squared: ({ delta, on: scores }) => ({ spec: { hinge: { delta, on: on(scores), squared: true } } }),
  hinge_crammer_singer: ({ delta, on: scores }) => ({ spec: { crammerSinger: { delta, on: on(scores) } } }),
  multi_margin: ({ delta, p }) => ({
    spec: { hinge: { delta, squared: word("p", p, { 1: false, 2: true }), classes: "mean" } },
  }),
  generalized_ce: ({ q }) => ({ spec: { generalizedCe: { q } } }),
  symmetric_ce: ({ alpha, beta, A: logZero }) => ({ spec: { symmetricCe: { alpha, beta, logZero } } }),
  poly1: ({ eps: epsilon }) => ({ spec: { poly1: { epsilon } } }),
  logit_adjusted: ({ tau }, { prior }) => ({ spec: { logitAdjusted: { tau, prior } } }),
  class_balanced_ce: ({ beta, reduction }) => ({
    spec: {
      classBalanced: { beta, divideBy: word("reduction", reduction, { weighted_mean: "weights", mean: "examples" }) },
    },
  }),
  ldam: ({ max_m: maxMargin, s: scale }) => ({ spec: { ldam: { maxMargin, scale } } }),
  bce_logits: ({ reduction }) => ({ spec: { binaryCe: { classes: classes(reduction) } } }),
  taylor_ce: ({ order }) => ({ spec: { taylorCe: { order } } }),
  tsallis_ce: ({ a: index }) => ({ spec: { tsallisCe: { index } } }),
  normalized_ce: () => ({ spec: "normalizedCe" }),
  nce_rce: ({ a, b, A: logZero }) => ({
    spec: {
      sum: [
        { weight: a, loss: "normalizedCe" },
        { weight: b, loss: { reverseCe: { logZero } } },
      ],
    },
  }),
  jensen_shannon: () => ({ spec: "jensenShannon" }),
  bi_tempered: ({ t1, t2 }) => ({ spec: { biTempered: { t1, t2 } } }),
};

/** The losses of trainings are named in one word: `focal_0.5` is `focal` of 0.5. */
const trainingLosses: Table<SpecInput> = {
  cross_entropy: () => "ce",
  kl: () => "kl",
  cross_entropy_smoothed: ({ value }) => ({ ce: { labelSmoothing: value } }),
  mae_softmax: () => "mae",
  mae_logits: () => ({ mae: { on: "logits" } }),
  mse_softmax: () => "mse",
  mse_logits: () => ({ mse: { on: "logits" } }),
  focal: ({ value }) => ({ focal: value }),
  hinge: ({ value }) => ({ hinge: value }),
};

// ---- activations

export interface ActivationCounterpart {
  spec: SpecInput;
  /** What the reference itself is off by. */
  slack?: number;
}

export const activations: Table<ActivationCounterpart> = {
  identity: () => ({ spec: "identity" }),
  relu: () => ({ spec: "relu" }),
  relu6: () => ({ spec: "relu6" }),
  leaky_relu: ({ negative_slope: slope }) => ({ spec: { leakyRelu: { slope } } }),
  elu: ({ alpha }) => ({ spec: { elu: { alpha } } }),
  celu: ({ alpha }) => ({ spec: { celu: { alpha } } }),
  selu({ alpha, scale }) {
    only("alpha", alpha, 1.67326324235);
    only("scale", scale, 1.05070098736);
    return { spec: "selu" };
  },
  gelu: ({ approximate }) => ({ spec: { gelu: { approximate } } }),
  gelu_tanh: () => ({ spec: { gelu: { approximate: "tanh" } } }),
  silu: () => ({ spec: "silu" }),
  mish: () => ({ spec: "mish" }),
  hardswish: () => ({ spec: "hardswish" }),
  hardsigmoid: () => ({ spec: "hardsigmoid" }),
  hardtanh: ({ min, max }) => ({ spec: { hardtanh: { low: min, high: max } } }),
  // The reference is x itself where βx exceeds a threshold.
  softplus: ({ beta = 1, threshold }) => ({
    spec: { softplus: { beta } },
    slack: threshold === undefined ? 0 : 1.4 * Math.exp(-threshold) * Math.max(1, 1 / beta),
  }),
  softsign: () => ({ spec: "softsign" }),
  sigmoid: () => ({ spec: "sigmoid" }),
  logsigmoid: () => ({ spec: "logsigmoid" }),
  tanh: () => ({ spec: "tanh" }),
};

// ---- optimizers

const adam = ({ lr, betas = [], eps, weight_decay }: Params): Params => ({
  learningRate: lr,
  beta1: betas[0],
  beta2: betas[1],
  epsilon: eps,
  weightDecay: weight_decay,
});
const nadam = (params: Params): Params => ({ ...adam(params), momentumDecay: params.momentum_decay });

export const optimizers: Table<SpecInput> = {
  SGD: ({ lr, momentum, dampening, nesterov, weight_decay }) => ({
    sgd: { learningRate: lr, momentum, dampening, nesterov, weightDecay: weight_decay },
  }),
  Adam: (params) => ({ adam: { ...adam(params), amsgrad: params.amsgrad } }),
  AdamW: (params) => ({ adamw: { ...adam(params), amsgrad: params.amsgrad } }),
  RMSprop: ({ lr, alpha, eps, momentum, centered, weight_decay }) => ({
    rmsprop: { learningRate: lr, alpha, epsilon: eps, momentum, centered, weightDecay: weight_decay },
  }),
  Adagrad: ({ lr, lr_decay, initial_accumulator_value, eps, weight_decay }) => ({
    adagrad: {
      learningRate: lr,
      learningRateDecay: lr_decay,
      initialSum: initial_accumulator_value,
      epsilon: eps,
      weightDecay: weight_decay,
    },
  }),
  Adadelta: ({ lr, rho, eps, weight_decay }) => ({
    adadelta: { learningRate: lr, rho, epsilon: eps, weightDecay: weight_decay },
  }),
  Adamax: (params) => ({ adamax: adam(params) }),
  NAdam: (params) => ({ nadam: { ...nadam(params), lookAhead: "pytorch1" } }),
  NAdam_documented: (params) => ({ nadam: nadam(params) }),
  RAdam: (params) => ({ radam: adam(params) }),
};

// ---- layers

const pool = ({ kernel, stride, padding }: Params): Params => ({
  kernel: side("kernel", kernel),
  stride: side("stride", stride),
  padding: side("padding", padding),
});

/** In models, layers stand without their input: only what does not depend on it is mapped there. */
export const layers: Table<SpecInput, Partial<LayerCase>> = {
  linear: ({ out, bias }) => ({ dense: { units: out, bias } }),
  conv2d: ({ out, kernel, stride, padding, dilation, groups, bias }) => ({
    conv2d: {
      filters: out,
      kernel: side("kernel", kernel),
      stride: side("stride", stride),
      padding: side("padding", padding),
      dilation: side("dilation", dilation),
      groups,
      bias,
    },
  }),
  maxpool2d: (config) => ({ maxPool: pool(config) }),
  avgpool2d: (config) => ({ avgPool: { ...pool(config), countPadding: config.count_include_pad } }),
  adaptive_avgpool2d({ output }) {
    only("output", side("output", output), 1);
    return "globalAvgPool";
  },
  flatten({ start_dim }) {
    only("start_dim", start_dim, 1);
    return "flatten";
  },
  batchnorm1d: ({ eps, momentum }) => ({ batchNorm: { epsilon: eps, momentum } }),
  batchnorm2d: ({ eps, momentum }) => ({ batchNorm: { epsilon: eps, momentum } }),
  layernorm({ normalized_shape, eps }, { x }) {
    if (x) only("normalized_shape", normalized_shape, x.shape.slice(1));
    return { layerNorm: { epsilon: eps } };
  },
  activation: () => "activation",
  softmax({ dim }) {
    only("dim", dim, 1);
    return "softmax";
  },
  log_softmax({ dim }) {
    only("dim", dim, 1);
    return "logSoftmax";
  },
};

// ---- metrics

/** What metrics are computed from. */
export interface Classified {
  confusion: measures.Confusion;
  targets: readonly number[];
  /** [N][C]; none where only the predictions are given. */
  probabilities: readonly (readonly number[])[];
}

const ofConfusion =
  (measure: (confusion: measures.Confusion) => number | readonly number[]) =>
  ({ confusion }: Classified): number[] =>
    [measure(confusion)].flat();

const ofProbabilities =
  (measure: (probabilities: Classified["probabilities"], targets: readonly number[]) => number | readonly number[]) =>
  ({ probabilities, targets }: Classified): number[] =>
    [measure(probabilities, targets)].flat();

const perClass = (key: keyof measures.PrecisionRecallF1) =>
  ofConfusion((confusion) => measures.perClass(confusion).map((c) => c[key]));

/** Of two classes, the second is the event. */
const event = ({ probabilities, targets }: Classified) =>
  [probabilities.map(([, p]) => p), targets.map((y) => y === 1)] as const;

/** Values in the order of the file's, given what is expected: a record's are those of precision, recall and F1. */
export const metrics: Table<number[], unknown, Classified> = {
  accuracy: ofConfusion(measures.accuracy),
  balanced_accuracy: ofConfusion(measures.balancedAccuracy),
  confusion_matrix: ofConfusion((confusion) => confusion.flat()),
  support: ofConfusion(measures.support),
  precision_per_class: perClass("precision"),
  recall_per_class: perClass("recall"),
  f1_per_class: perClass("f1"),
  specificity_per_class: ofConfusion(measures.specificity),
  mcc: ofConfusion(measures.mcc),
  cohen_kappa: ofConfusion(measures.cohenKappa),
  macro: ofConfusion((confusion) => Object.values(measures.macro(confusion))),
  macro_present_only: ofConfusion((confusion) => Object.values(measures.macroPresent(confusion))),
  weighted: ofConfusion((confusion) => Object.values(measures.weighted(confusion))),
  top_k: ({ probabilities, targets }, expected) =>
    Object.keys(expected as object).map((k) => measures.topK(probabilities, targets, Number(k))),
  log_loss: ofProbabilities(measures.logLoss),
  brier_multiclass: ofProbabilities(measures.brier),
  brier_binary_sklearn: (given) => [measures.binaryBrier(...event(given))],
  roc_auc_binary: (given) => [measures.rocAuc(...event(given))],
  roc_auc_per_class: ofProbabilities(measures.rocAucPerClass),
  roc_auc_ovr_macro: ofProbabilities(measures.rocAucOvr),
  roc_auc_ovr_weighted: ofProbabilities((p, y) => measures.rocAucOvr(p, y, "weighted")),
  roc_auc_ovo_macro: ofProbabilities(measures.rocAucOvo),
  ece_15: ofProbabilities(measures.expectedCalibrationError),
  mce_15: ofProbabilities(measures.maximumCalibrationError),
  ece_bins: ofProbabilities((p, y) =>
    measures.reliabilityBins(p, y).flatMap(({ count, accuracy, confidence }) => [count, accuracy, confidence]),
  ),
};

// ---- statistics

/** Values by the file's names of them. */
export type Statistics = Record<string, number | number[]>;

interface Compared {
  x: number[];
  y: number[];
  alternative: stats.Alternative;
}

const differences = ({ x, y }: Pick<Compared, "x" | "y">): number[] => x.map((value, i) => value - y[i]);
const bounds = ({ low, high }: stats.Interval) => ({ lo: low, hi: high });
const tStatistics = ({ t, p, df }: stats.TTest) => ({ t, p, df });
const unpairedEffects = ({ x, y }: Compared) => {
  const [d, df] = [stats.cohensD(x, y), x.length + y.length - 2];
  return {
    cohens_d: d,
    hedges_g_exact: d * stats.hedges(df),
    hedges_g_approx: d * stats.hedgesApproximate(df),
  };
};

export const statistics: Table<Statistics> = {
  paired_t: (given) => tStatistics(stats.pairedT(differences(given as Compared), given.alternative)),
  welch_t: ({ x, y, alternative }) => tStatistics(stats.welchT(x, y, alternative)),
  student_t: ({ x, y, alternative }) => tStatistics(stats.studentT(x, y, alternative)),
  effect_sizes(given) {
    const d = differences(given as Compared);
    const effect = stats.dz(d);
    return {
      ...unpairedEffects(given as Compared),
      cohens_dz: effect,
      hedges_gz_exact: effect * stats.hedges(d.length - 1),
    };
  },
  effect_sizes_unequal_n: (given) => unpairedEffects(given as Compared),
  t_interval_mean({ x, confidence }) {
    const sd = stats.deviation(x);
    return { mean: stats.mean(x), sd, sem: sd / Math.sqrt(x.length), ...bounds(stats.tInterval(x, confidence)) };
  },
  t_interval_paired_difference(given) {
    const d = differences(given as Compared);
    return { mean_difference: stats.mean(d), ...bounds(stats.tInterval(d, given.confidence)) };
  },
  wilcoxon({ alternative, zero_method, correction, method, ...given }) {
    const found = stats.wilcoxon(differences(given as Compared), {
      alternative,
      zeros: zero_method,
      correction,
      method: word("method", method, { exact: "exact", approx: "normal" }),
    });
    return { statistic: found.statistic, p: found.p, w_plus: found.wPlus, w_minus: found.wMinus };
  },
  friedman({ blocks }) {
    const found = stats.friedman(blocks);
    return {
      chi2: found.chiSquared,
      p: found.p,
      df: found.df,
      mean_ranks: found.meanRanks,
      chi2_without_tie_correction: found.uncorrected,
      iman_davenport_F: found.f,
      iman_davenport_p: found.fP,
      "nemenyi_cd_0.05": stats.criticalDifference(found.meanRanks.length, blocks.length),
      nemenyi_p: stats.nemenyi(found.meanRanks, blocks.length).flat(),
    };
  },
  nemenyi_q_alpha: ({ alpha, k }) => ({ q_alpha: k.map((treatments: number) => stats.nemenyiQ(treatments, alpha)) }),
  nemenyi_cd: ({ k, N, alpha }) => ({ cd: stats.criticalDifference(k, N, alpha) }),
  holm: ({ p }) => ({ adjusted: stats.holm(p), bonferroni: stats.bonferroni(p) }),
  spearman({ x, y }) {
    const { r, p } = stats.spearman(x, y);
    return { rho: r, p };
  },
  pearson: ({ x, y }) => ({ ...stats.pearson(x, y) }),
  kendall_tau_b({ x, y, method }) {
    const { r, p } = stats.kendall(x, y, word("method", method, { exact: "exact", asymptotic: "normal" }));
    return { tau: r, p };
  },
  bootstrap_percentile({ x, statistic, confidence }) {
    const of = word("statistic", statistic, { mean: stats.mean, median: stats.median })!;
    return { point: of(x), ...bounds(stats.percentileBootstrap(x, of, { confidence })) };
  },
  t_distribution: ({ df, t }) => ({
    cdf: t.map((at: number) => tCdf(at, df)),
    two_sided_p: t.map((at: number) => 2 * tTail(Math.abs(at), df)),
  }),
  t_quantile: ({ df, p }) => ({ t: p.map((at: number) => tQuantile(at, df)) }),
  normal: ({ z }) => ({
    cdf: z.map(normalCdf),
    sf: z.map(normalTail),
    two_sided_p: z.map((at: number) => 2 * normalTail(Math.abs(at))),
  }),
  normal_quantile: ({ p }) => ({ z: p.map(normalQuantile) }),
  chi2: ({ df, x }) => ({
    cdf: x.map((at: number) => chiSquaredCdf(at, df)),
    sf: x.map((at: number) => chiSquaredTail(at, df)),
  }),
  f_distribution: ({ df1, df2, x }) => ({ sf: x.map((at: number) => fTail(at, df1, df2)) }),
  // What the distributions are made of.
  incomplete_beta: ({ a, b, x }) => ({ I: x.map((at: number) => betainc(at, a, b)) }),
  gammaln: ({ x }) => ({ y: x.map(gammaln) }),
  erf: ({ x }) => ({ erf: x.map(erf), erfc: x.map(erfc) }),
};

// ---- looking up

export type Found<R> = { found: R } | { missing: string };

/** Our counterpart of a name with parameters, or what there is none of. */
export function counterpart<R, C, P>(table: Table<R, C, P>, name: string, params: P, given: C): Found<R> {
  const make = Object.hasOwn(table, name) ? table[name] : null;
  if (!make) return { missing: name };
  try {
    return { found: make(params, given) };
  } catch (error) {
    if (error instanceof NotThereYet) return { missing: `${name} with ${error.message}` };
    throw error;
  }
}

/** A training's loss by its one word. */
export function trainingLoss(name: string): Found<SpecInput> {
  const parts = /^(.+)_(\d[\d.e-]*)$/.exec(name);
  return parts
    ? counterpart(trainingLosses, parts[1], { value: Number(parts[2]) }, undefined)
    : counterpart(trainingLosses, name, {}, undefined);
}
