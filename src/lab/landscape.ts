/** Loss landscapes of trained trials:   trial → its data, read again → examples → slice. */
import { datasets } from "../data/index.ts";
import { isOwnPath } from "../data/own/path.ts";
import { subset } from "../data/split.ts";
import type { Backend } from "../run/backend.ts";
import type { TrialState } from "../run/evaluator.ts";
import { type Landscape, landscape, type Slice } from "../run/landscape.ts";
import { memberOf } from "../run/members.ts";
import type { SplitName } from "../run/observations.ts";
import type { Trial } from "../run/records.ts";
import type { DataSpec } from "../study/spec.ts";
import { UserError } from "../util/errors.ts";
import type { Zoo } from "../zoo/index.ts";
import { type DataOptions, loader } from "./datasets.ts";
import { type PreparedData, preparer } from "./prepare.ts";

/** Where a trial's data are found again, and what of them is measured. */
export interface SliceData extends DataOptions {
  /** Path of data of one's own, whose place trials do not know. */
  own?: string;
  split: SplitName;
  /** At most so many examples, equally from all classes. */
  examples: number | "all";
}

/** @returns the data that a trial was trained on */
export function dataAgain({
  own,
  ...options
}: DataOptions & { own?: string }): (trial: Trial) => Promise<PreparedData> {
  const load = loader(".", options);
  const path = own && (isOwnPath(own) ? own : `./${own}`);
  return async ({ id, data, seed }) => {
    const { version, ...spec } = data as DataSpec & { version: string };
    const where = `trial ${id}`;
    const isOwn = !Object.hasOwn(datasets, spec.set);
    if (isOwn && !path) {
      throw new UserError(
        `was trained on data of your own, ${spec.set}, and trials do not keep where these lie`,
        where,
        `for example --own ${spec.set}`,
      );
    }
    const dataset = await load(isOwn ? { ...spec, set: path! } : spec);
    if (dataset.version !== version) {
      throw new UserError(
        `was trained on other data than ${isOwn ? own : spec.set}: they have changed since`,
        where,
        "the data of then, or a new training",
      );
    }
    return preparer(() => dataset)(spec, seed);
  };
}

/** The examples of a split that are measured: the same for all trials on the same data. */
function chosen({ training }: PreparedData, { split, examples }: SliceData, seed: number): Uint32Array {
  const all = training[split];
  if (all.length === 0)
    throw new UserError(
      `there is no ${split} split`,
      undefined,
      "the study has to keep one: data: { validation: 0.1 }",
    );
  return examples === "all" ? all : subset(all, training.labels, examples, seed);
}

/** @param found weights of a trained trial, and its data */
export async function trialLandscape(
  trial: Trial,
  found: { state: TrialState; data: PreparedData },
  slice: Slice & SliceData,
  { zoo, backend, onProgress }: { zoo: Zoo; backend: Backend; onProgress?: (done: number) => void },
): Promise<Landscape & { examples: number }> {
  const { state, data } = found;
  const examples = chosen(data, slice, slice.seed);
  const around = { facts: data.cohort, training: data.training };
  const [loss] = Object.keys(trial.loss);
  if (!Object.hasOwn(zoo.losses, loss)) {
    throw new UserError(`its loss "${loss}" is code of your own`, `trial ${trial.id}`, "name its file: --code FILE");
  }
  const member = memberOf(trial, zoo);
  const measured = await landscape({ member, state }, around, examples, slice, backend, onProgress && { onProgress });
  return { ...measured, examples: examples.length };
}
