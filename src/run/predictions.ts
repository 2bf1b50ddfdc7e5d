/** The classes that a trial gives examples, as the store keeps them. */
import type { Predictions } from "./observations.ts";

/** The class of the highest of each example's logits [n · C]; of equal ones the first. */
export function predictedClasses(logits: Float32Array, examples: number): Uint8Array {
  const classes = logits.length / examples;
  return Uint8Array.from({ length: examples }, (_, i) => {
    let best = 0;
    for (let k = 1; k < classes; k++) if (logits[i * classes + k] > logits[i * classes + best]) best = k;
    return best;
  });
}

const toText = (bytes: Uint8Array): string => btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));
const fromText = (text: string): Uint8Array => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

export const predictions = (logits: Float32Array, labels: ArrayLike<number>): Predictions => ({
  predicted: toText(predictedClasses(logits, labels.length)),
  labels: toText(Uint8Array.from(labels)),
});

/** Predicted class and label of each example. */
export const readPredictions = ({ predicted, labels }: Predictions): { predicted: Uint8Array; labels: Uint8Array } => ({
  predicted: fromText(predicted),
  labels: fromText(labels),
});
