import { describe, expect, it } from "vitest";
import { type CifarLayout, decodeCifar } from "./cifar.ts";
import { membersOf } from "./fixtures.ts";

const PIXELS = 3072;
const layout: CifarLayout = { labelBytes: 2, label: 1, train: { "a.bin": 2, "b.bin": 1 }, test: { "t.bin": 1 } };

/** A record with the pixels seed, seed + 1, … */
const record = (labels: number[], seed: number): number[] => [
  ...labels,
  ...Array.from({ length: PIXELS }, (_, j) => (seed + j) % 256),
];

describe("decodeCifar", () => {
  const files = {
    "t.bin": Uint8Array.from(record([1, 40], 4)),
    "b.bin": Uint8Array.from(record([1, 30], 3)),
    "a.bin": Uint8Array.from([...record([0, 10], 1), ...record([0, 20], 2)]),
  };

  it("keeps the official order, whatever the order in the archive, and takes the wanted label", async () => {
    const { train, test } = await decodeCifar(membersOf(files), layout);
    expect([...train.labels, ...test.labels]).toEqual([10, 20, 30, 40]);
    expect([0, 1, 2].map((i) => train.images[i * PIXELS])).toEqual([1, 2, 3]);
    expect([...test.images]).toEqual(record([], 4));
    expect(train.images).toHaveLength(3 * PIXELS);
  });

  it.each([
    ["is truncated", files["a.bin"].subarray(1), "6147 bytes, expected 2 records of 3074 = 6148"],
    ["has trailing bytes", Uint8Array.from([...files["a.bin"], 0]), "6149 bytes, expected 2 records of 3074 = 6148"],
  ])("refuses a file that %s", async (what, bytes, counts) => {
    await expect(decodeCifar(membersOf({ ...files, "a.bin": bytes }), layout)).rejects.toThrow(
      expect.objectContaining({ name: "UserError", where: "a.bin", message: `CIFAR file ${what}: ${counts}` }),
    );
  });
});
