import { Command } from "commander";
import { withStore } from "../options.ts";

interface Flags {
  store: string;
  json?: boolean;
  out?: string;
}

/** Answers a question over several studies from what the store has of them. */
export const verdicts = (): Command =>
  withStore(new Command("verdicts"))
    .description("Which loss wins, in the set-ups of the written reports, and why these disagreed: from stored trials.")
    .argument("[question]", "a question of studies/verdicts/", "which-loss-wins")
    .option("--json", "print the answer as JSON instead")
    .option("--out <dir>", "also write it there as verdicts.md")
    .addHelpText(
      "after",
      `
Nothing is trained. What the store lacks is named with the command that trains it.

Examples:
  losslab verdicts
  losslab verdicts --out docs/results
`,
    )
    .action(async (question: string, flags: Flags) => {
      const { verdictsCommand } = await import("../verdicts-command.ts");
      await verdictsCommand(question, flags);
    });
