/** All measures: pure functions, numbers in and numbers out. docs/measures.md lists them with their formulas and sources. */
export { accuracy, balancedAccuracy } from "./accuracy.ts";
export { areaUnderCurve } from "./area-under-curve.ts";
export { binaryBrier, brier } from "./brier.ts";
export {
  expectedCalibrationError,
  maximumCalibrationError,
  type ReliabilityBin,
  reliabilityBins,
} from "./calibration.ts";
export { cohenKappa } from "./cohen-kappa.ts";
export { type Confusion, confusionMatrix, support } from "./confusion.ts";
export { convergedEpoch } from "./converged-epoch.ts";
export {
  type CorruptionErrors,
  corruptionError,
  meanCorruptionError,
  relativeCorruptionError,
} from "./corruption-error.ts";
export { type Cost, costByLoss, secondsPerEpoch } from "./cost.ts";
export { accuracyGap, generalizationLoss, lossGap, overfittingOnset } from "./generalization.ts";
export { logLoss, logLossOfLogits } from "./log-loss.ts";
export { mcc } from "./mcc.ts";
export { percentageChange } from "./percentage-change.ts";
export { macro, macroPresent, type PrecisionRecallF1, perClass, weighted } from "./precision-recall-f1.ts";
export { rocAuc, rocAucOvo, rocAucOvr, rocAucPerClass } from "./roc-auc.ts";
export { predictions, type Scores, softmax } from "./scores.ts";
export { fluctuation, smoothness } from "./smoothness.ts";
export { macroSpecificity, specificity } from "./specificity.ts";
export { epochsTo, secondsTo, shareOfFinal, shareOfWay, type Threshold } from "./time-to.ts";
export { topK } from "./top-k.ts";
