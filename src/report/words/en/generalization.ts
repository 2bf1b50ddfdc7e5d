import { distanceOf, name, type Text, t, type Who } from "../../text.ts";

export const generalization = {
  heading: "Generalization",
  caption:
    "Final epoch, means over the seeds. Gaps: training accuracy less test accuracy, test loss less training loss; rise: of the test loss above its lowest value.",
  columns: {
    trainAccuracy: "train accuracy, %",
    testAccuracy: "test accuracy, %",
    accuracyGap: "accuracy gap, points",
    lossGap: "loss gap",
    rise: "rise of test loss, %",
    onset: "overfitting begins",
  },
  no: "no",
  onset: ({ epoch, seeds, of }: { epoch: number; seeds: number; of: number }): string =>
    `after epoch ${epoch}${seeds < of ? ` (${seeds} of ${of} seeds)` : ""}`,
  bySeed: ({ values }: { values: readonly (number | null)[] }): string =>
    `by seed: ${values.map((v) => v ?? "none").join(", ")}`,
  title: ({ who, gap, several }: { who: Who; gap: number; several: boolean }) =>
    t`Training accuracy ends up to ${distanceOf(Math.abs(gap), who)} points ${gap >= 0 ? "above" : "below"} test accuracy${several ? ", furthest" : ""} with ${name(who)}`,
  subtitle: ({ basis }: { basis: Text }) => t`${basis} · training accuracy less test accuracy, points, over the epochs`,
  alt: "Distance of training and test accuracy over the epochs.",
  axis: "train − test accuracy, points",
  terms:
    "Training figures are gathered over an epoch while the weights change, test figures are measured after it: early in training, and under dropout, the test set may look easier than the training set. Overfitting begins: the epoch of the lowest test loss, when the last one is more than 5 % higher.",
};
