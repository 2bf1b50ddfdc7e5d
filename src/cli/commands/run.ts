import { Command } from "commander";
import { positive, type StudyFlags, studyOptions, withDevice, withStore, withStudyOptions } from "../options.ts";

interface Flags extends StudyFlags {
  store: string;
  workers?: number;
  json?: boolean;
  report?: boolean;
}

/** Trains what a study asks for and ends with the answer. */
export const run = (): Command =>
  withDevice(withStore(withStudyOptions(new Command("run"))))
    .description("Train everything a study asks for, then print the ranking and write the report.")
    .argument("<study>", "a study file, - for standard input, or the name of a preset (see: losslab list studies)")
    .option("--workers <n>", "worker threads (default: as many as cores)", positive("--workers"))
    .option("--json", "print newline-delimited JSON events instead")
    .option("--no-report", "write no report.html")
    .addHelpText(
      "after",
      `
Stop it at any time; the same command goes on from the last finished epoch. What is in the store is not trained again.

Examples:
  losslab run quickstart
  losslab run my-study.yaml --set seeds=5 --set epochs=40
  LOSSLAB_DATA=~/data losslab run activations-and-losses
`,
    )
    .action(async (study: string, flags: Flags) => {
      // A thread makes itself ready while the program is loaded and the study is read.
      const { startWorker } = await import("../../lab/start-worker.ts");
      const worker = startWorker();
      const { runCommand } = await import("../run-command.ts");
      await runCommand(study, { ...flags, worker, options: studyOptions(flags) });
    });
