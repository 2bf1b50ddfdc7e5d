import { UserError } from "../../util/errors.ts";
import { count, listed, plural } from "../../util/format.ts";
import type { Examples } from "../dataset.ts";
import {
  checkSize,
  type Disk,
  type Format,
  inOrder,
  type OwnData,
  type OwnOptions,
  type PartName,
  type Place,
  partOf,
  placeAt,
  refuseLoneValidation,
} from "./format.ts";
import { PictureError, type PictureHeader } from "./picture.ts";
import type { Problems } from "./problems.ts";
import { readHeader, readPicture } from "./read-picture.ts";
import { resize } from "./resize.ts";

/** A folder of pictures for each class: `rose/1.png`, `tulip/2.jpg`; or `train/` and `test/` with such folders. */
export const pictures: Format = {
  title: "a folder of pictures for each class",
  options: ["resize"],
  fits: ({ entries }) => entries.some((entry) => entry.isFolder),
  read(place, options, problems) {
    const files = filesOf(place, problems);
    const headers = headersOf(place.disk, files, problems);
    const size = sizeOf(headers, place.path, options.resize, problems);
    if (!size) return undefined;
    const channels = Math.max(...[...headers.values()].map((header) => header.channels));
    const shape = [channels, ...size];
    const values = shape.reduce((a, b) => a * b, 1);
    const fits = problems.try("size", () => {
      checkSize(
        files.length * values,
        `${plural(files.length, "picture")} of ${shape.join(" x ")}`,
        place.path,
        "resize: makes them smaller",
      );
      return true;
    });
    if (!fits) return undefined;

    const classes = inOrder(files.map((file) => file.className));
    const part = (name: PartName): Examples => {
      const own = files.filter((file) => file.part === name);
      const images = new Uint8Array(own.length * values);
      own.forEach(({ path }, i) => {
        if (!headers.has(path)) return; // unreadable, as has been said
        const planes = problems.try("unreadable pictures", () => decoded(place.disk, path, size, channels));
        if (planes) images.set(planes, i * values);
      });
      return { images, labels: Uint8Array.from(own, (file) => classes.indexOf(file.className)) };
    };
    const hasTest = files.some((file) => file.part === "test");
    return { shape, classes, train: part("train"), test: hasTest ? part("test") : null } satisfies OwnData;
  },
};

interface PictureFile {
  path: string;
  part: PartName;
  className: string;
}

/** All picture files, by part, class and name. */
function filesOf(place: Place, problems: Problems): PictureFile[] {
  const folders = (where: Place, of: string): Place["entries"] =>
    where.entries.filter((entry) => {
      if (!entry.isFolder)
        problems.add("strays", `is no folder; expected ${of} alone`, entry.path, "move it elsewhere");
      return entry.isFolder;
    });
  const within = ({ path }: { path: string }, part: PartName): PictureFile[] =>
    folders(placeAt(place.disk, path), "a folder for each class").flatMap(({ name: className, path }) => {
      const files = placeAt(place.disk, path).entries.filter((entry) => {
        if (entry.isFolder) problems.add("strays", "is a folder within a class; expected pictures alone", entry.path);
        return !entry.isFolder;
      });
      if (files.length === 0) problems.add("empty classes", `class "${className}" has no pictures`, path);
      return files.map((file) => ({ path: file.path, part, className }));
    });

  const names = place.entries.filter((entry) => entry.isFolder).map((entry) => entry.name);
  if (!names.some((name) => partOf(name) !== undefined)) return within(place, "train");
  refuseLoneValidation(names, place.path, problems);
  return folders(place, "the parts train and test").flatMap((entry) => {
    const part = partOf(entry.name);
    if (part) return within(entry, part);
    problems.add(
      "parts",
      `is neither a training nor a test part, as ${listed(names.filter(partOf))} beside it`,
      entry.path,
    );
    return [];
  });
}

function headersOf(disk: Disk, files: readonly PictureFile[], problems: Problems): Map<string, PictureHeader> {
  const headers = new Map<string, PictureHeader>();
  for (const { path } of files) {
    const header = problems.try("unreadable pictures", () => located(disk, path, readHeader));
    if (header) headers.set(path, header);
  }
  return headers;
}

/** The size that all pictures have or are to have. */
function sizeOf(
  headers: ReadonlyMap<string, PictureHeader>,
  where: string,
  wanted: OwnOptions["resize"],
  problems: Problems,
): readonly [height: number, width: number] | undefined {
  if (wanted !== undefined) return typeof wanted === "number" ? [wanted, wanted] : wanted;
  const sizes = new Map<string, { size: [number, number]; paths: string[] }>();
  for (const [path, { height, width }] of headers) {
    const known = sizes.get(`${height} x ${width}`) ?? { size: [height, width], paths: [] };
    known.paths.push(path);
    sizes.set(`${height} x ${width}`, known);
  }
  const all = [...sizes].sort(([, a], [, b]) => b.paths.length - a.paths.length);
  if (all.length > 1) {
    const shown = all.slice(0, 10).map(([size, { paths }]) => `${size} (${count(paths.length)}, ${paths[0]})`);
    if (all.length > shown.length) shown.push(`${all.length - shown.length} more`);
    const side = Math.min(...all[0][1].size);
    problems.add(
      "sizes",
      `pictures of ${all.length} sizes, height x width: ${listed(shown)}`,
      where,
      `resize: ${side} scales all to ${side} x ${side}`,
    );
  }
  return all[0]?.[1].size;
}

/** What a reader finds wrong with a file, with the file's name. */
function located<T>(disk: Disk, path: string, read: (bytes: Uint8Array) => T): T {
  try {
    return read(disk.read(path));
  } catch (error) {
    const { message } = error as Error;
    throw new UserError(error instanceof PictureError ? message : `cannot be read: ${message}`, path);
  }
}

/** The planes of a picture in the given size; a grey one among colour pictures has three equal planes. */
function decoded(disk: Disk, path: string, size: readonly [number, number], channels: number): Uint8Array {
  const { height, width, channels: own, planes } = located(disk, path, readPicture);
  const plane = height * width;
  const scaled = Array.from({ length: own }, (_, c) => {
    const one = planes.subarray(c * plane, (c + 1) * plane);
    return height === size[0] && width === size[1] ? one : resize(one, [height, width], size);
  });
  const result = new Uint8Array(channels * size[0] * size[1]);
  for (let c = 0; c < channels; c++) result.set(scaled[Math.min(c, own - 1)], c * size[0] * size[1]);
  return result;
}
