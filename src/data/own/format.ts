/** What a format of own data is. One file per format beside this one. */
import { UserError } from "../../util/errors.ts";
import { bytes } from "../../util/format.ts";
import type { Examples } from "../dataset.ts";
import type { Problems } from "./problems.ts";

/** What a study may say of its own data beside their path. */
export interface OwnOptions {
  /** The column of the classes. */
  label?: string;
  /** Columns that are no features. */
  ignore?: string | readonly string[];
  /** Side of the square, or height and width, to which pictures are scaled. */
  resize?: number | readonly [height: number, width: number];
}

/** Data as they were read; what every format must hold is checked afterwards. */
export interface OwnData {
  /** [channels, height, width] or [features] */
  shape: readonly number[];
  /** In the order of their labels. */
  classes: readonly string[];
  train: Examples;
  /** null where there is no test part. */
  test: Examples | null;
}

export interface Format {
  /** What it is called in messages. */
  title: string;
  /** The options that mean something to it. */
  options: readonly (keyof OwnOptions)[];
  /** Whether a place looks like this format, by names alone. */
  fits(place: Place): boolean;
  /** Reads what is there; undefined when something is wrong, which `problems` then say. */
  read(place: Place, options: OwnOptions, problems: Problems): OwnData | undefined;
}

/** Where own data lie: a machine's disk, or files that were handed to a page. */
export interface Disk {
  /** undefined where there is nothing. */
  stats(path: string): { isFolder: boolean; bytes: number } | undefined;
  /** Names in a folder. */
  list(folder: string): string[];
  read(file: string): Uint8Array;
  /** Unpacks gzip; throws where it is damaged, or more than `most` bytes come of it. */
  gunzip(packed: Uint8Array, most: number): Uint8Array;
  /** SHA-256 (hex) of the parts, one after the other. */
  sha256(parts: readonly Uint8Array[]): string;
}

/** A file, or a folder with what lies in it. */
export interface Place {
  path: string;
  isFolder: boolean;
  /** In the order of their names, by code points; names that begin with a dot are no data. */
  entries: readonly { name: string; path: string; isFolder: boolean }[];
  /** Where it is. */
  disk: Disk;
}

const within = (folder: string, name: string): string => `${folder.replace(/[\\/]$/, "")}/${name}`;

export function placeAt(disk: Disk, path: string): Place {
  const stats = disk.stats(path);
  if (!stats) throw new UserError("there is no such file or folder", path);
  if (!stats.isFolder) return { path, isFolder: false, entries: [], disk };
  const entries = disk
    .list(path)
    .filter((name) => !name.startsWith("."))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => ({
      name,
      path: within(path, name),
      isFolder: disk.stats(within(path, name))?.isFolder ?? false,
    }));
  return { path, isFolder: true, entries, disk };
}

/** A file's bytes, if they are not too many. */
export function readWhole(disk: Disk, path: string, what: string): Uint8Array {
  checkSize(disk.stats(path)?.bytes ?? 0, what, path);
  return disk.read(path);
}

/** How people call the parts of a data set. Examples set aside for validation join the training part: a study carves its own. */
const PARTS = {
  train: "train",
  training: "train",
  val: "train",
  valid: "train",
  validation: "train",
  test: "test",
} as const;
export type PartName = (typeof PARTS)[keyof typeof PARTS];

export function partOf(name: string): PartName | undefined {
  const word = name.toLowerCase();
  return Object.hasOwn(PARTS, word) ? PARTS[word as keyof typeof PARTS] : undefined; // a class may be called "constructor"
}

/** A validation part without a test part could be either. */
export function refuseLoneValidation(names: readonly string[], where: string, problems: Problems): void {
  const parts = names.map(partOf);
  const lone = names.find((name) => /^val/i.test(name));
  if (lone === undefined || parts.includes("test")) return;
  problems.add(
    "parts",
    `there is a part "${lone}" but no test part`,
    within(where, lone),
    'call it "test" if it is what is tested on; a study carves its own validation split',
  );
}

/** Decoded, data take so much memory at most. */
export const MOST_BYTES = 2e9;

/** Refuses, before memory is taken, what is larger than a laboratory's machine should hold. */
export function checkSize(wanted: number, what: string, where: string, hint?: string): void {
  if (wanted > MOST_BYTES)
    throw new UserError(`${what} would take ${bytes(wanted)}; at most ${bytes(MOST_BYTES)} are read`, where, hint);
}

const WHOLE = /^(0|[1-9]\d*)$/;

/** Names of classes in the order of their labels: as numbers where all are whole numbers, else by code points. */
export function inOrder(names: Iterable<string>): string[] {
  const all = [...new Set(names)];
  return all.every((name) => WHOLE.test(name))
    ? all.sort((a, b) => Number(a) - Number(b))
    : all.sort((a, b) => (a < b ? -1 : 1));
}

/** Parts that belong together, one after the other. */
export function joined(parts: readonly Examples[]): Examples {
  if (parts.length === 1) return parts[0];
  const length = (of: (part: Examples) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const images = parts.every(({ images }) => images instanceof Uint8Array)
    ? new Uint8Array(length((p) => p.images.length))
    : new Float32Array(length((p) => p.images.length));
  const labels = new Uint8Array(length((p) => p.labels.length));
  let image = 0;
  let label = 0;
  for (const part of parts) {
    images.set(part.images, image);
    labels.set(part.labels, label);
    image += part.images.length;
    label += part.labels.length;
  }
  return { images, labels };
}

/** `./flowers`: how trials name own data, wherever they lie. */
export const nameOf = (path: string): string => `./${path.split(/[\\/]/).findLast(Boolean)}`;
