/** Data of one's own: found out what they are, read, checked. */
import { UserError } from "../../util/errors.ts";
import { listed } from "../../util/format.ts";
import type { Dataset, Examples } from "../dataset.ts";
import { arrays } from "./arrays.ts";
import { type Disk, type Format, nameOf, type OwnData, type OwnOptions, type Place, placeAt } from "./format.ts";
import { idxFolder } from "./idx-folder.ts";
import { pictures } from "./pictures.ts";
import { Problems } from "./problems.ts";
import { table } from "./table.ts";

/** One line per format; nothing else needs to know of it. */
const formats: readonly Format[] = [idxFolder, arrays, table, pictures];

/** Labels are bytes. */
const MOST_CLASSES = 256;

/** The format of a place. */
function formatOf(place: Place): Format {
  const fitting = formats.filter((format) => format.fits(place));
  if (fitting.length === 1) return fitting[0];
  const titles = formats.map((format) => format.title).join("; ");
  if (fitting.length > 1) {
    throw new UserError(`may be ${listed(fitting.map((f) => f.title))}; expected one of them alone`, place.path);
  }
  const what = place.isFolder
    ? place.entries.length === 0
      ? "is an empty folder"
      : "holds nothing that can be read"
    : "is no file that can be read";
  throw new UserError(what, place.path, `expected ${titles}`);
}

/**
 * Reads data of one's own.
 * @param path a file or a folder
 * @throws UserErrors with everything that is wrong
 */
export function readFrom(disk: Disk, path: string, options: OwnOptions = {}): Dataset & { format: string } {
  const place = placeAt(disk, path);
  const format = formatOf(place);
  const problems = new Problems();
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !format.options.includes(name as keyof OwnOptions)) {
      problems.add("options", `${name} means nothing to ${format.title}`, path);
    }
  }
  const data = format.read(place, options, problems);
  if (data) check(data, path, problems);
  problems.throwIfAny();
  const { shape, classes, train, test } = data!;
  const name = nameOf(path);
  const none = { images: train.images.slice(0, 0), labels: new Uint8Array(0) };
  return {
    name,
    title: name,
    classes,
    shape,
    train,
    test: test ?? none,
    version: contentVersion(disk, data!),
    format: format.title,
  };
}

/** What data of every format must hold. */
function check({ shape, classes, train, test }: OwnData, path: string, problems: Problems): void {
  if (shape.some((size) => size === 0)) {
    problems.add("shapes", `examples of ${shape.join(" x ")} hold no values`, path);
    return;
  }
  const counts = ({ labels }: Examples): number[] => {
    const found = new Array<number>(Math.max(classes.length, 256)).fill(0);
    for (const label of labels) found[label]++;
    return found;
  };
  if (classes.length > MOST_CLASSES) {
    problems.add("classes", `there are ${classes.length} classes; at most ${MOST_CLASSES} can be told apart`, path);
    return;
  }
  if (classes.length < 2)
    problems.add(
      "classes",
      `there is ${classes.length === 1 ? `a single class, "${classes[0]}"` : "no class"}; expected two or more`,
      path,
    );
  for (const [part, examples] of [
    ["training", train],
    ["test", test],
  ] as const) {
    if (!examples) continue;
    if (examples.labels.length === 0) {
      problems.add("empty", `there are no ${part} examples`, path);
      continue;
    }
    const found = counts(examples);
    for (const [k, name] of classes.entries()) {
      if (found[k] === 0) {
        const numbered = name === String(k) ? "classes are numbered from 0, without gaps" : undefined;
        problems.add("empty classes", `class "${name}" has no ${part} examples`, path, numbered);
      }
    }
  }
}

/** SHA-256 over shape, kind of values, values and labels; names of classes and files change nothing that is trained. */
function contentVersion(disk: Disk, { shape, train, test }: OwnData): string {
  const facts = [shape, train.images.constructor.name, train.labels.length, test?.labels.length ?? null];
  const parts = (test ? [train, test] : [train]).flatMap(({ images, labels }) => [
    new Uint8Array(images.buffer, images.byteOffset, images.byteLength),
    labels,
  ]);
  return disk.sha256([new TextEncoder().encode(JSON.stringify(facts)), ...parts]);
}
