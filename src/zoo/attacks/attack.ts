import type { RandomStream } from "../../util/random.ts";
import { type Entry, number, type ParameterSchemas, type Parameters, requiredNumber } from "../entry.ts";

/** What an attack works with. */
export interface Target {
  /** A batch of inputs, one after the other. Changed by nobody. */
  inputs: Float32Array;
  /** Values of one input. */
  size: number;
  /** Lowest and highest value that an input may have. */
  bounds: readonly [number, number];
  /** Gradient of each example's loss for its own input, at other inputs of the same examples. */
  gradient(inputs: Float32Array): Promise<Float32Array>;
  /** Random numbers of the i-th example of the batch. */
  random(i: number): RandomStream;
}

/** What an attack is: inputs that raise the loss, none further than ε from the given ones. One file per attack beside this one. */
export interface Attack<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  // biome-ignore lint/suspicious/noExplicitAny: the zoo holds attacks of all parameter types
  readonly perturb: (target: Target, params: any) => Promise<Float32Array>;
}

export function attack<S extends ParameterSchemas>(
  definition: Entry<S> & { perturb: (target: Target, params: Parameters<S>) => Promise<Float32Array> },
): Attack<S> {
  return definition;
}

// ---- words that several attacks use

export const epsilon = requiredNumber("ε: largest change of a value; images have values from 0 to 1", { above: 0 });

export const wholeSteps = (byDefault: number) =>
  number("gradient steps", { default: byDefault, min: 1, integer: true });

/** Inputs moved by `step` along the signs of the gradient, then put back within ε of the first inputs and within the bounds. */
export function ascended(
  { inputs: first, bounds: [low, high] }: Target,
  from: Float32Array,
  gradient: Float32Array,
  step: number,
  epsilon: number,
): Float32Array {
  return from.map((x, i) => {
    const moved = x + step * Math.sign(gradient[i]);
    const near = Math.min(first[i] + epsilon, Math.max(first[i] - epsilon, moved));
    return Math.min(high, Math.max(low, near));
  });
}
