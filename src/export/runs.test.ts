/** What other tools read of a run is what the run has. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "csv-parse/sync";
import { parquetReadObjects } from "hyparquet";
import { afterAll, describe, expect, it } from "vitest";
import { ce, fixtureResults, focal, fourLosses, sgd } from "../report/fixture.ts";
import { ranking } from "../report/ranking.ts";
import { measuresCsv } from "../report/results-csv.ts";
import { percent } from "../util/format.ts";
import { pythonWith, runPython } from "./fixture.ts";
import { latexTables } from "./latex.ts";
import { latexText } from "./latex-text.ts";
import { methodsParagraph } from "./methods.ts";
import { parquet } from "./parquet.ts";
import { tensorboard } from "./tensorboard/index.ts";
import { crc32c, maskedCrc } from "./tensorboard/record.ts";

const results = fixtureResults({ epochs: 5 });
const folder = mkdtempSync(join(tmpdir(), "losslab-runs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("parquet", () => {
  const read = async (bytes: Uint8Array) => parquetReadObjects({ file: bytes.buffer as ArrayBuffer });

  it("holds the rows and columns of the CSV, with their types", async () => {
    const rows = await read(parquet(results));
    const text: Record<string, string>[] = parse(measuresCsv(results, { history: true }), { columns: true });
    expect(rows.length).toBe(text.length);
    expect(rows.length).toBe(results.trials.reduce((n, t) => n + 3 * t.history.length, 0));
    rows.forEach((row, i) => {
      expect(Object.keys(row)).toEqual(Object.keys(text[i]));
      for (const [name, value] of Object.entries(row)) {
        const said = text[i][name];
        if (Number.isFinite(value)) expect(Number(said)).toBeCloseTo(value as number, 9);
        else expect(value === null ? "" : String(value), name).toBe(said);
      }
    });
    expect(rows[0]).toMatchObject({ seed: 1n, epoch: 1n, split: "train", accuracy: expect.any(Number) });
  });

  it("keeps numbers that are not finite", async () => {
    const diverged = fixtureResults({ epochs: 3, configurations: [{ loss: ce, accuracy: 0.9 }], seeds: 1 });
    diverged.trials[0].history[1].train.loss = Number.NaN;
    diverged.trials[0].history[2].train.loss = Number.POSITIVE_INFINITY;
    const losses = (await read(parquet(diverged))).filter((r) => r.split === "train").map((r) => r.loss_value);
    expect(losses.slice(1)).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
  });

  it("is sound without a row", async () => {
    const none = { ...results, trials: results.trials.map((t) => ({ ...t, history: [] })) };
    expect(await read(parquet(none))).toEqual([]);
  });
});

/** The records of a file of events, their checksums checked, and the fields of a message; written down apart from the writer. */
function records(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset);
  const found: Uint8Array[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    expect(view.getUint32(at + 8, true)).toBe(maskedCrc(file.subarray(at, at + 8)));
    const record = file.subarray(at + 12, at + 12 + length);
    expect(view.getUint32(at + 12 + length, true)).toBe(maskedCrc(record));
    found.push(record);
    at += length + 16;
  }
  return found;
}

function fields(bytes: Uint8Array): [field: number, value: number | Uint8Array][] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: [number, number | Uint8Array][] = [];
  let at = 0;
  const varint = (): number => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const kind = tag & 7;
    if (kind === 0) found.push([tag >> 3, varint()]);
    else if (kind === 1) found.push([tag >> 3, view.getFloat64((at += 8) - 8, true)]);
    else if (kind === 5) found.push([tag >> 3, view.getFloat32((at += 4) - 4, true)]);
    else {
      const length = varint();
      found.push([tag >> 3, bytes.subarray(at, (at += length))]);
    }
  }
  return found;
}
const field = <T extends number | Uint8Array>(bytes: Uint8Array, n: number): T[] =>
  fields(bytes).flatMap(([k, value]) => (k === n ? [value as T] : []));
