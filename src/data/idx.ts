import { UserError } from "../util/errors.ts";
import type { DataFile, ImageSet, MemberContents } from "./dataset.ts";

/**
 * Reads an IDX file of unsigned bytes: the magic number 0x0000 08 <rank>, the sizes of the axes as 32-bit big-endian integers,
 * then the values. Format: http://yann.lecun.com/exdb/mnist/ (kept at https://github.com/cvdfoundation/mnist).
 * @param where the file's name, for error messages
 */
export function parseIdx(bytes: Uint8Array, rank: number, where: string): { sizes: number[]; values: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = 4 + 4 * rank;
  if (bytes.length < 4)
    throw new UserError(`IDX file ends within its magic number, after ${bytes.length} bytes`, where);
  const magic = view.getUint32(0);
  const expected = 0x0800 + rank;
  if (magic !== expected) {
    throw new UserError(
      `not the expected IDX file: magic number ${hex(magic)}, expected ${hex(expected)} (unsigned bytes, ${axes(rank)})`,
      where,
      magic === 0x0801 || magic === 0x0803 ? "images and labels seem to be exchanged" : undefined,
    );
  }
  if (bytes.length < header) {
    throw new UserError(`IDX file ends within its header: ${bytes.length} bytes, expected ${header} or more`, where);
  }
  const sizes = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const count = sizes.reduce((product, size) => product * size, 1);
  const found = bytes.length - header;
  if (found !== count) {
    const what = found < count ? "is truncated" : "has trailing bytes";
    throw new UserError(`IDX file ${what}: ${found} values, expected ${sizes.join(" x ")} = ${count}`, where);
  }
  return { sizes, values: new Uint8Array(bytes.subarray(header)) }; // a copy, and no Buffer, whose slices are views
}

const hex = (magic: number): string => `0x${magic.toString(16).padStart(8, "0")}`;
const axes = (rank: number): string => (rank === 1 ? "1 axis" : `${rank} axes`);

const NAMES = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
];

/** What tells one of the four files: its packed size, the MD5 of the packed file, the SHA-1 of the contents where known. */
type Check = readonly [bytes: number, md5: string, sha1?: string];

/** The four `.gz` files of a set in MNIST's format: training images, training labels, test images, test labels. */
export function idxFiles(mirrors: readonly string[], checks: readonly [Check, Check, Check, Check]): DataFile[] {
  const sizes = [16 + 60_000 * 784, 8 + 60_000, 16 + 10_000 * 784, 8 + 10_000];
  return NAMES.map((name, k) => ({
    name: `${name}.gz`,
    bytes: checks[k][0],
    md5: checks[k][1],
    mirrors: mirrors.map((mirror) => `${mirror}${name}.gz`),
    members: [{ name, aliases: [name.replace("-idx", ".idx")], bytes: sizes[k], sha1: checks[k][2] }],
  }));
}

/** Decodes the four files of a set in MNIST's format. */
export async function decodeIdx(
  members: AsyncIterable<MemberContents>,
  [, height, width]: readonly [number, number, number],
): Promise<{ train: ImageSet; test: ImageSet }> {
  const found = new Map<string, { values: Uint8Array; where: string }>();
  for await (const { name, contents, where } of members) {
    const { sizes, values } = parseIdx(contents, name.includes("images") ? 3 : 1, where);
    if (sizes.length === 3 && (sizes[1] !== height || sizes[2] !== width)) {
      throw new UserError(`images of ${sizes[1]} x ${sizes[2]} pixels, expected ${height} x ${width}`, where);
    }
    found.set(name, { values, where });
  }
  const [trainImages, trainLabels, testImages, testLabels] = NAMES.map((name) => found.get(name));
  const pair = (images: typeof trainImages, labels: typeof trainLabels): ImageSet => {
    if (!images || !labels) throw new Error("decodeIdx was not given all four files");
    const count = images.values.length / (height * width);
    if (count !== labels.values.length) {
      throw new UserError(`${labels.values.length} labels, expected ${count} as in ${images.where}`, labels.where);
    }
    return { images: images.values, labels: labels.values };
  };
  return { train: pair(trainImages, trainLabels), test: pair(testImages, testLabels) };
}
