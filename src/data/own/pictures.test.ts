import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { encode } from "fast-png";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import type { UserErrors } from "../../util/errors.ts";
import { readOwn } from "./disk.ts";
import { readHeader, readPicture } from "./read-picture.ts";
import { resize } from "./resize.ts";

const fixture = (name: string): string => join(import.meta.dirname, "fixtures", name);
const file = (name: string): Uint8Array => readFileSync(fixture(name));
/** What another program (ImageMagick 6) reads in the same files: interleaved, base64. */
const pixels = JSON.parse(readFileSync(fixture("pixels.json"), "utf8")) as Record<string, string>;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-pictures-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, bytes: Uint8Array): string {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}
const png = (height: number, width: number, values: (i: number) => number, channels = 1): Uint8Array =>
  encode({
    width,
    height,
    channels,
    depth: 8,
    data: Uint8Array.from({ length: height * width * channels }, (_, i) => values(i)),
  });

/** Every mistake of the folder, as message and place. */
function mistakes(path: string, options = {}): { message: string; where?: string; hint?: string }[] {
  try {
    readOwn(path, options);
  } catch (error) {
    return (error as UserErrors).errors.map(({ message, where, hint }) => ({
      message,
      where: where?.replace(folder, ""),
      hint,
    }));
  }
  return [];
}
const messages = (path: string, options = {}): string[] =>
  mistakes(path, options).map((m) => `${m.where}: ${m.message}`);

describe("a picture", () => {
  it.each(Object.keys(pixels))("in %s is what another program reads in it", (name) => {
    const { width, height, channels, planes } = readPicture(file(name));
    expect([height, width]).toEqual([8, 12]);
    const expected = Buffer.from(pixels[name], "base64");
    expect(expected).toHaveLength(96 * channels);
    // Decoders of JPEG may round differently.
    const most = /jpg$/.test(name) ? 3 : 0;
    planes.forEach((value, i) => {
      expect(Math.abs(value - expected[(i % 96) * channels + Math.floor(i / 96)])).toBeLessThanOrEqual(most);
    });
  });

  it("written as a PNG comes back, grey or in colour", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(1, 3),
        fc.nat(255),
        (height, width, channels, seed) => {
          const value = (i: number): number => (i * 37 + seed) % 256;
          const { planes, ...size } = readPicture(png(height, width, value, channels));
          expect(size).toEqual({ height, width, channels });
          planes.forEach((v, i) => {
            const at = (i % (height * width)) * channels + Math.floor(i / (height * width));
            expect(v).toBe(value(at));
          });
        },
      ),
    );
  });

  const changed = (bytes: Uint8Array, at: number, ...values: number[]): Uint8Array => {
    const copy = Uint8Array.from(bytes);
    copy.set(values, at);
    return copy;
  };
  const grey = png(4, 4, (i) => i);

  it.each([
    ["no picture", Buffer.from("GIF89a"), "is neither a PNG nor a JPEG"],
    ["empty", new Uint8Array(0), "is empty"],
    ["a PNG cut off", grey.subarray(0, grey.length - 20), "is cut off"],
    ["a PNG cut off in its header", grey.subarray(0, 20), "ends within its header"],
    [
      "a PNG with a claim of size",
      changed(grey, 16, 0x7f, 0xff, 0xff, 0xff),
      "2147483647 pixels large; at most 50 million",
    ],
    ["a PNG with another height", changed(grey, 23, 3), "holds more pixels than its header says"],
    ["a PNG with a larger height", changed(grey, 23, 5), "holds fewer pixels than its header says"],
    ["a PNG with a changed byte", changed(grey, 44, grey[44] ^ 255), "is damaged"],
    ["a PNG of 16 bits", file("deep.png"), "has 16 bits a sample, expected 8 or fewer"],
    ["a transparent PNG", file("transparent.png"), "has transparent pixels"],
    ["a JPEG for print", file("cmyk.jpg"), "has 4 components, expected grey or colour"],
    ["a JPEG cut off", file("colour.jpg").subarray(0, 300), "is cut off"],
    ["a JPEG cut off in its header", file("colour.jpg").subarray(0, 60), "has no frame header"],
  ])("is refused: %s", (_, bytes, message) => {
    expect(() => readPicture(bytes)).toThrow(message);
  });

  it("that inflates beyond its header is not inflated", () => {
    // 64 MB of zeros packed into the pixels of a 4 x 4 picture, with checksums left as they were: sizes are looked at first.
    const bomb = deflateSync(Buffer.alloc(64e6));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bomb.length);
    const at = Buffer.from(grey).indexOf("IDAT");
    const end = Buffer.from(grey).indexOf("IEND");
    const bytes = Buffer.concat([
      grey.subarray(0, at - 4),
      length,
      Buffer.from("IDAT"),
      bomb,
      Buffer.alloc(4),
      grey.subarray(end - 4),
    ]);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => readPicture(bytes)).toThrow("holds more pixels than its header says");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10e6);
  });

  it("is never taken wrong for its damage: every change of a byte gives a picture of the same size or an error", () => {
    for (const name of ["colour.png", "colour.jpg"]) {
      fc.assert(
        fc.property(fc.nat(300), fc.integer({ min: 0, max: 255 }), (at, value) => {
          const bytes = changed(file(name), at % file(name).length, value);
          let header: ReturnType<typeof readHeader>;
          try {
            header = readHeader(bytes);
            if (header.width * header.height > 1000) return;
            const { planes } = readPicture(bytes);
            expect(planes).toHaveLength(header.width * header.height * header.channels);
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
          }
        }),
        { numRuns: 300 },
      );
    }
  });
});

