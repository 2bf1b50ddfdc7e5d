import { CsvError, parse } from "csv-parse/sync";
import { UserError } from "../../util/errors.ts";
import { suggest } from "../../util/nearest.ts";
import type { Examples } from "../dataset.ts";
import {
  type Disk,
  type Format,
  inOrder,
  joined,
  type OwnOptions,
  type PartName,
  type Place,
  partOf,
  readWhole,
  refuseLoneValidation,
} from "./format.ts";
import type { Problems } from "./problems.ts";

/** A table of numbers with a column of classes: a .csv or .tsv file, or a folder with `train.csv` and `test.csv`. */
export const table: Format = {
  title: "a table (.csv, .tsv, or a folder with train.csv and test.csv)",
  options: ["label", "ignore"],
  fits: ({ path, isFolder, entries }) => (isFolder ? entries.some((entry) => isTable(entry.name)) : isTable(path)),
  read(place, options, problems) {
    const parts = filesOf(place, problems).flatMap(({ path, part }) => {
      const rows = problems.try("tables", () => readTable(place.disk, path, options, problems));
      return rows ? [{ ...rows, path, part }] : [];
    });
    const [first] = parts;
    if (!first) return undefined;
    for (const { features, path } of parts) {
      if (String(features) !== String(first.features)) {
        problems.add(
          "columns",
          `has other columns than ${first.path}: ${features.join(", ")}`,
          path,
          `expected ${first.features.join(", ")}`,
        );
      }
    }
    const classes = inOrder(parts.filter(({ part }) => part === "train").flatMap((part) => part.labels));
    for (const { part, labels, lines, path } of parts) {
      if (part !== "test") continue;
      labels.forEach((label, i) => {
        if (!classes.includes(label)) {
          problems.add(
            "labels",
            `class "${label}" is not in the training part`,
            `${path}:${lines[i]}`,
            suggest(label, classes),
          );
        }
      });
    }
    if (classes.length > 256)
      problems.add(
        "labels",
        `there are ${classes.length} classes; at most 256 can be told apart`,
        first.path,
        "is it the right column?",
      );
    if (!problems.none) return undefined;
    const number = new Map(classes.map((name, k) => [name, k]));
    const of = (name: PartName): Examples[] =>
      parts
        .filter(({ part }) => part === name)
        .map(({ values, labels }) => ({
          images: values,
          labels: Uint8Array.from(labels, (label) => number.get(label)!),
        }));
    return {
      shape: [first.features.length],
      classes,
      train: joined(of("train")),
      test: of("test").length > 0 ? joined(of("test")) : null,
    };
  },
};

const isTable = (name: string): boolean => /\.[ct]sv$/i.test(name);

function filesOf({ path, isFolder, entries }: Place, problems: Problems): { path: string; part: PartName }[] {
  if (!isFolder) return [{ path, part: "train" }];
  const names = entries.map((entry) => entry.name.replace(/\.[ct]sv$/i, ""));
  refuseLoneValidation(names, path, problems);
  if (!names.some((name) => partOf(name) === "train"))
    problems.add("parts", "there is no train.csv", path, "a single table may be named itself");
  const files = entries.flatMap((entry, i) => {
    const part = isTable(entry.name) ? partOf(names[i]) : undefined;
    if (part) return [{ path: entry.path, part }];
    problems.add("strays", "is neither train.csv nor test.csv", entry.path, "move it elsewhere");
    return [];
  });
  return files.sort((a, b) => Number(a.part === "test") - Number(b.part === "test"));
}

interface Table {
  /** Names of the features' columns. */
  features: string[];
  /** [rows, features] */
  values: Float32Array;
  /** [rows] */
  labels: string[];
  /** Of each row, in the file, counted from 1. */
  lines: number[];
}

/** The column of the classes where a study does not name it. */
const USUAL_LABELS = ["label", "class", "target"];

/** A constant error of rounding to float32 may be so large a part of a feature's deviation. */
const ROUNDING = 1e-3;

