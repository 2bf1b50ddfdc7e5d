/** Random directions among the weights of a network, in the scale of these weights. */
import { sizeOf } from "../tensor/index.ts";
import { random } from "../util/random.ts";
import type { BuiltModel } from "../zoo/models/model.ts";
import type { TrialState } from "./evaluator.ts";

/**
 * A direction drawn from a normal distribution and normalized filter by filter:   d_f ← d_f ‖w_f‖ / ‖d_f‖,   f a filter of a convolution or
 * the weights of one output of a dense layer. So a step of 1 is as long as the filter itself, whatever the scale of the weights, which
 * rectified and normalized networks do not feel. Biases and all tensors of normalizations stay as they are: the direction has none of
 * them. Li et al., 2018, arXiv:1712.09913, section 4.
 * @param weights parameters by name
 * @param seed equal seeds give networks of one shape equal directions, up to the lengths of the filters
 * @param axis which of the directions of a slice
 * @returns the direction's tensors, of the shapes of the parameters
 */
export function filterNormalized(
  { parameters }: Pick<BuiltModel, "parameters">,
  weights: TrialState,
  seed: number,
  axis: number,
): TrialState {
  const filtered = Object.entries(parameters).filter(([, { role, fill }]) => role === "weight" && fill === undefined);
  return Object.fromEntries(
    filtered.map(([name, { shape }]) => {
      const stream = random(seed, "direction", axis, name);
      const drawn = Float64Array.from({ length: sizeOf(shape) }, (_, i) => stream.normal(i));
      const size = drawn.length / shape[0];
      const direction = new Float32Array(drawn.length);
      for (let at = 0; at < drawn.length; at += size) {
        const own = drawn.subarray(at, at + size);
        const factor = norm(weights[name].subarray(at, at + size)) / norm(own);
        for (let i = 0; i < size; i++) direction[at + i] = own[i] * factor;
      }
      return [name, direction];
    }),
  );
}

function norm(values: Float32Array | Float64Array): number {
  let squares = 0;
  for (const v of values) squares += v * v;
  return Math.sqrt(squares);
}
