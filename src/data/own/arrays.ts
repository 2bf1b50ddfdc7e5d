import { type UnzipFileInfo, unzipSync } from "fflate";
import { UserError } from "../../util/errors.ts";
import { listed } from "../../util/format.ts";
import type { Examples } from "../dataset.ts";
import {
  checkSize,
  type Format,
  joined,
  type PartName,
  type Place,
  partOf,
  readWhole,
  refuseLoneValidation,
} from "./format.ts";
import { type NpyArray, parseNpy } from "./npy.ts";
import type { Problems } from "./problems.ts";

/**
 * NumPy arrays of examples and of labels: an .npz file, or a folder of .npy files. Their names say what they are: `x` and `y`;
 * `x_train`, `y_train`, `x_test`, `y_test` (Keras); `train_images`, `train_labels`, … (MedMNIST).
 */
export const arrays: Format = {
  title: "NumPy arrays (.npz, or a folder of .npy files)",
  options: [],
  fits: ({ path, isFolder, entries }) =>
    isFolder ? entries.some((entry) => /\.npy$/i.test(entry.name)) : /\.np[yz]$/i.test(path),
  read(place, _, problems) {
    const found = filesOf(place, problems).flatMap(({ name, where, bytes }) => {
      const role = roleOf(name);
      if (!role) {
        problems.add("names", `there is no telling what the array "${name}" is`, where, `expected ${EXPECTED}`);
        return [];
      }
      const array = problems.try("unreadable arrays", () => parseNpy(bytes, where));
      return array ? [{ ...role, name, where, array }] : [];
    });
    if (found.length === 0) {
      if (problems.none) problems.add("names", "there are no arrays", place.path, `expected ${EXPECTED}`);
      return undefined;
    }
    refuseLoneValidation(
      found.map(({ said }) => said),
      place.path,
      problems,
    );
    const pairs = [...new Set(found.map(({ said }) => said))].flatMap((said) => {
      const [images, labels] = (["images", "labels"] as const).map((kind) => {
        const [one, other] = found.filter((array) => array.said === said && array.kind === kind);
        if (other) problems.add("names", `there are two arrays of ${kind}: ${one.name} and ${other.name}`, place.path);
        return one;
      });
      if (!images || !labels) {
        const [there] = [images, labels].filter(Boolean);
        problems.add(
          "names",
          `there are no ${images ? "labels" : "examples"} for the array "${there.name}"`,
          there.where,
          `expected ${EXPECTED}`,
        );
        return [];
      }
      const layout = problems.try("shapes", () => layoutOf(images.array.shape, images.where));
      const classes = problems.try("labels", () => labelsOf(labels.array, labels.where));
      if (!layout || !classes) return [];
      if (layout.count !== classes.length) {
        problems.add("shapes", `${classes.length} labels for ${layout.count} examples in ${images.name}`, labels.where);
        return [];
      }
      return [{ part: partOf(said) ?? ("train" as PartName), layout, classes, ...images }];
    });
    const [first] = pairs;
    if (!first) return undefined;
    for (const { layout, where, name } of pairs) {
      if (String(layout.shape) !== String(first.layout.shape)) {
        problems.add(
          "shapes",
          `examples of ${layout.shape.join(" x ")} in ${name}, of ${first.layout.shape.join(" x ")} in ${first.name}`,
          where,
        );
      }
    }
    // Bytes stay bytes if they are bytes everywhere.
    const bytes = pairs.every(({ array }) => array.values instanceof Uint8Array && !array.isBool);
    const parts = pairs.flatMap(({ part, layout, classes, array, where }) => {
      const images = problems.try("values", () => imagesOf(array, layout, bytes, where));
      return images ? [{ part, images, labels: classes }] : [];
    });
    if (!problems.none) return undefined;
    const of = (name: PartName): Examples[] => parts.filter(({ part }) => part === name);
    const most = Math.max(
      ...parts.flatMap(({ labels }) => (labels.length > 0 ? [labels.reduce((a, b) => Math.max(a, b))] : [])),
    );
    return {
      shape: first.layout.shape,
      classes: Array.from({ length: most + 1 }, (_, k) => String(k)),
      train: of("train").length > 0 ? joined(of("train")) : { images: new Uint8Array(0), labels: new Uint8Array(0) },
      test: of("test").length > 0 ? joined(of("test")) : null,
    };
  },
};

const EXPECTED = "x and y, or x_train, y_train, x_test and y_test, or train_images, train_labels, …";

const IMAGES = ["x", "images", "data", "features"];
const LABELS = ["y", "labels", "label", "targets", "target"];

