/** A trained classifier as a standard ONNX model. */
import { emitStandalone, FREE_SIZE } from "../onnx/standalone.ts";
import { scaledInputs } from "../run/cohort.ts";
import { type Expr, input, softmax } from "../tensor/index.ts";
import { choose } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import { identity, networkOf, type TrainedTrial } from "./trained-trial.ts";

/** What the model takes: values as the data set has them, or as the network is fed. */
export type OnnxInput = "raw" | "scaled";

/**
 * The bytes of a model with standard operators alone.
 * Input `input` [N, ...shape] float32; outputs `logits` and `probabilities` [N, classes] float32. The weights are initializers under
 * their own names; what is known of classes, scaling and trial stands in the metadata.
 */
export function onnxClassifier(trained: TrainedTrial, takes: OnnxInput = "raw"): Uint8Array {
  const { trial, state, inputs } = trained;
  const { shape, scale, offset } = inputs;
  const model = networkOf(trained);
  const activation = choose("activation", zoo.activations, trial.activation);
  const tensors = Object.entries({ ...model.parameters, ...model.buffers });

  const build = (examples: number): Record<string, Expr> => {
    const given = input("input", [examples, ...shape]);
    const { logits } = model.forward(
      takes === "raw" ? scaledInputs(given, inputs) : given,
      Object.fromEntries(tensors.map(([name, { shape }]) => [name, input(name, shape)])),
      { training: false, activation: (x) => activation.entry.apply(x, activation.params) },
    );
    return { logits, probabilities: softmax(logits) };
  };
  const perChannel = `input * scale + offset per channel, scale ${JSON.stringify(scale)}, offset ${JSON.stringify(offset)}`;
  return emitStandalone(build, {
    name: `losslab-${trial.id}`,
    weights: state,
    metadata: { ...identity(trained), input: takes },
    documentation: {
      model: `Classifier trained by losslab, trial ${trial.id}.`,
      values: {
        input:
          takes === "raw"
            ? `[${[FREE_SIZE, ...shape].join(", ")}], values as the data set stores them; the model scales them itself: ${perChannel}`
            : `[${[FREE_SIZE, ...shape].join(", ")}], values that have been scaled: ${perChannel}`,
        logits: "one for each class",
        probabilities: "softmax of the logits",
      },
    },
  }).bytes;
}
