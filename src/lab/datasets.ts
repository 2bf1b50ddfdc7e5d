/** The data sets that a study names, each read once: published ones by name, one's own by path. */
import { homedir } from "node:os";
import { resolve } from "node:path";
import type { Dataset, GeneratorOptions } from "../data/dataset.ts";
import { type DownloadProgress, loadDataset } from "../data/index.ts";
import { readOwn } from "../data/own/disk.ts";
import type { OwnOptions } from "../data/own/format.ts";
import { isOwnPath } from "../data/own/path.ts";
import { readSetting } from "./setting.ts";

export type DataChoice = { set: string } & OwnOptions & GeneratorOptions;

export interface DataOptions {
  /** Folder of real data; by default LOSSLAB_DATA. */
  dataDir?: string;
  onDownload?: (progress: DownloadProgress) => void;
}

/** `~/data` as shells have it: a path may come from a file. */
export const pathFrom = (folder: string, path: string): string => resolve(folder, path.replace(/^~(?=\/)/, homedir()));

/**
 * Reads data sets.
 * @param folder from which paths count
 */
export function loader(folder: string, { dataDir = process.env.LOSSLAB_DATA, onDownload }: DataOptions) {
  const known = new Map<string, Dataset>();
  return async ({ set, label, ignore, resize, spread }: DataChoice): Promise<Dataset> => {
    const key = JSON.stringify([set, label, ignore, resize, spread]);
    const before = known.get(key);
    if (before) return before;
    const dataset = isOwnPath(set)
      ? readOwn(pathFrom(folder, set), { label, ignore, resize })
      : await loadDataset(set, {
          ...(dataDir && { dataDir }),
          ...(onDownload && { onProgress: onDownload }),
          ...(spread !== undefined && { spread }),
        });
    known.set(key, dataset);
    return dataset;
  };
}

/** The paths of own data among what a study says at `data`, replaced. */
function mapPaths(said: unknown, replace: (path: string) => string): unknown {
  if (typeof said === "string") return isOwnPath(said) ? replace(said) : said;
  if (Array.isArray(said)) return said.map((value) => mapPaths(value, replace));
  if (said === null || typeof said !== "object" || !("set" in said)) return said;
  return { ...said, set: mapPaths(said.set, replace) };
}

/** A setting with the paths in it made absolute: they count from where it was typed, not from the study's file. */
export function settingFromHere(setting: string): string {
  const read = readSetting(setting, /data(?:\[\d+\])?(?:\.set(?:\[\d+\])?)?/);
  return read ? `${read.place}=${JSON.stringify(mapPaths(read.said, (path) => pathFrom(".", path)))}` : setting;
}
