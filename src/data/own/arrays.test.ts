import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { UserError } from "../../util/errors.ts";
import { errorsOf } from "../../util/errors.ts";
import { idx, npy } from "../fixtures.ts";
import { readOwn } from "./disk.ts";
import { parseNpy } from "./npy.ts";

const fixture = (name: string): string => join(import.meta.dirname, "fixtures", name);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-arrays-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

const mistakes = (path: string): readonly UserError[] => {
  try {
    readOwn(path);
  } catch (error) {
    return errorsOf(error as UserError);
  }
  return [];
};
const messages = (path: string): string =>
  mistakes(path)
    .map((e) => `${e.where?.replace(folder, "")}: ${e.message}`)
    .join("\n");

describe("an .npy file", () => {
  it("comes back as it was written, whatever its type and shape", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(4), { maxLength: 4 }),
        fc.constantFrom(Uint8Array, Int32Array, Float32Array, Float64Array),
        fc.nat(100),
        (shape, Type, seed) => {
          const count = shape.reduce((a, b) => a * b, 1);
          const values = new Type(Array.from({ length: count }, (_, i) => (i * 31 + seed) % 200));
          const file = npy(shape, values);
          expect(parseNpy(file, "f")).toEqual({ shape, values, isBool: false });
          const shifted = Buffer.concat([Buffer.of(1), file]).subarray(1); // at an odd place in memory
          expect(parseNpy(shifted, "f").values).toEqual(values);
        },
      ),
    );
  });

  it("is read as NumPy wrote it: other byte order, header and integers of 64 bits", () => {
    const x = Float32Array.from({ length: 24 }, (_, i) => i);
    expect(parseNpy(readFileSync(fixture("big-endian.npy")), "f")).toEqual({
      shape: [4, 2, 3],
      values: x,
      isBool: false,
    });
    expect(parseNpy(readFileSync(fixture("version2.npy")), "f").values).toEqual(x);
    expect([...parseNpy(readFileSync(fixture("int64.npy")), "f").values]).toEqual([0, 1, 1, 0]);
  });

  const good = npy([2, 2], new Float32Array(4));
  it.each([
    ["no array", Buffer.from("PK\x03\x04"), "is no .npy file"],
    ["cut off in its header", good.subarray(0, 40), "ends within its header"],
    ["cut off", good.subarray(0, good.length - 4), "is cut off: 12 bytes of values, expected 2 x 2 of 4"],
    ["too long", Buffer.concat([good, good]), "has trailing bytes"],
    ["words", readFileSync(fixture("words.npy")), "holds U1, expected numbers"],
    ["in Fortran order", readFileSync(fixture("fortran.npy")), "is in Fortran order"],
    [
      "a giant claim",
      Buffer.from(Buffer.from(good).toString("latin1").replace("(2, 2)", "(9999999999, 9)"), "latin1"),
      "is cut off",
    ],
    ["a type without a colon", Buffer.from(Buffer.from(good).toString("latin1").replace("'descr':", "'descr';"), "latin1"), "has a header that cannot be read"], // biome-ignore format: one line
    ["integers that no number holds", npy([1], BigInt64Array.of(2n ** 60n)), "value 0 is 1152921504606846976"],
  ])("is refused: %s", (_, bytes, message) => {
    expect(() => parseNpy(bytes, "f.npy")).toThrow(
      expect.objectContaining({ name: "UserError", where: "f.npy", message: expect.stringContaining(message) }),
    );
  });
});

const x = (count: number): Uint8Array =>
  npy(
    [count, 2, 3],
    Uint8Array.from({ length: count * 6 }, (_, i) => i),
  );
const y = (...labels: number[]): Uint8Array => npy([labels.length], Int32Array.from(labels));

