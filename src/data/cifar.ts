import { UserError } from "../util/errors.ts";
import type { ImageSet, MemberContents } from "./dataset.ts";

const PIXELS = 3 * 32 * 32;

/** Where the label stands in a record, and which files hold how many records, in order. */
export interface CifarLayout {
  /** Label bytes before the pixels: CIFAR-10 has one, CIFAR-100 two (coarse, fine). */
  labelBytes: number;
  /** Which of them is the label. */
  label: number;
  train: Readonly<Record<string, number>>;
  test: Readonly<Record<string, number>>;
}

/**
 * Decodes CIFAR's binary version. A record is the label bytes followed by 3072 pixels: the red, green and blue planes of 32 x 32,
 * row by row, which is already channels first. Format: https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version".
 */
export async function decodeCifar(
  members: AsyncIterable<MemberContents>,
  layout: CifarLayout,
): Promise<{ train: ImageSet; test: ImageSet }> {
  const train = room(layout.train);
  const test = room(layout.test);
  for await (const { name, contents, where } of members) {
    const part = train.parts.get(name) ?? test.parts.get(name);
    if (!part) throw new Error(`decodeCifar does not know the member ${name}`);
    readRecords(contents, part, layout, where);
  }
  return { train: train.set, test: test.set };
}

/** A stretch of an image set that one file fills. */
type Part = ImageSet & { count: number };

/** Space for all records of a split, and the part of it that each file fills. */
function room(counts: Readonly<Record<string, number>>): { set: ImageSet; parts: Map<string, Part> } {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const set = { images: new Uint8Array(total * PIXELS), labels: new Uint8Array(total) };
  const parts = new Map<string, Part>();
  let first = 0;
  for (const [name, count] of Object.entries(counts)) {
    const images = set.images.subarray(first * PIXELS, (first + count) * PIXELS);
    parts.set(name, { images, labels: set.labels.subarray(first, first + count), count });
    first += count;
  }
  return { set, parts };
}

function readRecords(bytes: Uint8Array, part: Part, { labelBytes, label }: CifarLayout, where: string): void {
  const record = labelBytes + PIXELS;
  if (bytes.length !== part.count * record) {
    const what = bytes.length < part.count * record ? "is truncated" : "has trailing bytes";
    throw new UserError(
      `CIFAR file ${what}: ${bytes.length} bytes, expected ${part.count} records of ${record} = ${part.count * record}`,
      where,
    );
  }
  for (let i = 0; i < part.count; i++) {
    part.labels[i] = bytes[i * record + label];
    part.images.set(bytes.subarray(i * record + labelBytes, (i + 1) * record), i * PIXELS);
  }
}