describe("resize", () => {
  it("keeps a plane of one value, and one of the same size as it is", () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })),
        fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })),
        fc.nat(255),
        (from, to, value) => {
          const flat = new Uint8Array(from[0] * from[1]).fill(value);
          expect(resize(flat, from, to)).toEqual(new Uint8Array(to[0] * to[1]).fill(value));
          const plane = flat.map((_, i) => (i * 83 + value) % 256);
          expect(resize(plane, from, from)).toEqual(plane);
          // A mean never leaves the range of what it is a mean of, and mirrors its mirror image, but for ties of rounding.
          for (const v of resize(plane, from, to))
            expect(v >= Math.min(...plane) && v <= Math.max(...plane)).toBe(true);
          const mirrored = resize(plane.toReversed(), from, to).toReversed();
          resize(plane, from, to).forEach((v, i) => {
            expect(Math.abs(v - mirrored[i])).toBeLessThanOrEqual(1);
          });
        },
      ),
    );
  });

  it("averages when reducing and interpolates when enlarging", () => {
    expect([...resize(Uint8Array.of(0, 100), [1, 2], [1, 1])]).toEqual([50]);
    expect([...resize(Uint8Array.of(0, 100), [1, 2], [1, 4])]).toEqual([0, 25, 75, 100]);
  });
});

