import { Command } from "commander";
import { positive, withStore } from "../options.ts";

export interface MistakesFlags {
  store: string;
  most: number;
  out?: string;
  data?: string;
  own?: string;
  code: string[];
}

/** Lists what a trained trial gets wrong. */
export const mistakes = (): Command =>
  withStore(new Command("mistakes"))
    .description("List the test examples that a trained trial takes for another class, the surest first.")
    .argument("<trial>", "its id or the beginning of it")
    .option("--most <n>", "at most so many", positive("--most"), 40)
    .option("--out <file>", "write them with their images as JSON instead")
    .option("--data <dir>", "folder of real data in the official formats (default: $LOSSLAB_DATA)")
    .option("--own <path>", "where data of your own lie that the trial was trained on")
    .option(
      "--code <file>",
      "a loss of your own that the trial was trained with, as code to be run; may be repeated",
      (file: string, before: string[]) => [...before, file],
      [],
    )
    .addHelpText(
      "after",
      `
The ids of a run's trials stand in \`losslab results --csv\`.

Examples:
  losslab mistakes 3f2a9c
  losslab mistakes 3f2a9c --most 10 --out mistakes.json
`,
    )
    .action(async (trial: string, flags: MistakesFlags) => {
      const { mistakesCommand } = await import("../mistakes-command.ts");
      await mistakesCommand(trial, flags);
    });
