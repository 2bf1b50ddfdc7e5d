import { Command, Option } from "commander";
import { withStore } from "../options.ts";

/** Where each format is to be written. */
export interface ExportFlags {
  store: string;
  onnx?: string;
  input: "raw" | "scaled";
  safetensors?: string;
}

/** Writes what other tools read. */
export const exportTo = (): Command =>
  withStore(new Command("export"))
    .description("Write a trained trial, or a run's results, in the formats of other tools.")
    .argument("<what>", "a trial: its id or the beginning of it")
    .option("--onnx <file>", "a trial: the trained classifier as an ONNX model")
    .addOption(
      new Option(
        "--input <values>",
        "with --onnx: the model takes values as the data set has them, or as the network is fed",
      )
        .choices(["raw", "scaled"])
        .default("raw"),
    )
    .option("--safetensors <file>", "a trial: the trained weights")
    .addHelpText(
      "after",
      `
Several formats may be written at once. The ids of a run's trials stand in \`losslab results --csv\`.

Examples:
  losslab export 3f2a9c --onnx classifier.onnx
  losslab export 3f2a9c --safetensors weights.safetensors
`,
    )
    .action(async (what: string, flags: ExportFlags) => {
      const { exportCommand } = await import("../export-command.ts");
      await exportCommand(what, flags);
    });
