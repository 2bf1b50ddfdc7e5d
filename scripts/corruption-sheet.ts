/**
 * Draws docs/pictures/corruptions.png, a row for each corruption: the clean image, then severities 1 to 5, for three images.
 * `npx tsx scripts/corruption-sheet.ts [file] [data set]`
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { encode } from "fast-png";
import { corrupt } from "../src/corruptions/corrupt.ts";
import type { Severity } from "../src/corruptions/corruption.ts";
import * as corruptions from "../src/corruptions/index.ts";
import { loadDataset } from "../src/data/index.ts";

const IMAGES = 3;
const GAP = 2;
const ZOOM = 2;
const [file = "docs/pictures/corruptions.png", set = "digits"] = process.argv.slice(2);
const { dataDir } = { dataDir: process.env.LOSSLAB_DATA };
const { shape, test } = await loadDataset(set, dataDir ? { dataDir } : {});
const [channels, height, width] = shape;
const size = channels * height * width;
const names = Object.keys(corruptions);
const cell = { width: width * ZOOM + GAP, height: height * ZOOM + GAP };
const sheet = { width: IMAGES * (6 * cell.width + 4 * GAP), height: names.length * cell.height + GAP };
const pixels = new Uint8Array(sheet.width * sheet.height * 3).fill(70);

function draw(values: ArrayLike<number>, left: number, top: number): void {
  for (let y = 0; y < height * ZOOM; y++) {
    for (let x = 0; x < width * ZOOM; x++) {
      for (let c = 0; c < 3; c++) {
        const from = ((c % channels) * height + Math.floor(y / ZOOM)) * width + Math.floor(x / ZOOM);
        pixels[((top + y) * sheet.width + left + x) * 3 + c] = Math.round(255 * values[from]);
      }
    }
  }
}

for (const [row, name] of names.entries()) {
  for (let index = 0; index < IMAGES; index++) {
    const values = Float32Array.from(test.images.subarray(index * size, (index + 1) * size), (x) => x / 255);
    const left = index * (6 * cell.width + 4 * GAP) + GAP;
    const top = row * cell.height + GAP;
    draw(values, left, top);
    for (const severity of [1, 2, 3, 4, 5] as Severity[]) {
      draw(
        corrupt(name, { shape: [channels, height, width], values }, { severity, seed: 0, index }),
        left + severity * cell.width,
        top,
      );
    }
  }
}
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, encode({ ...sheet, channels: 3, depth: 8, data: pixels }));
