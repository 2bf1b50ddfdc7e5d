import type { DatasetSource } from "../dataset.ts";
import { DIGITS_VERSION, generateDigits, SIDE } from "../digits/index.ts";

/** Digits drawn by a program (../digits): always at hand, no file needed. */
export const digits: DatasetSource = {
  name: "digits",
  title: "digits",
  classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  shape: [1, SIDE, SIDE],
  trainCount: 10_000,
  testCount: 2_000,
  licence: "MIT, as losslab itself",
  homepage: "docs/data.md",
  citation: "losslab, docs/data.md",
  folders: [],
  distinctNames: false,
  files: [],
  version: DIGITS_VERSION,
  decode: async () => generateDigits(),
};
