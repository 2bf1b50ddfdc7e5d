/** A loss on many examples in one call of an ONNX runtime, on the graphs that training uses. */
import { emit } from "../onnx/emit.ts";
import type { Backend } from "../run/backend.ts";
import { constant, div, grad, input, perTrial, reshape, sum, trialsFirst, vmap } from "../tensor/index.ts";
import { UserError } from "../util/errors.ts";
import { choose } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import { termsOf } from "../zoo/losses/loss.ts";
import { type LossPoint, probabilityOf } from "./loss-curve.ts";
import type { Losses, SpecInput } from "./plain.ts";

export interface LossesOfPoints {
  /** [n], in the loss's own unit. */
  values: Float32Array;
  /** Gradients for the logits, [n · C]. */
  gradients: Float32Array;
}

/**
 * A loss and its gradient at n points, each a mini-batch of its own: the graph of one example, batched as trials are. All classes have
 * equally many examples.
 * @param logits [n · classes]
 * @param target class that is wanted, the same for all
 * @throws UserError when the spec makes no sense
 */
export async function lossPoints(
  backend: Backend,
  spec: SpecInput,
  logits: Float32Array,
  { classes, target = 0, losses = zoo.losses }: { classes: number; target?: number; losses?: Losses },
): Promise<LossesOfPoints> {
  if (!Number.isInteger(classes) || classes < 2)
    throw new UserError(`classes must be a whole number >= 2, got ${classes}`);
  const { entry, params } = choose("loss", losses, spec);
  const n = logits.length / classes;
  const z = input("logits", [n, 1, classes]);
  const wanted = constant(
    Array.from({ length: classes }, (_, k) => (k === target ? 1 : 0)),
    [1, classes],
  );
  const context = { classes, classCounts: new Array<number>(classes).fill(1), training: true };
  const { mean } = vmap(n, { z: perTrial(z) }, ({ z }) => {
    const { perExample, weights } = termsOf(entry.perExample(z, wanted, params, context));
    return { mean: weights ? div(sum(perExample), sum(weights)) : sum(perExample) };
  });
  const values = reshape(trialsFirst(mean, n), [n]);
  const [gradients] = grad(sum(values), [z]);
  const { bytes, inputs } = emit({ values, gradients }, "points");
  const session = await backend.session(bytes, "seldom");
  try {
    const out = await session.run({ logits: backend.tensor("float32", logits, inputs.logits.shape) });
    return { values: out.values.data as Float32Array, gradients: out.gradients.data as Float32Array };
  } finally {
    await session.release();
  }
}

/** `lossCurve` by a runtime: logits (m, 0, …, 0) for each margin m, the first class wanted. */
export async function lossCurveOn(
  backend: Backend,
  spec: SpecInput,
  margins: readonly number[],
  { classes = 2, losses = zoo.losses }: { classes?: number; losses?: Losses } = {},
): Promise<LossPoint[]> {
  const logits = new Float32Array(margins.length * classes);
  margins.forEach((margin, i) => {
    logits[i * classes] = margin;
  });
  const { values, gradients } = await lossPoints(backend, spec, logits, { classes, losses });
  return margins.map((margin, i) => ({
    p: probabilityOf(margin, classes),
    margin,
    value: values[i],
    gradient: gradients[i * classes],
  }));
}
