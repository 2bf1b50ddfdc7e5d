/** Draws docs/pictures/digits.png, a row for each digit: `npx tsx scripts/contact-sheet.ts [file]`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { generateDigits, SIDE } from "../src/data/digits/generate.ts";
import { encodePng } from "./png.ts";

const COLUMNS = 20;
const GAP = 2;
const ZOOM = 2;

const { images, labels } = generateDigits({ train: 10 * COLUMNS, test: 0 }).train;
const cell = SIDE * ZOOM + GAP;
const width = COLUMNS * cell + GAP;
const height = 10 * cell + GAP;
const sheet = new Uint8Array(width * height).fill(70);
const used = new Array(10).fill(0);
for (let i = 0; i < labels.length; i++) {
  const left = used[labels[i]]++ * cell + GAP;
  const top = labels[i] * cell + GAP;
  for (let y = 0; y < SIDE * ZOOM; y++) {
    for (let x = 0; x < SIDE * ZOOM; x++) {
      const pixel = Math.floor(y / ZOOM) * SIDE + Math.floor(x / ZOOM);
      sheet[(top + y) * width + left + x] = images[i * SIDE * SIDE + pixel];
    }
  }
}
const file = process.argv[2] ?? "docs/pictures/digits.png";
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, encodePng(sheet, width, height));