/** What an array's name says: `x_train` holds the images of the part said as "train", `x` those of a part that is not said. */
function roleOf(name: string): { kind: "images" | "labels"; said: string } | undefined {
  const words = name.toLowerCase().split("_");
  const part = words.find((word) => partOf(word) !== undefined);
  const [word, ...more] = words.filter((w) => w !== part);
  if (more.length > 0 || word === undefined) return undefined;
  const kind = IMAGES.includes(word) ? "images" : LABELS.includes(word) ? "labels" : undefined;
  return kind && { kind, said: part ?? "" };
}

interface NamedFile {
  name: string;
  where: string;
  bytes: Uint8Array;
}

/** The .npy files of a folder or of a zip archive. */
function filesOf({ path, isFolder, entries, disk }: Place, problems: Problems): NamedFile[] {
  const base = (name: string): string => name.replace(/\.npy$/i, "");
  if (isFolder) {
    return entries.flatMap((entry) => {
      if (entry.isFolder || !/\.npy$/i.test(entry.name)) {
        problems.add("strays", "is no .npy file, as others beside it", entry.path, "move it elsewhere");
        return [];
      }
      const bytes = problems.try("size", () => readWhole(disk, entry.path, "the array"));
      return bytes ? [{ name: base(entry.name), where: entry.path, bytes }] : [];
    });
  }
  if (!/z$/i.test(path)) {
    problems.add(
      "names",
      "is a single array; its labels are elsewhere",
      path,
      "name the folder that holds x.npy and y.npy",
    );
    return [];
  }
  let total = 0;
  const within = ({ originalSize }: UnzipFileInfo): boolean => {
    total += originalSize;
    checkSize(total, "the arrays", path);
    return true;
  };
  const unpacked = problems.try("unreadable arrays", () => {
    try {
      return unzipSync(readWhole(disk, path, "the arrays"), { filter: within });
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(`is no .npz file, or damaged: ${(error as Error).message}`, path);
    }
  });
  return Object.entries(unpacked ?? {}).map(([name, bytes]) => ({
    name: base(name),
    where: `${path} (${name})`,
    bytes,
  }));
}

interface Layout {
  count: number;
  shape: number[];
  /** Whether the channels stand last in the array. */
  channelsLast: boolean;
}

const isChannels = (n: number): boolean => n === 1 || n === 3;

/** What the axes of an array of examples are. */
function layoutOf([count, ...axes]: readonly number[], where: string): Layout {
  const [a, b, c] = axes;
  if (axes.length === 1) return { count, shape: [a], channelsLast: false };
  if (axes.length === 2) return { count, shape: [1, a, b], channelsLast: false };
  if (axes.length === 3 && isChannels(c) !== isChannels(a)) {
    return isChannels(c)
      ? { count, shape: [c, a, b], channelsLast: true }
      : { count, shape: [a, b, c], channelsLast: false };
  }
  const found = [count, ...axes].filter((n) => n !== undefined).join(" x ");
  throw new UserError(
    axes.length === 3
      ? `has the shape ${found}: ${isChannels(c) ? "both the second and the last axis" : "neither the second nor the last axis"} may be the 1 or 3 channels`
      : `has the shape ${found || "of a single number"}`,
    where,
    "expected [N, height, width], [N, height, width, channels], [N, channels, height, width] or [N, features]",
  );
}

/** Labels as bytes. */
function labelsOf({ shape, values }: NpyArray, where: string): Uint8Array {
  const [, ...more] = shape;
  if (shape.length === 0 || more.some((n) => n !== 1)) {
    const oneHot = shape.length === 2 ? "numpy.argmax(y, axis=1) makes labels of one-hot rows" : undefined;
    throw new UserError(
      `has the shape ${shape.join(" x ") || "of a single number"}, expected one label for each example`,
      where,
      oneHot,
    );
  }
  const wrong = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value > 255);
  if (wrong >= 0) {
    throw new UserError(
      `label ${wrong} is ${values[wrong]}, expected whole numbers from 0 to 255`,
      where,
      "classes are numbered from 0",
    );
  }
  return Uint8Array.from(values);
}

/** Values of examples, channels first: bytes as they are, other numbers as float32. */
function imagesOf(
  { values }: NpyArray,
  { count, shape, channelsLast }: Layout,
  bytes: boolean,
  where: string,
): Examples["images"] {
  const size = shape.reduce((a, b) => a * b, 1);
  checkSize(values.length * (bytes ? 1 : 4), `${count} examples of ${shape.join(" x ")}`, where);
  const images = bytes ? Uint8Array.from(values) : Float32Array.from(values);
  // What is infinite only as float32 is too large for it.
  const wrong = images.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    const place = listed([`example ${Math.floor(wrong / size)}`, `value ${wrong % size}`]);
    throw new UserError(`${place} is ${values[wrong]}; expected numbers that float32 holds`, where);
  }
  if (!channelsLast) return images;
  const [channels, height, width] = shape;
  const plane = height * width;
  const turned = images.slice();
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < plane; p++) turned[i * size + c * plane + p] = images[i * size + p * channels + c];
    }
  }
  return turned;
}
