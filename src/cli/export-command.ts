import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { findTrial } from "../export/find-trial.ts";
import { onnxClassifier } from "../export/onnx.ts";
import { safetensorsWeights } from "../export/safetensors.ts";
import { type TrainedTrial, trainedTrial } from "../export/trained-trial.ts";
import { openStore } from "../store/store.ts";
import { UserError } from "../util/errors.ts";
import { bytes } from "../util/format.ts";
import type { ExportFlags } from "./commands/export.ts";

/** Formats of a trained trial: what is written into the file that the option names. */
const OF_TRAINED = {
  onnx: (trained: TrainedTrial, { input }: ExportFlags) => onnxClassifier(trained, input),
  safetensors: safetensorsWeights,
} as const;

const FORMATS = Object.keys(OF_TRAINED) as (keyof typeof OF_TRAINED)[];

function write(file: string, content: Uint8Array | string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  console.log(`wrote ${file} (${bytes(content.length)})`);
}

export async function exportCommand(what: string, flags: ExportFlags): Promise<void> {
  const wanted = FORMATS.filter((format) => flags[format] !== undefined);
  if (wanted.length === 0) {
    const options = FORMATS.map((format) => `--${format}`).join(", ");
    throw new UserError("nothing is to be written", undefined, `name a format and its file: ${options}`);
  }
  const store = await openStore(flags.store, { readOnly: true });
  try {
    const trained = await trainedTrial(store, await findTrial(store, what));
    for (const format of wanted) write(flags[format]!, OF_TRAINED[format](trained, flags));
  } finally {
    await store.close();
  }
}