describe("NumPy arrays", () => {
  it("are read from what NumPy saves, packed or not", () => {
    const plain = readOwn(fixture("plain.npz"));
    expect(plain).toMatchObject({ name: "./plain.npz", shape: [1, 2, 3], classes: ["0", "1"] });
    expect([...plain.train.labels]).toEqual([0, 1, 1, 0]);
    expect(plain.train.images).toEqual(Float32Array.from({ length: 24 }, (_, i) => i));
    expect(readOwn(fixture("packed.npz")).version).toBe(plain.version);
  });

  it.each([
    ["Keras", ["x_train", "y_train", "x_test", "y_test"]],
    ["MedMNIST", ["train_images", "train_labels", "test_images", "test_labels"]],
  ])("go by the names of %s", (_, [trainX, trainY, testX, testY]) => {
    const files = {
      [`${trainX}.npy`]: x(3),
      [`${trainY}.npy`]: y(0, 1, 1),
      [`${testX}.npy`]: x(2),
      [`${testY}.npy`]: npy([2, 1], Uint8Array.of(1, 0)),
    };
    const { train, test } = readOwn(put("a.npz", zipSync(files)));
    expect([...train.labels, ...test.labels]).toEqual([0, 1, 1, 1, 0]);
    mkdirSync(join(folder, "b"));
    for (const [name, bytes] of Object.entries(files)) put(`b/${name}`, bytes);
    expect(readOwn(join(folder, "b")).version).toBe(readOwn(join(folder, "a.npz")).version);
  });

  it("may have the channels last or first, features alone, and a validation part that joins the training part", () => {
    const last = npy(
      [2, 2, 2, 3],
      Uint8Array.from({ length: 24 }, (_, i) => i),
    );
    // Image i, pixel p, channel c is 12 i + 3 p + c in both.
    const value = (i: number, c: number, p: number): number => 12 * i + 3 * p + c;
    const first = npy(
      [2, 3, 2, 2],
      Uint8Array.from([0, 1].flatMap((i) => [0, 1, 2].flatMap((c) => [0, 1, 2, 3].map((p) => value(i, c, p))))),
    );
    const a = readOwn(put("last.npz", zipSync({ "x.npy": last, "y.npy": y(0, 1) })));
    const b = readOwn(put("first.npz", zipSync({ "x.npy": first, "y.npy": y(0, 1) })));
    expect(a.shape).toEqual([3, 2, 2]);
    expect(a.version).toBe(b.version);
    const features = npy(
      [2, 5],
      Float64Array.from({ length: 10 }, (_, i) => i / 4),
    );
    const c = readOwn(
      put(
        "c.npz",
        zipSync({
          "train_x.npy": features,
          "train_y.npy": y(0, 1),
          "val_x.npy": features,
          "val_y.npy": y(1, 0),
          "test_x.npy": features,
          "test_y.npy": y(0, 1),
        }),
      ),
    );
    expect(c.shape).toEqual([5]);
    expect([...c.train.labels]).toEqual([0, 1, 1, 0]);
  });

  it.each([
    ["other names", { "pixels.npy": x(2), "y.npy": y(0, 1) }, 'there is no telling what the array "pixels" is'],
    ["no labels", { "x.npy": x(2) }, 'there are no labels for the array "x"'],
    ["another number of labels", { "x.npy": x(2), "y.npy": y(0, 1, 1) }, "3 labels for 2 examples in x"],
    ["labels below 0", { "x.npy": x(2), "y.npy": y(0, -1) }, "label 1 is -1, expected whole numbers from 0 to 255"],
    ["labels above 255", { "x.npy": x(2), "y.npy": y(0, 256) }, "label 1 is 256"],
    [
      "one-hot labels",
      { "x.npy": x(2), "y.npy": npy([2, 2], new Float32Array(4)) },
      "has the shape 2 x 2, expected one label for each example",
    ],
    ["a gap among the labels", { "x.npy": x(2), "y.npy": y(1, 2) }, 'class "0" has no training examples'],
    ["a single class", { "x.npy": x(2), "y.npy": y(0, 0) }, "there is a single class"],
    ["NaN", { "x.npy": npy([2, 2], Float32Array.of(0, 1, NaN, 3)), "y.npy": y(0, 1) }, "example 1 and value 0 is NaN"],
    [
      "what float32 does not hold",
      { "x.npy": npy([2, 1], Float64Array.of(0, 1e300)), "y.npy": y(0, 1) },
      "is 1e+300; expected numbers that float32 holds",
    ],
    [
      "axes that may be either",
      { "x.npy": npy([2, 3, 2, 3], new Uint8Array(36)), "y.npy": y(0, 1) },
      "both the second and the last axis",
    ],
    [
      "parts of other shapes",
      {
        "x_train.npy": x(2),
        "y_train.npy": y(0, 1),
        "x_test.npy": npy([2, 3, 3], new Uint8Array(18)),
        "y_test.npy": y(0, 1),
      },
      "examples of 1 x 3 x 3 in x_test, of 1 x 2 x 3 in x_train",
    ],
    [
      "a validation part alone",
      { "train_x.npy": x(2), "train_y.npy": y(0, 1), "val_x.npy": x(2), "val_y.npy": y(0, 1) },
      'there is a part "val" but no test part',
    ],
  ])("are refused: %s", (_, files, message) => {
    expect(messages(put("a.npz", zipSync(files as Record<string, Uint8Array>)))).toContain(message);
  });

  it("that are no archive, or a single array, say so", () => {
    expect(messages(put("a.npz", Buffer.from("not a zip")))).toContain("is no .npz file, or damaged");
    expect(messages(put("x.npy", x(2)))).toContain("is a single array; its labels are elsewhere");
  });

  it("are not unpacked when the archive claims more than is read", () => {
    const honest = Buffer.from(zipSync({ "x.npy": x(2), "y.npy": y(0, 1) }));
    const directory = honest.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    honest.writeUInt32LE(4_000_000_000, directory + 24); // the size of the first member, unpacked
    expect(messages(put("bomb.npz", honest))).toContain("would take 4.0 GB; at most 2.0 GB are read");
  });
});

