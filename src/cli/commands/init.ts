import { Command } from "commander";

/** Writes a study file to begin with. */
export const init = (): Command =>
  new Command("init")
    .description("Write a commented study file to begin with, and its JSON Schema for editors.")
    .argument("[file]", "the file to write", "study.yaml")
    .option("--force", "overwrite an existing file")
    .option("--schema", "print the JSON Schema of study files instead")
    .addHelpText(
      "after",
      `
Examples:
  losslab init
  losslab init noisy-labels.yaml
  losslab init --schema > study.schema.json
`,
    )
    .action(async (file: string, flags: { force?: boolean; schema?: boolean }) => {
      const { initCommand } = await import("../init-command.ts");
      initCommand(file, flags);
    });
