import { existsSync, writeFileSync } from "node:fs";
import { contactSheet } from "../data/contact-sheet.ts";
import type { Dataset, Examples } from "../data/dataset.ts";
import { datasets } from "../data/index.ts";
import { isOwnPath } from "../data/own/path.ts";
import { usualScale } from "../data/preprocess.ts";
import { type DataChoice, loader } from "../lab/datasets.ts";
import { UserError } from "../util/errors.ts";
import { count, significant } from "../util/format.ts";
import { downloadProgress } from "./download-progress.ts";
import { table } from "./table.ts";

/** Examples of each class. */
function countsOf({ labels }: Examples, { classes }: Dataset): number[] {
  const counts = classes.map(() => 0);
  for (const label of labels) counts[label]++;
  return counts;
}

/** The least and the greatest value. */
function rangeOf({ images }: Examples): [low: number, high: number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of images) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Shows what data are, whether published or one's own, as a study would read them. */
export async function inspectCommand(
  choice: DataChoice,
  { dataDir, sheet, json = false }: { dataDir?: string; sheet?: string; json?: boolean },
): Promise<void> {
  // Here, unlike in a study, a name may be a path: what was typed is there to be seen.
  const isPath = !Object.hasOwn(datasets, choice.set) && !isOwnPath(choice.set) && existsSync(choice.set);
  const said = isPath ? { ...choice, set: `./${choice.set}` } : choice;
  const options = { ...(dataDir && { dataDir }), onDownload: downloadProgress };
  const dataset = await loader(".", options)(said);
  const { title, shape, classes, train, test, version } = dataset;
  if (sheet !== undefined) {
    if (shape.length !== 3) throw new UserError("a table has no pictures to draw", "--sheet");
    writeFileSync(sheet, contactSheet(dataset));
  }
  const [trainCounts, testCounts] = [train, test].map((part) => countsOf(part, dataset));
  const values = train.images instanceof Uint8Array ? "bytes" : "float32";
  const range = rangeOf(train);
  if (json) {
    const counted = classes.map((name, k) => ({ name, train: trainCounts[k], test: testCounts[k] }));
    const facts = { title, shape, values, range, train: train.labels.length, test: test.labels.length };
    console.log(JSON.stringify({ ...facts, scale: usualScale(shape), version, classes: counted }, null, 1));
    return;
  }
  const tested =
    test.labels.length > 0
      ? `${count(test.labels.length)} for testing`
      : "no test part: a study carves one, of 0.2 unless it says test:";
  const shown = (value: number): string => (Number.isInteger(value) ? String(value) : significant(value));
  const facts = [
    ["data", title],
    ["example", `${shape.join(" × ")} ${values}, ${shape.length === 1 ? "features" : "channels × height × width"}`],
    [
      "values",
      `${shown(range[0])} to ${shown(range[1])}, scaled by "${usualScale(shape)}" unless a study says otherwise`,
    ],
    ["examples", `${count(train.labels.length)} for training, ${tested}`],
    ["version", version],
  ];
  for (const [name, value] of facts) console.log(`${name.padEnd(8)}  ${value}`);
  console.log();
  const rows = classes.map((name, k) => [String(k), name, count(trainCounts[k]), count(testCounts[k])]);
  console.log(table(["label", "class", "training", "test"], rows, "rlrr"));
  if (sheet !== undefined) console.log(`\nwrote ${sheet}, a row for each class`);
  if (isOwnPath(said.set)) {
    const fields = Object.entries(said).map(([key, value]) => `${key}: ${inYaml(value)}`);
    console.log(`\nin a study   data: { ${fields.join(", ")} }`);
  }
}

/** A word, a number or a list as YAML has it, between braces. */
const inYaml = (value: unknown): string =>
  typeof value === "string" && /^[\w./~-]+$/.test(value)
    ? value
    : Array.isArray(value)
      ? `[${value.map(inYaml).join(", ")}]`
      : JSON.stringify(value);