const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("TensorBoard's event files", () => {
  it("have the checksums of RFC 3720", () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  });

  it("hold each trial's measures by epoch, at times that do not fall", () => {
    const files = tensorboard(results);
    expect(Object.keys(files)).toHaveLength(results.trials.length);
    const [path, file] = Object.entries(files).find(([name]) => name.startsWith("focal γ=0.5/seed 2/"))!;
    expect(path).toMatch(/events\.out\.tfevents\.\d+\.losslab$/);
    const events = records(file);
    expect(utf8(field<Uint8Array>(events[0], 3)[0])).toBe("brain.Event:2");
    const trial = results.trials.find((t) => "focal" in t.trial.loss && t.trial.seed === 2)!;
    const scalars = events.flatMap((e) => {
      const values = field<Uint8Array>(e, 5).flatMap((summary) => field<Uint8Array>(summary, 1));
      const numbers = values.flatMap((v) => field<number>(v, 2).map((n) => [utf8(field<Uint8Array>(v, 1)[0]), n]));
      return numbers.length > 0 ? [{ step: field<number>(e, 2)[0], values: Object.fromEntries(numbers) }] : [];
    });
    expect(scalars.map(({ step }) => step)).toEqual(trial.history.map(({ epoch }) => epoch));
    scalars.forEach(({ values }, i) => {
      const { test, train, learningRate } = trial.history[i];
      expect(values["accuracy/test"]).toBeCloseTo(test.accuracy, 6);
      expect(values["loss/train"]).toBeCloseTo(train.loss, 6);
      expect(values.learning_rate).toBeCloseTo(learningRate, 6);
    });
    const times = events.map((e) => field<number>(e, 1)[0]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBe(Date.parse(results.run.startedAt) / 1000);
  });

  it("keep trials apart whose labels differ in signs that folders cannot have", () => {
    const twins = fixtureResults({
      epochs: 1,
      seeds: 1,
      configurations: ["a/b", "a:b"].map((name) => ({ loss: { [name]: {} }, accuracy: 0.9 })),
    });
    const paths = Object.keys(tensorboard(twins));
    expect(paths).toHaveLength(2);
    expect(paths.every((path) => path.split("/").length === 3)).toBe(true);
  });

  const python = pythonWith("tensorboard");
  if ("missing" in python) console.warn(`src/export/runs.test.ts: TensorBoard itself reads nothing: ${python.missing}`);
  const READ = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1])
