import { describe, expect, it } from "vitest";
import { idx, membersOf } from "./fixtures.ts";
import { decodeIdx, parseIdx } from "./idx.ts";

describe("parseIdx", () => {
  it("reads back what was written, at any place in a buffer", () => {
    const bytes = idx([2, 1, 3], [1, 2, 3, 250, 251, 255]);
    const shifted = Buffer.concat([Buffer.from([9]), bytes]).subarray(1);
    for (const file of [bytes, shifted]) {
      const { sizes, values } = parseIdx(file, 3, "f");
      expect(sizes).toEqual([2, 1, 3]);
      expect([...values]).toEqual([1, 2, 3, 250, 251, 255]);
    }
  });

  it.each([
    ["empty", Buffer.alloc(0), "IDX file ends within its magic number, after 0 bytes"],
    ["no IDX", Buffer.from("<!DOCTYPE html>"), "magic number 0x3c21444f, expected 0x00000803 (unsigned bytes, 3 axes)"],
    ["labels for images", idx([2], [0, 1]), "magic number 0x00000801, expected 0x00000803"],
    ["short header", idx([2, 1, 3], []).subarray(0, 10), "ends within its header: 10 bytes, expected 16 or more"],
    ["truncated", idx([2, 1, 3], [1, 2, 3]), "is truncated: 3 values, expected 2 x 1 x 3 = 6"],
    ["trailing", idx([1, 1, 3], [1, 2, 3, 4]), "has trailing bytes: 4 values, expected 1 x 1 x 3 = 3"],
  ])("refuses a file that is %s", (_, bytes, message) => {
    expect(() => parseIdx(bytes, 3, "train-images")).toThrow(
      expect.objectContaining({ name: "UserError", where: "train-images", message: expect.stringContaining(message) }),
    );
  });

  it("suspects exchanged files", () => {
    expect(() => parseIdx(idx([1, 1, 1], [7]), 1, "labels")).toThrow(
      expect.objectContaining({ hint: "images and labels seem to be exchanged" }),
    );
  });
});

describe("decodeIdx", () => {
  const good = {
    "t10k-labels-idx1-ubyte": idx([1], [4]),
    "train-images-idx3-ubyte": idx([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]),
    "train-labels-idx1-ubyte": idx([2], [3, 0]),
    "t10k-images-idx3-ubyte": idx([1, 2, 2], [9, 9, 9, 8]),
  };

  it("puts the four files together, in whatever order they come", async () => {
    const { train, test } = await decodeIdx(membersOf(good), [1, 2, 2]);
    expect([...train.images, ...train.labels]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 3, 0]);
    expect([...test.images, ...test.labels]).toEqual([9, 9, 9, 8, 4]);
  });

  it("refuses images of another size", async () => {
    await expect(decodeIdx(membersOf(good), [1, 28, 28])).rejects.toThrow("images of 2 x 2 pixels, expected 28 x 28");
  });

  it("refuses labels that do not match the images", async () => {
    const files = { ...good, "train-labels-idx1-ubyte": idx([3], [3, 0, 1]) };
    await expect(decodeIdx(membersOf(files), [1, 2, 2])).rejects.toThrow(
      "3 labels, expected 2 as in train-images-idx3-ubyte",
    );
  });
});