describe("a folder of pictures", () => {
  it("gives classes by their folders, examples by their names, and all that is known of them", () => {
    put(
      "b/2.png",
      png(2, 3, () => 2),
    );
    put(
      "b/1.png",
      png(2, 3, () => 1),
    );
    put(
      "a/1.png",
      png(2, 3, () => 7),
    );
    put(".DS_Store", Buffer.from("x"));
    const { name, shape, classes, train, test } = readOwn(folder);
    expect(name).toBe(`./${folder.split("/").at(-1)}`);
    expect(shape).toEqual([1, 2, 3]);
    expect(classes).toEqual(["a", "b"]);
    expect([...train.labels]).toEqual([0, 1, 1]);
    expect([...train.images]).toEqual([7, 1, 2].flatMap((v) => Array(6).fill(v)));
    expect(test.labels).toHaveLength(0);
  });

  it("may have parts, numbers as classes, JPEGs, and grey pictures among coloured ones", () => {
    for (const part of ["train", "test", "val"]) {
      put(
        `${part}/10/x.png`,
        png(8, 12, () => 9),
      );
      copyFileSync(fixture("colour.jpg"), put(`${part}/9/y.jpg`, Buffer.of()));
    }
    const { shape, classes, train, test } = readOwn(folder);
    expect(shape).toEqual([3, 8, 12]);
    expect(classes).toEqual(["9", "10"]);
    expect([...train.labels]).toEqual([1, 0, 1, 0]); // validation joins the training part
    expect([...test.labels].sort()).toEqual([0, 1]);
    expect([...train.images.subarray(0, 288)]).toEqual(Array(288).fill(9));
  });

  it("has a version by its contents, not by the names of files and classes", () => {
    put(
      "a/1.png",
      png(2, 2, (i) => i),
    );
    put(
      "b/1.png",
      png(2, 2, (i) => 9 * i),
    );
    const { version } = readOwn(folder);
    put(
      "copy/x/1.png",
      png(2, 2, (i) => i),
    );
    put(
      "copy/y/other.png",
      png(2, 2, (i) => 9 * i),
    );
    expect(readOwn(join(folder, "copy")).version).toBe(version);
    put(
      "copy/y/other.png",
      png(2, 2, (i) => 8 * i),
    );
    expect(readOwn(join(folder, "copy")).version).not.toBe(version);
  });

  it("is scaled where that is asked for, and else must have one size", () => {
    put(
      "a/1.png",
      png(4, 4, () => 5),
    );
    put(
      "a/2.png",
      png(4, 4, () => 5),
    );
    put(
      "b/1.png",
      png(6, 8, () => 5),
    );
    expect(readOwn(folder, { resize: 2 }).shape).toEqual([1, 2, 2]);
    expect(readOwn(folder, { resize: [3, 5] }).shape).toEqual([1, 3, 5]);
    const [mistake] = mistakes(folder);
    expect(mistake.message).toMatch(
      /^pictures of 2 sizes, height x width: 4 x 4 \(2, .*a\/1.png\) and 6 x 8 \(1, .*b\/1.png\)$/,
    );
    expect(mistake.hint).toContain("resize: 4");
  });

  it("tells all that is wrong at once", () => {
    put(
      "a/1.png",
      png(4, 4, () => 5),
    );
    put("a/notes.txt", Buffer.from("these are mine"));
    put("a/cut.png", png(4, 4, (i) => i).subarray(0, 60));
    put(
      "a/more/1.png",
      png(4, 4, () => 5),
    );
    put(
      "b/1.png",
      png(5, 5, () => 5),
    );
    put("read.me", Buffer.from("x"));
    mkdirSync(join(folder, "c"));
    const found = messages(folder);
    expect(found).toContain("/a/notes.txt: is neither a PNG nor a JPEG");
    expect(found).toContain("/a/cut.png: is cut off");
    expect(found).toContain("/a/more: is a folder within a class; expected pictures alone");
    expect(found).toContain("/read.me: is no folder; expected a folder for each class alone");
    expect(found).toContain('/c: class "c" has no pictures');
    expect(found.join()).toContain("pictures of 2 sizes");
  });

  it("counts what there is too much of", () => {
    for (let i = 0; i < 25; i++) put(`a/${i}.png`, Buffer.from("no"));
    put(
      "b/1.png",
      png(2, 2, () => 1),
    );
    expect(
      mistakes(folder)
        .map((m) => m.message)
        .at(10),
    ).toBe("… and 15 more: unreadable pictures");
  });

  it.each([
    ["a single class", ["only/1.png"], 'there is a single class, "only"; expected two or more'],
    [
      "a class that is not trained",
      ["train/a/1.png", "train/b/1.png", "test/a/1.png", "test/b/1.png", "test/c/1.png"],
      'class "c" has no training examples',
    ],
    [
      "a class that is not tested",
      ["train/a/1.png", "train/b/1.png", "test/a/1.png"],
      'class "b" has no test examples',
    ],
    [
      "a validation part alone",
      ["train/a/1.png", "train/b/1.png", "val/a/1.png"],
      'there is a part "val" but no test part',
    ],
    [
      "a folder beside the parts",
      ["train/a/1.png", "train/b/1.png", "extra/a/1.png"],
      "is neither a training nor a test part",
    ],
  ])("is refused: %s", (_, files, message) => {
    for (const name of files)
      put(
        name,
        png(2, 2, () => 1),
      );
    expect(messages(folder).join("\n")).toContain(message);
  });
});

test("what is no data at all is told with what could be", () => {
  expect(() => readOwn(join(folder, "nowhere"))).toThrow("there is no such file or folder");
  expect(() => readOwn(folder)).toThrow("is an empty folder");
  put("notes.txt", Buffer.from("x"));
  expect(() => readOwn(folder)).toThrow("holds nothing that can be read");
  expect(() => readOwn(join(folder, "notes.txt"))).toThrow("is no file that can be read");
});