describe("IDX files", () => {
  it("come back as they were written, packed or not, with or without a test part", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        (count, side, packed) => {
          rmSync(folder, { recursive: true });
          mkdirSync(folder);
          const images = Uint8Array.from({ length: count * side * side }, (_, i) => (i * 7) % 256);
          const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
          const write = (name: string, bytes: Buffer) =>
            put(packed ? `${name}.gz` : name, packed ? gzipSync(bytes) : bytes);
          write("emnist-train-images-idx3-ubyte", idx([count, side, side], images));
          write("emnist-train-labels-idx1-ubyte", idx([count], labels));
          const alone = readOwn(folder);
          expect(alone).toMatchObject({ shape: [1, side, side], train: { images, labels }, classes: ["0", "1"] });
          expect(alone.test.labels).toHaveLength(0);
          write("t10k-images.idx3-ubyte", idx([count, side, side], images));
          write("t10k-labels.idx1-ubyte", idx([count], labels));
          expect(readOwn(folder).test.labels).toEqual(labels);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("tell what is wrong with each of them at once", () => {
    put("train-images-idx3-ubyte", idx([3, 2, 2], [1, 2, 3]));
    put("train-labels-idx1-ubyte.gz", Buffer.from([0x1f, 0x8b, 1, 2, 3]));
    put("test-images-idx3-ubyte", idx([1, 2, 2], [1, 2, 3, 4]));
    put("readme.txt", Buffer.from("x"));
    const found = messages(folder);
    expect(found).toContain("/train-images-idx3-ubyte: IDX file is truncated: 3 values, expected 3 x 2 x 2 = 12");
    expect(found).toContain("/train-labels-idx1-ubyte.gz: is damaged");
    expect(found).toContain("/test-images-idx3-ubyte: there are no labels for it");
    expect(found).toContain("/readme.txt: is no IDX file, as others beside it");
  });

  it("of labels from 1 say that classes are numbered from 0", () => {
    put("train-images-idx3-ubyte", idx([2, 1, 1], [1, 2]));
    put("train-labels-idx1-ubyte", idx([2], [1, 2]));
    expect(mistakes(folder)).toEqual([
      expect.objectContaining({
        message: 'class "0" has no training examples',
        hint: "classes are numbered from 0, without gaps",
      }),
    ]);
  });
});
