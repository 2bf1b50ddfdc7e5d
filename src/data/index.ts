import { UserError } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";
import type { Dataset, DatasetSource, GeneratorOptions } from "./dataset.ts";
import * as sources from "./datasets/index.ts";
import { fetchMissing, load } from "./load.ts";
import { type DataOptions, type Location, locate } from "./locate.ts";
import { type FileVerdict, verify } from "./verify.ts";

export type { DataFile, DataMember, Dataset, DatasetSource, ImageSet } from "./dataset.ts";
export { type DataOptions, type DownloadProgress, defaultCacheDir, type LocatedFile, type Location } from "./locate.ts";
export { type Preprocessing, preprocessing, preprocessingKinds, type Scaling } from "./preprocess.ts";
export { carveValidation, subset } from "./split.ts";
export type { FileVerdict } from "./verify.ts";

/** All data sets by their canonical names. */
export const datasets: Readonly<Record<string, DatasetSource>> = Object.fromEntries(
  Object.values(sources).map((source) => [source.name, source]),
);

/** The data set of a name; a mistyped one is answered with the nearest that exists. */
export function datasetSource(name: string): DatasetSource {
  if (Object.hasOwn(datasets, name)) return datasets[name];
  throw new UserError(`unknown data set "${name}"`, undefined, suggest(name, Object.keys(datasets)));
}

/** Reads a data set from the data directory or the cache; downloads what neither has. */
export const loadDataset = async (name: string, options?: DataOptions & GeneratorOptions): Promise<Dataset> =>
  load(datasetSource(name), options);

/** Where a data set's files are, and which are missing. Touches no network. */
export const locateDataset = (name: string, options?: DataOptions): Location => locate(datasetSource(name), options);

/** Downloads the missing files of a data set into the cache. */
export const fetchDataset = async (name: string, options?: DataOptions): Promise<Location> =>
  fetchMissing(datasetSource(name), options);

/** Compares a data set's files with their official checksums, one verdict per file. */
export const verifyDataset = async (name: string, options?: DataOptions): Promise<FileVerdict[]> =>
  verify(datasetSource(name), options);
