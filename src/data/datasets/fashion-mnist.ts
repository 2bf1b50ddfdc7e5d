import type { DatasetSource } from "../dataset.ts";
import { decodeIdx, idxFiles } from "../idx.ts";

const shape = [1, 28, 28] as const;

/** Pictures of clothes from a mail-order catalogue, in MNIST's format. */
export const fashionMnist: DatasetSource = {
  name: "fashion-mnist",
  title: "Fashion-MNIST",
  classes: ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
  shape,
  trainCount: 60_000,
  testCount: 10_000,
  licence: "MIT",
  homepage: "https://github.com/zalandoresearch/fashion-mnist",
  citation:
    'H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms", arXiv:1708.07747, 2017',
  folders: ["fashion-mnist", "fashion_mnist", "fashion", "FashionMNIST", "FashionMNIST/raw"],
  distinctNames: false,
  files: idxFiles(
    [
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
      "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    ],
    [
      [26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"],
      [29_515, "25c81989df183df01b3e8a0aad5dffbe"],
      [4_422_102, "bef4ecab320f06d8554ea6380940ec79"],
      [5_148, "bb300cfdad3c16e7a12a480ee83cd310"],
    ],
  ),
  decode: (members) => decodeIdx(members, shape),
};
