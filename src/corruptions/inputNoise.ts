import { random } from "../util/random.ts";

/**
 * Gaussian noise on what the network is given, after scaling, and nothing is cut off.   x' = x + σ n,   n ~ N(0, 1)
 * With σ = 1, as in studies that add `randn` to a batch, it weighs more on inputs from 0 to 1 than on standardized ones; the
 * corruption `gaussianNoise` has the same strength on the image whatever the scaling.
 * @param inputs one example, in the network's scale
 * @param index which example of its set it is
 */
export function inputNoise(
  inputs: ArrayLike<number>,
  { sigma = 1, seed, index }: { sigma?: number; seed: number; index: number },
): Float32Array {
  const { normal } = random(seed, "input noise", index);
  return Float32Array.from(inputs, (x, i) => x + sigma * normal(i));
}
