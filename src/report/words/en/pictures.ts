import { type Text, t } from "../../text.ts";
import { counted, points } from "./grammar.ts";

const MEASURES = { accuracy: "accuracy", loss: "loss", precision: "precision", recall: "recall", f1: "F1" };
type Measure = keyof typeof MEASURES;
type Of = "loss" | "accuracy";
const PARTS = {
  all: "",
  loss: "loss",
  optimizer: "optimizer",
  activation: "activation",
  model: "model",
  batchSize: "batch size",
};
const capital = (text: string): string => text[0].toUpperCase() + text.slice(1);

/** Pictures that a study asks for. */
export const pictures = {
  parts: PARTS,
  heading: "Pictures of the study",
  fourSeries: "Training and test, loss and accuracy of each configuration",
  trainAndTest: ({ of }: { of: Of }): string => `Training and test ${of} of each configuration`,
  measure: ({ of }: { of: Measure }): string => `${capital(MEASURES[of])} of all configurations on both sets`,
  measureSubtitle: ({ of }: { of: Measure }): string => `${MEASURES[of]} · training dashed, test solid`,
  measures: MEASURES,
  percentAxis: ({ title }: { title: string }): string => `${title}, %`,
  pointsAxis: ({ title }: { title: string }): string => `${title}, points`,
  testAccuracy: "Test accuracy over the epochs",
  testAccuracySubtitle: "test accuracy",
  change: "Change of the training loss from epoch to epoch",
  changeSubtitle: "percentage change of the training loss, nearer to 0 the more converged",
  distance: {
    loss: "Test loss minus training loss",
    accuracy: "Training accuracy minus test accuracy",
  } as Record<Of, string>,
  distanceSubtitle: "above 0 the test set does worse",
  distanceAxes: { loss: "test minus training loss", accuracy: "training minus test accuracy" } as Record<Of, string>,
  noise: {
    loss: "Change of test loss under noise",
    accuracy: "Change of test accuracy under noise",
  } as Record<Of, string>,
  noiseSubtitle: "test set with noise on its inputs minus test set without",
  noiseAxes: { loss: "change of test loss", accuracy: "change of test accuracy" } as Record<Of, string>,
  curvesSubtitle: (f: { basis: Text; what: string; by: keyof typeof PARTS | null }) =>
    points([
      f.basis,
      f.what,
      "mean and 95 % band over the seeds",
      ...(f.by === null ? [] : [`one frame for each ${PARTS[f.by]}, with shared axes`]),
    ]),
  curvesAlt: ({ title, what, n }: { title: string; what: string; n: number }) =>
    t`${title}: ${what} of ${counted(n, "configuration")} over the epochs.`,
  frame: "frame",
  panelsSubtitle: ({ basis, marks }: { basis: Text; marks: "lines" | "points" }) =>
    t`${basis} · training dashed, test solid · mean and 95 % band over the seeds · ${marks} over the epochs`,
  panelsAlt: ({ title, n }: { title: string; n: number }) =>
    t`${title}, over the epochs of ${counted(n, "configuration")}, in frames of their own.`,
  timeSubtitle: ({ basis, fused }: { basis: Text; fused: boolean }) =>
    t`${basis} · mean and 95 % interval over the seeds${fused ? " · trials that train in one graph share its time in equal parts" : ""}`,
  timeAlt: ({ n }: { n: number }) => t`Seconds per epoch of ${counted(n, "configuration")}.`,
};