/** Reads one file; what is wrong with single cells goes to `problems`. */
function readTable(disk: Disk, path: string, options: OwnOptions, problems: Problems): Table {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(readWhole(disk, path, "the table"));
  const [head] = text.split(/\r?\n/, 1);
  const delimiter = [",", ";", "\t"].find((mark) => head.includes(mark)) ?? ",";
  let columns: Columns | undefined;
  const values = new Floats();
  const labels: string[] = [];
  const lines: number[] = [];
  const moments: Moments[] = [];

  const see = (cells: string[], line: number): void => {
    if (!columns) {
      columns = columnsOf(cells, options, path, problems);
      moments.push(...columns.features.map(() => new Moments()));
      return;
    }
    if (cells.length !== columns.names.length) {
      problems.add(
        "rows",
        `has ${cells.length} cells, expected ${columns.names.length} as in the first line`,
        `${path}:${line}`,
      );
      return;
    }
    const label = cells[columns.label].trim();
    if (label === "")
      problems.add("labels", `has no class in the column "${columns.names[columns.label]}"`, `${path}:${line}`);
    labels.push(label);
    lines.push(line);
    for (const [f, column] of columns.features.entries()) {
      const cell = cells[column].trim();
      const value = numberOf(cell);
      if (Number.isFinite(value)) moments[f].add(value);
      else
        problems.add(
          "values",
          `${columns.names[column]} is ${cell === "" ? "missing" : `"${cell}"`}, expected a number`,
          `${path}:${line}`,
          hintFor(cell),
        );
      values.push(value);
    }
  };
  try {
    parse(text, {
      bom: true,
      delimiter,
      skip_empty_lines: true,
      relax_column_count: true,
      on_record: (cells: string[], { lines }) => {
        see(cells, lines);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UserError(`is no table: ${error.message}`, path);
  }
  if (!columns)
    throw new UserError(
      "is empty",
      path,
      "expected a line with the names of the columns, then a line for each example",
    );
  const { names, features } = columns;
  if (labels.length === 0) problems.add("rows", "has a line of names and no examples", path);
  moments.forEach((m, f) => {
    if (m.rounding > ROUNDING * m.deviation && m.rounding > 0) {
      problems.add(
        "values",
        `${names[features[f]]} varies in digits that float32 does not keep: by ${m.deviation.toPrecision(2)} about ${m.mean}`,
        path,
        "subtract a number near its mean",
      );
    }
  });
  return { features: features.map((column) => names[column]), values: values.all(), labels, lines };
}

interface Columns {
  names: string[];
  label: number;
  features: number[];
}

function columnsOf(
  head: readonly string[],
  { label, ignore = [] }: OwnOptions,
  path: string,
  problems: Problems,
): Columns {
  const names = head.map((name) => name.trim());
  const where = `${path}:1`;
  for (const [i, name] of names.entries()) {
    if (name === "") problems.add("columns", `column ${i + 1} has no name`, where);
    else if (names.indexOf(name) < i) problems.add("columns", `two columns are called "${name}"`, where);
  }
  if (names.every((name) => name !== "" && Number.isFinite(numberOf(name)))) {
    problems.add("columns", "the first line holds numbers, expected the names of the columns", where);
  }
  const left = typeof ignore === "string" ? [ignore] : ignore;
  for (const name of [...(label === undefined ? [] : [label]), ...left]) {
    if (!names.includes(name)) problems.add("columns", `there is no column "${name}"`, where, suggest(name, names));
  }
  const usual = names.filter((name) => USUAL_LABELS.includes(name.toLowerCase()) && !left.includes(name));
  if (label === undefined && usual.length !== 1) {
    const found = usual.length === 0 ? "no column is called" : `${usual.join(" and ")} are among`;
    throw new UserError(
      `${found} ${USUAL_LABELS.join(", ")}: which holds the classes?`,
      where,
      `say label: …, one of ${names.slice(0, 20).join(", ")}`,
    );
  }
  const at = names.indexOf(label ?? usual[0]);
  if (at < 0) throw new UserError("has no column of classes", where);
  const features = [...names.keys()].filter((i) => i !== at && !left.includes(names[i]));
  if (features.length === 0) problems.add("columns", "there are no features beside the classes", where);
  return { names, label: at, features };
}

/** Decimal numbers alone: `Number` also reads nothing as 0, and other notations. */
const numberOf = (cell: string): number => (cell === "" || /^[+-]?0[box]/i.test(cell) ? Number.NaN : Number(cell));

const hintFor = (cell: string): string =>
  cell === "" || /^(na|nan|null|none|\?|-|[+-]?inf(inity)?)$/i.test(cell)
    ? "leave the example out, or fill in a number, where you know which is right"
    : "words become numbers as a column of 0 and 1 for each; ignore: leaves a column out";

/** Mean and deviation of numbers seen one by one (Welford, 1962), and the largest error of rounding them to float32. */
class Moments {
  #n = 0;
  #squares = 0;
  mean = 0;
  rounding = 0;

  add(value: number): void {
    this.#n++;
    const distance = value - this.mean;
    this.mean += distance / this.#n;
    this.#squares += distance * (value - this.mean);
    this.rounding = Math.max(this.rounding, Math.abs(value - Math.fround(value)));
  }

  get deviation(): number {
    return Math.sqrt(this.#squares / this.#n);
  }
}

/** Floats whose number is not known beforehand. */
class Floats {
  #values = new Float32Array(1024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float32Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  all(): Float32Array {
    return this.#values.slice(0, this.#length);
  }
}
