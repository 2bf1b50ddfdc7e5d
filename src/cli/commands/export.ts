import { Command, Option } from "commander";
import { withStore } from "../options.ts";

/** Where each format is to be written. */
export interface ExportFlags {
  store: string;
  onnx?: string;
  input: "raw" | "scaled";
  safetensors?: string;
  pytorch?: string;
  /** Folder of real data. */
  data?: string;
  csv?: string;
  parquet?: string;
  tensorboard?: string;
  latex?: string;
  methods?: string;
}

/** Writes what other tools read. */
export const exportTo = (): Command =>
  withStore(new Command("export"))
    .description("Write a trial, or a run's results, in the formats of other tools.")
    .argument(
      "[what]",
      "a trial: its id or the beginning of it; or a run: likewise, or a study's name (default: the newest)",
    )
    .option("--onnx <file>", "of a trial: the trained classifier as an ONNX model")
    .addOption(
      new Option(
        "--input <values>",
        "with --onnx: the model takes values as the data set has them, or as the network is fed",
      )
        .choices(["raw", "scaled"])
        .default("raw"),
    )
    .option("--safetensors <file>", "of a trial: the trained weights")
    .option("--pytorch <folder>", "of a trial: a PyTorch script that trains the same, with all that it needs")
    .option("--data <dir>", "with --pytorch: folder of real data, or of your own (default: $LOSSLAB_DATA)")
    .option("--csv <file>", "of a run: every measure of every epoch")
    .option("--parquet <file>", "of a run: the same as an Apache Parquet file")
    .option("--tensorboard <folder>", "of a run: the same as TensorBoard's event files, one for each trial")
    .option("--latex <file>", "of a run: ranking and comparisons as LaTeX tables")
    .option("--methods <file>", "of a run: a methods paragraph with references, in LaTeX (.tex) or Markdown")
    .addHelpText(
      "after",
      `
Several formats may be written at once. The ids of a run's trials stand in \`losslab results --csv\`.

Examples:
  losslab export 3f2a9c --onnx classifier.onnx
  losslab export 3f2a9c --safetensors weights.safetensors
  losslab export 3f2a9c --pytorch trial && python3 trial/train.py
  losslab export quickstart --parquet epochs.parquet --tensorboard logs
  losslab export --latex tables.tex --methods methods.tex
`,
    )
    .action(async (what: string | undefined, flags: ExportFlags) => {
      const { exportCommand } = await import("../export-command.ts");
      await exportCommand(what, flags);
    });
