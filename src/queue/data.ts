/** The data of a job on the machine that does it: found where this machine has them, and the same to the last bit, or refused. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { Dataset } from "../data/dataset.ts";
import { isOwnPath } from "../data/own/path.ts";
import { type DataOptions, loader, pathFrom } from "../lab/datasets.ts";
import { type PreparedData, preparer } from "../lab/prepare.ts";
import type { Trial } from "../run/records.ts";
import type { DataSpec } from "../study/spec.ts";
import { UserError } from "../util/errors.ts";

/** Data that a worker must have and has not. */
export class WrongData extends UserError {}

export type FindData = (spec: DataSpec, trial: Trial) => Promise<PreparedData>;

/**
 * Finds data. What was found is kept for the next jobs.
 * @param options `dataDir` holds real data, and data of one's own as they lie beside the study, or by their last name
 */
export function dataFinder(options: DataOptions): FindData {
  const folder = options.dataDir ?? process.env.LOSSLAB_DATA ?? ".";
  const load = loader(folder, options);
  const loading = new Map<string, Promise<Dataset>>();
  const found = new Map<string, Dataset>();
  const prepare = preparer((spec) => found.get(JSON.stringify(spec))!);
  return async (spec, { data, seed }) => {
    const key = JSON.stringify(spec);
    // Jobs that begin at once load them once.
    const reading = loading.get(key) ?? load({ ...spec, set: placeOf(spec.set, folder) }).catch(refuse(spec));
    loading.set(key, reading);
    const dataset = await reading;
    const { version } = data as { version: string };
    if (dataset.version !== version) {
      throw new WrongData(
        `data ${spec.set} are others here than those that the study was planned with: their hash is ${dataset.version.slice(0, 16)}, not ${version.slice(0, 16)}`,
        folder,
        "bring the same files here, or plan the study with these",
      );
    }
    found.set(key, dataset);
    return prepare(spec, seed);
  };
}

/** Data of one's own lie in the folder as they lay beside the study; what has no such place is looked for by its last name. */
function placeOf(set: string, folder: string): string {
  if (!isOwnPath(set) || existsSync(pathFrom(folder, set))) return set;
  return `./${basename(set)}`;
}

const refuse =
  ({ set }: DataSpec) =>
  (error: unknown): never => {
    if (!(error instanceof UserError)) throw error;
    throw new WrongData(`data ${set} are not here: ${error.message}`, error.where, error.hint);
  };
