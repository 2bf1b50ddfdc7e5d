/** Draws docs/pictures/digits.png, a row for each digit: `npx tsx scripts/contact-sheet.ts [file]`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { contactSheet } from "../src/data/contact-sheet.ts";
import { digits } from "../src/data/datasets/digits.ts";
import { generateDigits } from "../src/data/digits/generate.ts";

const file = process.argv[2] ?? "docs/pictures/digits.png";
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, contactSheet({ ...digits, train: generateDigits({ train: 200, test: 0 }).train }));
