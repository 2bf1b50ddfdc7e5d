/** What runs unchanged in Node.js and in a browser: it imports nothing of Node's and is handed its ONNX runtime. */
export { corrupt } from "./corruptions/corrupt.ts";
export type { Corruption, Image, Severity } from "./corruptions/corruption.ts";
/** What can be done to images, by name. */
export * as corruptions from "./corruptions/index.ts";
export { inputNoise } from "./corruptions/inputNoise.ts";
export { generateDigits } from "./data/digits/index.ts";
export { carveValidation, subset } from "./data/split.ts";
export { defineLoss, type OwnLoss } from "./library/define-loss.ts";
export { type LossPoint, lossCurve } from "./library/loss-curve.ts";
export { type LossesOfPoints, lossCurveOn, lossPoints } from "./library/loss-points.ts";
export {
  evaluateActivation,
  evaluateLayer,
  evaluateLoss,
  type LayerInput,
  type LayerValue,
  type Losses,
  type LossInput,
  type LossValue,
  onRuntime,
  replayOptimizer,
  type SpecInput,
} from "./library/plain.ts";
export { type ReplayInput, type ReplayResult, replayTraining } from "./library/replay.ts";
export { LOGITS, lossStability, type StabilityPoint, type ValueAndGradient } from "./library/stability.ts";
/** Measures of classifiers and of trainings, on plain numbers. */
export * as metrics from "./metrics/index.ts";
/** Precision, recall and F1 of every class, from a confusion matrix. */
export { perClass } from "./metrics/index.ts";
export { emit, type OnnxModel } from "./onnx/emit.ts";
export { type Backend, type OnnxRuntime, onnxBackend, type Session, type Tensor } from "./run/backend.ts";
export { type Cohort, type CohortData, cohort, evaluationGraph, type Member, stepGraph } from "./run/cohort.ts";
export { type Landscape, landscape, type Slice } from "./run/landscape.ts";
export { memberOf } from "./run/members.ts";
export { measures } from "./run/metrics.ts";
export type * from "./run/records.ts";
export {
  type EpochResult,
  type TrainingData,
  type TrainingOptions,
  type TrainingTask,
  trainCohort,
} from "./run/train.ts";
export { checkStudy, readYaml } from "./study/parse.ts";
export { ENGINE_VERSION, type Plan, plan } from "./study/plan.ts";
export type { StudySpec } from "./study/spec.ts";
/** Expressions and the functions that make them. */
export * as ops from "./tensor/index.ts";
export { UserError, UserErrors } from "./util/errors.ts";
export { type Chosen, choose } from "./zoo/entry.ts";
export { type Zoo, zoo } from "./zoo/index.ts";
