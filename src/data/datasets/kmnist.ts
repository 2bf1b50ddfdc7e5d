import type { DatasetSource } from "../dataset.ts";
import { decodeIdx, idxFiles } from "../idx.ts";

const shape = [1, 28, 28] as const;

/** Cursive Japanese characters from old books, in MNIST's format. */
export const kmnist: DatasetSource = {
  name: "kmnist",
  title: "KMNIST",
  classes: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
  shape,
  trainCount: 60_000,
  testCount: 10_000,
  licence: "CC BY-SA 4.0",
  homepage: "https://codh.rois.ac.jp/kmnist/",
  citation:
    'T. Clanuwat, M. Bober-Irizar, A. Kitamoto, A. Lamb, K. Yamamoto, D. Ha, "Deep learning for classical Japanese literature", arXiv:1812.01718, 2018',
  folders: ["kmnist", "KMNIST", "KMNIST/raw"],
  distinctNames: false,
  files: idxFiles(
    ["https://codh.rois.ac.jp/kmnist/dataset/kmnist/", "http://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
    [
      [18_165_135, "bdb82020997e1d708af4cf47b453dcf7"],
      [29_497, "e144d726b3acfaa3e44228e80efcd344"],
      [3_041_136, "5c965bf0a639b31b8f53240b1b52f4d7"],
      [5_120, "7320c461ea6c1c855c0b718fb2a4b134"],
    ],
  ),
  decode: (members) => decodeIdx(members, shape),
};
