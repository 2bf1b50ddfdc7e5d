import { createHash } from "node:crypto";
import { join } from "node:path";
import { UserError } from "../util/errors.ts";
import { count } from "../util/format.ts";
import type { Dataset, DatasetSource, Examples, GeneratorOptions } from "./dataset.ts";
import { DownloadFailed, download } from "./download.ts";
import { cacheFolder, type DataOptions, type Location, locate } from "./locate.ts";
import { readMembers } from "./members.ts";

/** Finds a data set's files, downloads those that are missing, and decodes them. */
export async function load(source: DatasetSource, options: DataOptions & GeneratorOptions = {}): Promise<Dataset> {
  const { name, title, classes, shape } = source;
  const { files } = await fetchMissing(source, options);
  const { train, test } = await source.decode(readMembers(files), options);
  check(source, "training", train, source.trainCount);
  check(source, "test", test, source.testCount);
  return { name, title, classes, shape, train, test, version: source.version ?? contentVersion(train, test) };
}

/** Downloads the files that are neither in the data directory nor in the cache, into the cache. */
export async function fetchMissing(source: DatasetSource, options: DataOptions = {}): Promise<Location> {
  const location = locate(source, options);
  if (location.missing.length === 0) return location;
  if (options.offline) throw notHere(location, "downloading is switched off (offline)");
  const folder = cacheFolder(source, options);
  for (const file of location.missing) {
    try {
      await download(file, join(folder, file.name), options);
    } catch (error) {
      if (error instanceof DownloadFailed) throw notHere(locate(source, options), `tried ${error.causes.join("; ")}`);
      throw error;
    }
  }
  return locate(source, options);
}

function notHere({ source, missing, searched }: Location, tried: string): UserError {
  const names = missing.map(({ name }) => name).join(", ");
  return new UserError(
    [
      `data set ${source.name} needs ${missing.length === 1 ? "a file that is" : `${missing.length} files that are`} not here: ${names}`,
      `looked in ${searched.join(", ")}`,
      tried,
    ].join("\n"),
    undefined,
    `download elsewhere (${source.homepage}), put into <folder>/${source.folders[0]}/ and set LOSSLAB_DATA=<folder>; ` +
      "or use the embedded digits, which need no file: --set data.set=digits",
  );
}

function check({ name, classes, shape }: DatasetSource, split: string, set: Examples, expected: number): void {
  if (set.labels.length !== expected || set.images.length !== expected * shape.reduce((a, b) => a * b, 1)) {
    throw new UserError(`${name}: ${count(set.labels.length)} ${split} examples, expected ${count(expected)}`);
  }
  const stray = set.labels.findIndex((label) => label >= classes.length);
  if (stray >= 0) {
    throw new UserError(
      `${name}: ${split} image ${stray} has label ${set.labels[stray]}, expected 0 to ${classes.length - 1}`,
    );
  }
}

/** SHA-256 over training images, training labels, test images and test labels. */
function contentVersion(train: Examples, test: Examples): string {
  const hash = createHash("sha256");
  for (const part of [train.images, train.labels, test.images, test.labels])
    hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  return hash.digest("hex");
}
