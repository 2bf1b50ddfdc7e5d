import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { generateDigits, SIDE } from "./index.ts";

const PIXELS = SIDE * SIDE;
const image = (images: Uint8Array, i: number): Uint8Array => images.subarray(i * PIXELS, (i + 1) * PIXELS);

describe("digits", () => {
  const { train, test } = generateDigits({ seed: 3, train: 1000, test: 200 });

  it("draws the same pixels on every machine and in every engine", () => {
    // A change here means new contents: raise DIGITS_VERSION, draw docs/pictures/digits.png and measure the
    // difficulty given in docs/data.md again.
    const set = generateDigits({ train: 100, test: 20 });
    const all = [set.train.images, set.train.labels, set.test.images, set.test.labels];
    expect(all.map((part) => bytesToHex(sha256(part)).slice(0, 16))).toEqual([
      "988f612a535375be",
      "b621e5e96c275bdb",
      "ef787d22b1bba100",
      "955b5385361cce65",
    ]);
  });

  it("gives image i whatever else is drawn", () => {
    const fewer = generateDigits({ seed: 3, train: 137, test: 0 });
    expect(fewer.train.images).toEqual(train.images.subarray(0, 137 * PIXELS));
    expect(fewer.train.labels).toEqual(train.labels.subarray(0, 137));
    expect(fewer.test.images).toHaveLength(0);
  });

  it("gives other images for another seed and another split", () => {
    const other = generateDigits({ seed: 4, train: 200, test: 0 });
    expect(other.train.images).not.toEqual(train.images.subarray(0, 200 * PIXELS));
    expect(test.images).not.toEqual(train.images.subarray(0, 200 * PIXELS));
    expect(test.labels).not.toEqual(train.labels.subarray(0, 200));
  });

  it("holds each digit once in every ten images, in changing order", () => {
    for (let i = 0; i < 1000; i += 10) {
      expect([...train.labels.subarray(i, i + 10)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
    const orders = new Set(Array.from({ length: 100 }, (_, k) => train.labels.subarray(10 * k, 10 * k + 10).join("")));
    expect(orders.size).toBeGreaterThan(95);
  });

  it("repeats no image and leaves none blank or filled", () => {
    const seen = new Set<string>();
    for (let i = 0; i < 1000; i++) {
      const pixels = image(train.images, i);
      seen.add(pixels.join());
      const ink = pixels.filter((value) => value > 90).length;
      expect(ink, `image ${i}`).toBeGreaterThan(15);
      expect(ink, `image ${i}`).toBeLessThan(PIXELS / 2);
    }
    expect(seen.size).toBe(1000);
  });

  it("draws ten digits that differ: the nearest class mean is most often the right one", () => {
    const means = Array.from({ length: 10 }, () => new Float64Array(PIXELS));
    train.labels.forEach((label, i) => {
      const mean = means[label];
      image(train.images, i).forEach((value, j) => {
        mean[j] += value / 100;
      });
    });
    const right = new Array<number>(10).fill(0);
    test.labels.forEach((label, i) => {
      const pixels = image(test.images, i);
      const distances = means.map((mean) => mean.reduce((sum, value, j) => sum + (value - pixels[j]) ** 2, 0));
      if (distances.indexOf(Math.min(...distances)) === label) right[label]++;
    });
    for (let digit = 0; digit < 10; digit++) expect(right[digit] / 20, `digit ${digit}`).toBeGreaterThanOrEqual(0.4);
    expect(right.reduce((sum, n) => sum + n) / 200).toBeGreaterThan(0.7);
  });
});
