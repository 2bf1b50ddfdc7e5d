import { type Stats, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, isAbsolute, join, resolve } from "node:path";
import type { DataFile, DatasetSource } from "./dataset.ts";

/** How far a download has come. */
export interface DownloadProgress {
  file: string;
  receivedBytes: number;
  totalBytes: number;
  /** The address it comes from. */
  mirror: string;
}

export interface DataOptions {
  /** The user's own folder of data sets (the environment's LOSSLAB_DATA); never written to. */
  dataDir?: string;
  /** Where downloads are kept; default `~/.cache/losslab/data`, or below XDG_CACHE_HOME. */
  cacheDir?: string;
  /** Never download. */
  offline?: boolean;
  onProgress?: (progress: DownloadProgress) => void;
  signal?: AbortSignal;
}

/** A file of a data set and where it was found. */
export interface LocatedFile {
  file: DataFile;
  /** The packed file, or all its members unpacked, in the order of `file.members`; empty when missing. */
  paths: readonly string[];
  /** Whether `paths` are the members of an archive, unpacked. */
  unpacked: boolean;
}

export interface Location {
  source: DatasetSource;
  files: readonly LocatedFile[];
  /** The files that were not found. */
  missing: readonly DataFile[];
  /** Every folder looked into, in order. */
  searched: readonly string[];
}

export function defaultCacheDir(): string {
  const base = process.env.XDG_CACHE_HOME;
  return join(base && isAbsolute(base) ? base : join(homedir(), ".cache"), "losslab", "data");
}

/** The folder in the cache into which a set's files are downloaded. */
export const cacheFolder = (source: DatasetSource, options: DataOptions): string =>
  join(resolve(options.cacheDir ?? defaultCacheDir()), source.folders[0]);

/** Looks for a set's files in the data directory, then in the cache. Each file is taken from the first place that has it. */
export function locate(source: DatasetSource, options: DataOptions = {}): Location {
  const bases = [options.dataDir, options.cacheDir ?? defaultCacheDir()].filter((base) => base !== undefined);
  const places = source.files.length === 0 ? [] : bases.flatMap((base) => placesIn(resolve(base), source));
  const files = source.files.map((file) => locateFile(file, places, source.distinctNames));
  return {
    source,
    files,
    missing: files.filter(({ paths }) => paths.length === 0).map(({ file }) => file),
    searched: places.map(({ folder }) => folder),
  };
}

/** A folder to look into, and whether its name says that it holds this set. */
interface Place {
  folder: string;
  named: boolean;
}

function placesIn(base: string, { folders }: DatasetSource): Place[] {
  const named = folders.map((folder) => join(base, folder));
  const isNamed = folders.some((folder) => folder.toLowerCase() === basename(base).toLowerCase());
  return isNamed
    ? [base, ...named].map((folder) => ({ folder, named: true }))
    : [...named.map((folder) => ({ folder, named: true })), { folder: base, named: false }];
}

function locateFile(file: DataFile, places: readonly Place[], distinctNames: boolean): LocatedFile {
  for (const { folder, named } of places) {
    for (const name of packedNames(file)) {
      const path = join(folder, name);
      const found = fileStats(path);
      // Several sets have files of the same names: outside a folder named after the set, only the official size tells them.
      if (found && (named || distinctNames || found.size === file.bytes))
        return { file, paths: [path], unpacked: false };
    }
    if (!named || file.members.length === 1) continue;
    for (const within of ["", file.unpacksTo ?? ""]) {
      const paths = file.members.map(({ name }) => join(folder, within, name));
      if (paths.every(fileStats)) return { file, paths, unpacked: true };
    }
  }
  return { file, paths: [], unpacked: false };
}

/** The names under which a file is accepted: as published, unzipped, or either with another name for its only member. */
function packedNames({ name, members }: DataFile): string[] {
  const names = [name, name.replace(/\.gz$/, "")];
  const aliases = members.length === 1 ? (members[0].aliases ?? []) : [];
  return [...names, ...aliases.flatMap((alias) => [`${alias}.gz`, alias])];
}

function fileStats(path: string): Stats | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats : undefined;
}