events.Reload()
print(json.dumps({tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in events.Tags()["scalars"]}))
`;
  it.skipIf("missing" in python)("are read by TensorBoard", () => {
    const [path, file] = Object.entries(tensorboard(results))[0];
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), file);
    const { path: program } = python as { path: string };
    const read = runPython<Record<string, [number, number][]>>(program, READ, [dirname(join(folder, path))]);
    expect(read["accuracy/test"].map(([step]) => step)).toEqual([1, 2, 3, 4, 5]);
    read["accuracy/test"].forEach(([, value], i) => {
      expect(value).toBeCloseTo(results.trials[0].history[i].test.accuracy, 6);
    });
  });
});

/** Whether braces and dollars are closed, and no sign is left that LaTeX takes for something else. */
function expectSound(tex: string): void {
  const bare = tex.replace(/\\[\\{}#$%&_]/g, "").replace(/^%.*$/gm, "");
  expect(bare.split("{").length).toBe(bare.split("}").length);
  expect((bare.match(/\$/g) ?? []).length % 2).toBe(0);
  expect(bare.replace(/\$[^$]*\$/g, "").replace(/\\(label|cite|bibitem)\{[^}]*\}/g, "")).not.toMatch(/[#%_^~]/);
}

describe("LaTeX", () => {
  it("spells signs with a meaning, and Greek letters with their indices", () => {
    expect(latexText("50 % of a_b & {c} #1 ~ ^ \\")).toBe(
      "50 \\% of a\\_b \\& \\{c\\} \\#1 \\textasciitilde{} \\textasciicircum{} \\textbackslash{}",
    );
    expect(latexText("focal γ₊=2 · lr 0.1 ± 0.2")).toBe("focal $\\gamma _+$=2 $\\cdot$ lr 0.1 $\\pm$ 0.2");
  });

  it("has a row for each configuration, in the order of the ranking, and one for each pair", () => {
    const tex = latexTables(results);
    expectSound(tex);
    const [first, second] = tex.split("\\end{table}");
    const rows = (table: string): string[] => /\\midrule\n([\s\S]*?)\\bottomrule/.exec(table)![1].trim().split("\n");
    const order = ranking(results);
    expect(rows(first)).toHaveLength(order.length);
    order.forEach(({ configuration: { label, summaries } }, i) => {
      expect(rows(first)[i]).toContain(latexText(label));
      expect(rows(first)[i]).toContain(percent(summaries.testAccuracy!.mean));
    });
    expect(rows(first)[0]).toContain("\\textbf");
    expect(first).toContain("1 of 3 diverged");
    expect(rows(second)).toHaveLength((order.length * (order.length - 1)) / 2);
    for (const row of rows(second)) expect(row.split("&")).toHaveLength(6);
  });

  const latex = spawnSync("pdflatex", ["--version"]).status === 0;
  if (!latex) console.warn("src/export/runs.test.ts: the tables are not typeset: there is no pdflatex here");
  it.skipIf(!latex)("is typeset", () => {
    const body = `${latexTables(results)}\n${methodsParagraph(results, "tex")}`;
    const text = `\\documentclass{article}\\usepackage{booktabs}\\begin{document}${body}\\end{document}`;
    writeFileSync(join(folder, "tables.tex"), text);
    const { status, stdout } = spawnSync("pdflatex", ["-interaction=nonstopmode", "-halt-on-error", "tables.tex"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(status, stdout).toBe(0);
  });
});

describe("the methods paragraph", () => {
  it("says what was compared, with what, how often, and how it was tested", () => {
    const text = methodsParagraph(results, "md");
    for (const said of [
      "Networks were trained on MNIST [1]",
      "The losses were CE, $",
      "focal (γ=0.5), $",
      "SGD (learning rate 0.01, momentum 0.9, decay 0.0001)",
      "5 epochs with mini-batches of 100",
      "4 configurations was trained with 3 seeds (1, 2 and 3), 12 trials in all",
      "for all 6 pairs",
      "1 trial diverged",
      "losslab 0.1.0",
    ])
      expect(text).toContain(said);
    const cited = new Set([...text.matchAll(/ \[(\d+)\]/g)].map(([, n]) => Number(n)));
    const listed = [...text.matchAll(/^(\d+)\. /gm)].map(([, n]) => Number(n));
    expect([...cited].sort((a, b) => a - b)).toEqual(listed);
  });

  it("claims no test where there was none", () => {
    const single = fixtureResults({ epochs: 2, seeds: 1 });
    const text = methodsParagraph(single, "md");
    expect(text).toContain("With one seed");
    expect(text).not.toContain("t test");
    const alone = fixtureResults({ epochs: 2, configurations: fourLosses.slice(0, 1) });
    expect(methodsParagraph(alone, "md")).not.toContain("Holm");
  });

  it("names what differs in the plural, and all else once", () => {
    const text = methodsParagraph(
      fixtureResults({
        epochs: 2,
        configurations: [0.1, 0.01].map((rate) => ({ loss: focal(2), optimizer: sgd(rate), accuracy: 0.9 })),
      }),
      "tex",
    );
    expect(text).toContain("The loss was focal ($\\gamma$=2)");
    expect(text).toContain("The optimizers were SGD (learning rate 0.1");
    expectSound(text);
  });
});
