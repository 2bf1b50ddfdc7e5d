/** What goes on within networks while they train: gradients, weights and updates of layers, and units that learn nothing. */

/** A layer at an epoch's probed steps, means over them. */
export interface LayerDiagnosis {
  /** As in the names of its tensors: `dense1`, `residual2.conv2d1`. */
  layer: string;
  /** Euclidean norms over all parameters of the layer. Not finite when one of them is not. */
  gradientNorm: number;
  weightNorm: number;
  /** Norm of the change that the step made, over the norm of the weights. */
  updateRatio: number;
}

/** An activation of the network, counted from 1 in the order in which they are computed. */
export interface ActivationDiagnosis {
  activation: string;
  /** Share of the values whose derivative is smaller than 0.01: what reaches them from behind hardly passes. */
  saturated: number;
  /** Share of the units (features, or channels of images) that are so at every example of the mini-batch. */
  dead: number;
}

export interface EpochDiagnosis {
  layers: LayerDiagnosis[];
  activations: ActivationDiagnosis[];
}

/** The first operation that made a number that is not finite. */
export interface Fault {
  /** The step, counted from 1 over the whole training. */
  step: number;
  /** Forward pass, loss, gradients, or the update of the step before. */
  part: "forward" | "loss" | "gradient" | "update";
  /** The operation; of an update the layer's name stands alone. */
  operation: string | null;
  /** The last layer whose parameters the value depends on; null for values that depend on none. */
  layer: string | null;
  /** What it made. */
  value: "NaN" | "Infinity" | "-Infinity";
  /** Smallest and largest value of each of its inputs, which were finite. */
  inputs: { low: number; high: number }[];
}

/** Below this float32 cannot keep an update: it is rounded away. */
export const LOST_UPDATE = 2 ** -24;
/** An update as large as the weights themselves leaves nothing of what they had learned. */
export const OVERWHELMING_UPDATE = 1;

/** What is wrong with a layer's learning; null when nothing is. */
export function concern({
  gradientNorm,
  updateRatio,
}: LayerDiagnosis): "not finite" | "vanishing" | "exploding" | null {
  if (!Number.isFinite(gradientNorm) || !Number.isFinite(updateRatio)) return "not finite";
  if (gradientNorm === 0 || updateRatio < LOST_UPDATE) return "vanishing";
  return updateRatio > OVERWHELMING_UPDATE ? "exploding" : null;
}

/** The layer that a tensor belongs to. */
export const layerOf = (tensor: string): string => tensor.slice(0, tensor.lastIndexOf("."));
