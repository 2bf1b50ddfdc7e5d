import { decodeCifar } from "../cifar.ts";
import type { DatasetSource } from "../dataset.ts";

/** SHA-1 of the five training batches and the test batch, as in Apache MXNet's loader. */
const BATCHES = {
  "data_batch_1.bin": "aadd24acce27caa71bf4b10992e9e7b2d74c2540",
  "data_batch_2.bin": "c0ba65cce70568cd57b4e03e9ac8d2a5367c1795",
  "data_batch_3.bin": "1dd00a74ab1d17a6e7d73e185b69dbf31242f295",
  "data_batch_4.bin": "aab85764eb3584312d3c7f65fd2fd016e36a258e",
  "data_batch_5.bin": "26e2849e66a845b7f1e4614ae70f4889ae604628",
  "test_batch.bin": "67eb016db431130d61cd03c7ad570b013799c88c",
};

/** Small colour photographs of ten kinds of animals and vehicles. */
export const cifar10: DatasetSource = {
  name: "cifar10",
  title: "CIFAR-10",
  classes: ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
  shape: [3, 32, 32],
  trainCount: 50_000,
  testCount: 10_000,
  licence: "none stated by its makers, who ask to be cited",
  homepage: "https://www.cs.toronto.edu/~kriz/cifar.html",
  citation: 'A. Krizhevsky, "Learning multiple layers of features from tiny images", technical report, 2009',
  folders: ["cifar10", "cifar-10", "CIFAR10", "cifar-10-batches-bin"],
  distinctNames: true,
  files: [
    {
      name: "cifar-10-binary.tar.gz",
      bytes: 170_052_171,
      md5: "c32a1d4ab5d03f1284b67883e8d87530",
      mirrors: [
        "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        "http://www.cs.utoronto.ca/~kriz/cifar-10-binary.tar.gz",
      ],
      unpacksTo: "cifar-10-batches-bin",
      members: Object.entries(BATCHES).map(([name, sha1]) => ({ name, bytes: 10_000 * 3073, sha1 })),
    },
  ],
  decode: (members) =>
    decodeCifar(members, {
      labelBytes: 1,
      label: 0,
      train: {
        "data_batch_1.bin": 10_000,
        "data_batch_2.bin": 10_000,
        "data_batch_3.bin": 10_000,
        "data_batch_4.bin": 10_000,
        "data_batch_5.bin": 10_000,
      },
      test: { "test_batch.bin": 10_000 },
    }),
};
