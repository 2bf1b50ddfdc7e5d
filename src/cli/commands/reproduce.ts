import { Command } from "commander";
import { positive, withStore } from "../options.ts";

export interface ReproduceFlags {
  store: string;
  data?: string;
  seeds?: number;
  workers?: number;
  stored?: boolean;
  json?: boolean;
  out?: string;
}

/** Repeats the experiments of a written report and holds its figures and claims against what comes out. */
export const reproduce = (): Command =>
  withStore(new Command("reproduce"))
    .description("Repeat a written report: train what is missing, then our figures beside its own, and its claims.")
    .argument("<report>", "a, b, c, d, e, or all")
    .option("--seeds <n>", "seeds of each configuration (default: what the presets say)", positive("--seeds"))
    .option("--data <dir>", "folder of real data in the official formats (default: $LOSSLAB_DATA)")
    .option("--workers <n>", "worker threads (default: as many as cores)", positive("--workers"))
    .option("--stored", "train nothing: only what the store has")
    .option("--json", "print the comparison as JSON instead")
    .option("--out <dir>", "also write it there as Markdown, with pictures")
    .addHelpText(
      "after",
      `
The reports' figures and claims stand in studies/reports/, the experiments in studies/report-*.yaml.
Stop it at any time; the same command goes on from the last finished epoch.

Examples:
  losslab reproduce e --seeds 3
  losslab reproduce all
  losslab reproduce d --stored --out docs/results
`,
    )
    .action(async (report: string, flags: ReproduceFlags) => {
      const { reproduceCommand } = await import("../reproduce-command.ts");
      await reproduceCommand(report, flags);
    });
