import { describe, expect, it } from "vitest";
import { channelMoments, preprocessing } from "./preprocess.ts";

/** Three images of two channels and two pixels; the third is not for training. */
const dataset = {
  shape: [2, 1, 2],
  train: {
    images: Uint8Array.from([0, 255, 10, 20, 51, 204, 30, 40, 255, 255, 255, 255]),
    labels: Uint8Array.from([0, 1, 0]),
  },
} as const;
const indices = Uint32Array.of(0, 1);

describe("preprocessing", () => {
  it.each([
    ["unit", 0, 1],
    ["none", 0, 255],
    ["signed", -1, 1],
  ] as const)("%s maps 0 … 255 to %d … %d in every channel", (kind, low, high) => {
    const { scale, offset } = preprocessing(kind, dataset, indices);
    expect(offset).toEqual([low, low]);
    expect(scale.map((s, c) => s * 255 + offset[c])).toEqual([high, high]);
  });

  it("standardize gives each channel mean 0 and deviation 1 over the training examples alone", () => {
    const { scale, offset } = preprocessing("standardize", dataset, indices);
    const channels = [
      [0, 255, 51, 204],
      [10, 20, 30, 40],
    ];
    for (const [c, pixels] of channels.entries()) {
      const values = pixels.map((pixel) => pixel * scale[c] + offset[c]);
      expect(values.reduce((sum, v) => sum + v) / 4).toBeCloseTo(0, 12);
      expect(values.reduce((sum, v) => sum + v * v, 0) / 4).toBeCloseTo(1, 12);
    }
  });

  it("standardize only centres a channel of one value", () => {
    const flat = { shape: [1, 1, 1], train: { images: Uint8Array.of(51, 51), labels: Uint8Array.of(0, 1) } } as const;
    expect(preprocessing("standardize", flat, indices)).toEqual({ scale: [1 / 255], offset: [-0.2] });
  });

  it("finds the same moments in any order of the examples", () => {
    expect(channelMoments(dataset, Uint32Array.of(1, 2, 0))).toEqual(channelMoments(dataset, Uint32Array.of(0, 1, 2)));
  });
});
