import type { DatasetSource } from "../dataset.ts";
import { decodeIdx, idxFiles } from "../idx.ts";

const shape = [1, 28, 28] as const;

/** Handwritten digits of American pupils and census clerks. */
export const mnist: DatasetSource = {
  name: "mnist",
  title: "MNIST",
  classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  shape,
  trainCount: 60_000,
  testCount: 10_000,
  licence: "none stated by its makers (Y. LeCun, C. Cortes; derived from NIST)",
  homepage: "http://yann.lecun.com/exdb/mnist/",
  citation:
    'Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition", Proceedings of the IEEE 86(11), 1998',
  folders: ["mnist", "MNIST", "MNIST/raw"],
  distinctNames: false,
  files: idxFiles(
    [
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
      "http://yann.lecun.com/exdb/mnist/",
    ],
    [
      [9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873", "c3557c10f29b266e19b3eeee1553c85e0ef4a8ea"],
      [28_881, "d53e105ee54ea40749a09fcbcd1e9432", "adbf52269f5d842899f287c269e2883e40b4f6e2"],
      [1_648_877, "9fb629c4189551a2d022fa330f9573f3", "65e11ec1fd220343092a5070b58418b5c2644e26"],
      [4_542, "ec29112dd5afa0611ce80d1b7f02629c", "a6d52cc628797e845885543326e9f10abb8a6f89"],
    ],
  ),
  decode: (members) => decodeIdx(members, shape),
};
