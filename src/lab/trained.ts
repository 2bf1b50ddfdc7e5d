/** What the store keeps of trained trials: their weights, and what their networks are fed. */
import type { Averaged, CohortData } from "../run/cohort.ts";
import { type TrialState, trialState } from "../run/evaluator.ts";
import type { Store } from "../store/store.ts";
import type { PreparedData } from "./prepare.ts";

/** How stored values become a network's inputs, and what its outputs stand for. */
export interface NetworkInputs extends Pick<CohortData, "shape" | "pixels" | "scale" | "offset"> {
  classNames: readonly string[];
}

export const networkInputs = ({
  cohort: { shape, pixels, scale, offset },
  classNames,
}: Pick<PreparedData, "cohort" | "classNames">): NetworkInputs => ({ shape, pixels, scale, offset, classNames });

/** The trials of a cohort as its last checkpoint has them. */
export interface Trained {
  /** The epoch after which they stand so. */
  epoch: number;
  /** Absent in checkpoints of earlier versions. */
  inputs?: NetworkInputs;
  /** What the trial is evaluated with: its weights or their averages, and its buffers. */
  stateOf(trial: string): TrialState;
}

/** The trained trials of a cohort or, where they cannot be had, why. */
export async function trainedBy(
  store: Pick<Store, "cohort" | "readCheckpoint">,
  cohort: string,
): Promise<{ trained: Trained; reason: null } | { trained: null; reason: string }> {
  const state = await store.cohort(cohort);
  if (!state?.checkpoint) return { trained: null, reason: "no checkpoint of the training was kept" };
  const { checkpoint, reason } = await store.readCheckpoint(state.checkpoint);
  if (!checkpoint) return { trained: null, reason };
  const { tensors, metadata } = checkpoint;
  if (!metadata.order || !metadata.averaged)
    return {
      trained: null,
      reason: `${state.checkpoint.file} is of a version that did not say whose weights are where`,
    };
  const order = JSON.parse(metadata.order) as string[];
  const averaged = JSON.parse(metadata.averaged) as Averaged[];
  const of = tensors as Record<string, { shape: number[]; data: Float32Array }>;
  return {
    trained: {
      epoch: state.checkpoint.epoch,
      ...(metadata.inputs && { inputs: JSON.parse(metadata.inputs) as NetworkInputs }),
      stateOf: (trial) => trialState(of, order.indexOf(trial), averaged),
    },
    reason: null,
  };
}
