/** A trained trial, as the formats need it: what it is, its weights, and what its network is fed. */
import { version } from "../../package.json";
import { type NetworkInputs, trainedBy } from "../lab/trained.ts";
import type { TrialState } from "../run/evaluator.ts";
import type { Trial } from "../run/records.ts";
import type { Store, StoredTrial } from "../store/store.ts";
import { UserError } from "../util/errors.ts";
import { choose } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import { type BuiltModel, buildModel } from "../zoo/models/model.ts";

export interface TrainedTrial {
  trial: Trial;
  epoch: number;
  /** Weights, or their averages where the trial is evaluated by these, and buffers. */
  state: TrialState;
  inputs: NetworkInputs;
}

/**
 * Reads a trial's last checkpoint.
 * @throws UserError when the trial did not train to its end, or nothing fit to be read was kept
 */
export async function trainedTrial(
  store: Pick<Store, "cohort" | "readCheckpoint">,
  { trial, status, reason, cohort }: StoredTrial,
): Promise<TrainedTrial> {
  const where = `trial ${trial.id}`;
  if (status !== "done" || cohort === null) {
    throw new UserError(`is ${status}${reason ? ` (${reason})` : ""}; only a trained trial has weights`, where);
  }
  const { trained, reason: why } = await trainedBy(store, cohort);
  if (!trained) throw new UserError(`its weights cannot be had: ${why}`, where);
  const { epoch, inputs, stateOf } = trained;
  if (!inputs) {
    throw new UserError(
      "was trained by an earlier version, which did not keep what the network is fed",
      where,
      "train it in another store: losslab run STUDY --store NEW",
    );
  }
  return { trial, epoch, state: stateOf(trial.id), inputs };
}

/** The trial's network, for inputs of the shape that it was trained on. */
export function networkOf({ trial, inputs }: Pick<TrainedTrial, "trial" | "inputs">): BuiltModel {
  const { entry, params } = choose("model", zoo.models, trial.model);
  return buildModel(entry, params, inputs.shape, inputs.classNames.length);
}

/** What a model's file says of itself: where it comes from, what goes in, what comes out. Values are texts or JSON. */
export function identity({ trial: { id, ...configuration }, epoch, inputs }: TrainedTrial): Record<string, string> {
  const { classNames, shape, pixels, scale, offset } = inputs;
  return {
    "losslab.version": version,
    "losslab.trial": id,
    "losslab.configuration": JSON.stringify(configuration),
    "losslab.epoch": String(epoch),
    classes: JSON.stringify(classNames),
    preprocessing: JSON.stringify({ shape, stored: pixels, scale, offset }),
  };
}
