/** A trained trial's weights as a safetensors file. */
import { encodeSafetensors, type SafeTensor } from "../util/safetensors.ts";
import { identity, networkOf, type TrainedTrial } from "./trained-trial.ts";

/** Weights and buffers under their own names, in the shapes of PyTorch's layers. */
export function safetensorsWeights(trained: TrainedTrial): Uint8Array<ArrayBuffer> {
  const { parameters, buffers } = networkOf(trained);
  const tensors: Record<string, SafeTensor> = {};
  for (const [name, { shape }] of Object.entries({ ...parameters, ...buffers }))
    tensors[name] = { dtype: "F32", shape: [...shape], data: Float32Array.from(trained.state[name]) };
  return encodeSafetensors(tensors, identity(trained));
}
