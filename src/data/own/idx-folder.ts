import { UserError } from "../../util/errors.ts";
import type { Examples } from "../dataset.ts";
import { parseIdx } from "../idx.ts";
import { type Disk, type Format, MOST_BYTES, type PartName, readWhole } from "./format.ts";

/** A folder of IDX files, as MNIST's and EMNIST's: `train-images-idx3-ubyte.gz`, `train-labels-idx1-ubyte.gz`, `t10k-…` or `test-…`. */
export const idxFolder: Format = {
  title: "IDX files, packed or not",
  options: [],
  fits: ({ entries }) => entries.some((entry) => NAME.test(entry.name)),
  read({ path, entries, disk }, _, problems) {
    const found = entries.flatMap((entry) => {
      const [, kind] = NAME.exec(entry.name) ?? [];
      if (!kind || entry.isFolder) {
        problems.add("strays", "is no IDX file, as others beside it", entry.path, "move it elsewhere");
        return [];
      }
      const part: PartName = /t10k|test/i.test(entry.name) ? "test" : "train";
      const file = problems.try("unreadable files", () =>
        parseIdx(unpacked(disk, entry.path), kind === "images" ? 3 : 1, entry.path),
      );
      return [{ part, kind, path: entry.path, file }];
    });
    const pair = (part: PartName): { shape: number[]; examples: Examples; path: string } | undefined => {
      const of = (kind: string) => {
        const [one, other] = found.filter((file) => file.part === part && file.kind === kind);
        if (other) problems.add("parts", `there are two files of ${part} ${kind}, ${one.path} too`, other.path);
        return one;
      };
      const images = of("images");
      const labels = of("labels");
      if (!images && !labels) return undefined;
      if (!images || !labels) {
        problems.add("parts", `there are no ${images ? "labels" : "images"} for it`, (images ?? labels).path);
        return undefined;
      }
      if (!images.file || !labels.file) return undefined;
      const [count, height, width] = images.file.sizes;
      if (count !== labels.file.values.length) {
        problems.add(
          "parts",
          `${labels.file.values.length} labels, expected ${count} as in ${images.path}`,
          labels.path,
        );
      }
      return {
        shape: [1, height, width],
        examples: { images: images.file.values, labels: labels.file.values },
        path: images.path,
      };
    };
    const train = pair("train");
    const test = pair("test");
    if (train && test && String(train.shape) !== String(test.shape)) {
      problems.add(
        "parts",
        `images of ${test.shape.slice(1).join(" x ")}, expected ${train.shape.slice(1).join(" x ")} as in ${train.path}`,
        test.path,
      );
    }
    if (!train && problems.none) problems.add("parts", "there is no training part", path);
    if (!train || !problems.none) return undefined;
    const most = [train, ...(test ? [test] : [])].reduce(
      (top, { examples }) => examples.labels.reduce((a, b) => Math.max(a, b), top),
      0,
    );
    return {
      shape: train.shape,
      classes: Array.from({ length: most + 1 }, (_, k) => String(k)),
      train: train.examples,
      test: test?.examples ?? null,
    };
  },
};

const NAME = /(images|labels)[.-]idx[13]-ubyte(?:\.gz)?$/i;

function unpacked(disk: Disk, path: string): Uint8Array {
  const bytes = readWhole(disk, path, "the file");
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return disk.gunzip(bytes, MOST_BYTES);
  } catch (error) {
    throw new UserError(`is damaged, or larger than can be read: ${(error as Error).message}`, path);
  }
}
