import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findTrial } from "../export/find-trial.ts";
import { latexTables } from "../export/latex.ts";
import { methodsParagraph } from "../export/methods.ts";
import { onnxClassifier } from "../export/onnx.ts";
import { parquet } from "../export/parquet.ts";
import { pytorchFolder } from "../export/pytorch/index.ts";
import { pytorchParts } from "../export/pytorch/parts.ts";
import { safetensorsWeights } from "../export/safetensors.ts";
import { tensorboard } from "../export/tensorboard/index.ts";
import { trainedTrial } from "../export/trained-trial.ts";
import { measuresCsv } from "../report/results-csv.ts";
import type { RunResults } from "../run/records.ts";
import { openStore, type Store, type StoredTrial } from "../store/store.ts";
import { UserError } from "../util/errors.ts";
import { bytes } from "../util/format.ts";
import type { ExportFlags } from "./commands/export.ts";
import { downloadProgress } from "./download-progress.ts";

/** One file's content, or files by their paths below the folder that the option names. */
type Written = Uint8Array | string | Record<string, Uint8Array | string>;

/** Formats of a trial. */
const OF_TRIAL = {
  onnx: async (store: Store, stored: StoredTrial, { input }: ExportFlags): Promise<Written> =>
    onnxClassifier(await trainedTrial(store, stored), input),
  safetensors: async (store: Store, stored: StoredTrial): Promise<Written> =>
    safetensorsWeights(await trainedTrial(store, stored)),
  pytorch: async (store: Store, stored: StoredTrial, { data }: ExportFlags): Promise<Written> =>
    pytorchFolder(await pytorchParts(store, stored, { ...(data && { dataDir: data }), onDownload: downloadProgress })),
} as const;

/** Formats of a run. */
const OF_RUN = {
  csv: (results: RunResults): Written => measuresCsv(results, { history: true }),
  parquet: (results: RunResults): Written => parquet(results),
  tensorboard: (results: RunResults): Written => tensorboard(results),
  latex: (results: RunResults): Written => latexTables(results),
  methods: (results: RunResults, { methods }: ExportFlags): Written =>
    methodsParagraph(results, methods!.endsWith(".tex") ? "tex" : "md"),
} as const;

const keysOf = <T extends object>(table: T): (keyof T & string)[] => Object.keys(table) as (keyof T & string)[];

function writeFile(file: string, content: Uint8Array | string): number {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return Buffer.byteLength(content);
}

function write(path: string, content: Written): void {
  if (typeof content === "string" || content instanceof Uint8Array) {
    console.log(`wrote ${path} (${bytes(writeFile(path, content))})`);
    return;
  }
  const sizes = Object.entries(content).map(([name, part]) => writeFile(join(path, name), part));
  console.log(`wrote ${sizes.length} files below ${path} (${bytes(sizes.reduce((a, b) => a + b, 0))})`);
}

export async function exportCommand(what: string | undefined, flags: ExportFlags): Promise<void> {
  const ofTrial = keysOf(OF_TRIAL).filter((format) => flags[format] !== undefined);
  const ofRun = keysOf(OF_RUN).filter((format) => flags[format] !== undefined);
  const options = (table: object): string =>
    keysOf(table)
      .map((format) => `--${format}`)
      .join(", ");
  if (ofTrial.length + ofRun.length === 0) {
    const hint = `of a trial: ${options(OF_TRIAL)}; of a run: ${options(OF_RUN)}`;
    throw new UserError("nothing is to be written", undefined, `name a format and where it goes. ${hint}`);
  }
  if (ofTrial.length > 0 && ofRun.length > 0)
    throw new UserError(
      `--${ofTrial[0]} is of a trial, --${ofRun[0]} of a run`,
      undefined,
      "write them one after the other",
    );
  const store = await openStore(flags.store, { readOnly: true });
  try {
    if (ofTrial.length > 0) {
      const stored = await findTrial(store, what ?? "");
      for (const format of ofTrial) write(flags[format]!, await OF_TRIAL[format](store, stored, flags));
    }
    if (ofRun.length > 0) {
      const results = await store.results(what, { confusions: true });
      for (const format of ofRun) write(flags[format]!, OF_RUN[format](results, flags));
    }
  } finally {
    await store.close();
  }
}
