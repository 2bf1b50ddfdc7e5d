import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { idx } from "../../../src/data/fixtures.ts";
import { readOwn } from "../../../src/data/own/disk.ts";
import { readFrom } from "../../../src/data/own/read.ts";
import { memoryDisk, type OpenedFile, setOf } from "./files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, bytes: Uint8Array | string): void => {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), bytes);
};
/** The files below a place, as a browser hands them over. */
const opened = (below: string): OpenedFile[] =>
  readdirSync(join(folder, below), { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return [];
    const whole = join(entry.parentPath, entry.name);
    return [{ path: whole.slice(folder.length + 1), file: new Blob([readFileSync(whole)]) }];
  });

async function reads(files: OpenedFile[], path: string) {
  const disk = await memoryDisk(files);
  const found = readFrom(disk, setOf(files.map((f) => f.path)));
  const expected = readOwn(join(folder, path));
  expect(found).toEqual(expected);
  return found;
}

describe("files that are opened in a page", () => {
  it("are read as from a disk, with the same identity: packed IDX files in a folder", async () => {
    const images = Uint8Array.from({ length: 6 * 9 }, (_, i) => (i * 7) % 256);
    put("shapes/train-images-idx3-ubyte.gz", gzipSync(idx([6, 3, 3], images)));
    put("shapes/train-labels-idx1-ubyte", idx([6], Uint8Array.of(0, 1, 0, 1, 0, 1)));
    expect((await reads(opened("shapes"), "shapes")).name).toBe("./shapes");
  });

  it("are read as from a disk: folders of pictures within folders", async () => {
    const fixtures = join(import.meta.dirname, "../../../src/data/own/fixtures");
    for (const name of ["train/a/1.png", "train/b/2.png", "test/a/3.png", "test/b/4.png"])
      put(`pictures/${name}`, readFileSync(join(fixtures, "fourgrey.png")));
    await reads(opened("pictures"), "pictures");
  });

  it("are read as from a disk: a table alone", async () => {
    put("own.csv", "x,y,label\n1,2,a\n2,1,b\n");
    const files = [{ path: "own.csv", file: new Blob([readFileSync(join(folder, "own.csv"))]) }];
    expect((await reads(files, "own.csv")).name).toBe("./own.csv");
  });

  it("that lie in no common folder get one", () => {
    expect(setOf(["a.npy", "b.npy"])).toBe("./files");
    expect(setOf(["a/x.png", "b/y.png"])).toBe("./files");
    expect(setOf(["a/x.png", "a/b/y.png"])).toBe("./a");
  });

  it("that are damaged are refused, by name", async () => {
    const packed = gzipSync(idx([2], Uint8Array.of(0, 1)));
    packed[packed.length - 6] ^= 1; // in the checksum
    await expect(memoryDisk([{ path: "y.gz", file: new Blob([packed]) }])).rejects.toThrow(
      expect.objectContaining({ name: "UserError", where: "./y.gz", message: expect.stringContaining("damaged") }),
    );
  });
});
