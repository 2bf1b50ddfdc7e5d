/** The published data sets themselves, where LOSSLAB_DATA holds them. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadDataset, locateDataset, verifyDataset } from "./index.ts";
import { channelMoments } from "./preprocess.ts";

const options = { dataDir: process.env.LOSSLAB_DATA, cacheDir: join(tmpdir(), "losslab-no-cache"), offline: true };

/** Images per class, mean and deviation of the training images' channels (x/255), identity of the contents. */
const published = {
  mnist: {
    train: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    test: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
    mean: [0.1307],
    deviation: [0.3081],
    version: "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16",
  },
  cifar10: {
    train: Array(10).fill(5000),
    test: Array(10).fill(1000),
    mean: [0.4914, 0.4822, 0.4465],
    deviation: [0.247, 0.2435, 0.2616],
    version: "32e5966899bde482c0ef7d076bf69809b4b1488c806f657a814cfca4646ec493",
  },
};

describe.each(Object.entries(published))("%s as published", (name, expected) => {
  const here = options.dataDir !== undefined && locateDataset(name, options).missing.length === 0;
  if (!here) {
    const why = options.dataDir ? `${options.dataDir} does not hold it` : "LOSSLAB_DATA is not set";
    console.log(`${name}: the published data set is not tested, ${why}`);
  }

  it.runIf(here)("has the known counts, moments and contents", { timeout: 60_000 }, async () => {
    const dataset = await loadDataset(name, options);
    const perClass = (labels: Uint8Array): number[] => {
      const counts = dataset.classes.map(() => 0);
      for (const label of labels) counts[label]++;
      return counts;
    };
    expect(perClass(dataset.train.labels)).toEqual(expected.train);
    expect(perClass(dataset.test.labels)).toEqual(expected.test);
    const { mean, deviation } = channelMoments(dataset, Uint32Array.from(dataset.train.labels.keys()));
    mean.forEach((m, c) => {
      expect(m / 255).toBeCloseTo(expected.mean[c], 4);
      expect(deviation[c] / 255).toBeCloseTo(expected.deviation[c], 4);
    });
    expect(dataset.version).toBe(expected.version);
  });

  it.runIf(here)("has the official contents", { timeout: 60_000 }, async () => {
    for (const { contents } of await verifyDataset(name, options)) expect(contents).toBe("ok");
  });
});
