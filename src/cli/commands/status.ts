import { Command } from "commander";
import { withStore } from "../options.ts";

/** Workers and queue of a store. */
export const status = (): Command =>
  withStore(new Command("status"))
    .description("Show the workers of a store, and the queue that they work on.")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Examples:
  losslab status --store postgres://lab@db/losslab
  watch losslab status
`,
    )
    .action(async ({ store, json }: { store: string; json?: boolean }) => {
      const { statusCommand } = await import("../status-command.ts");
      await statusCommand(store, json ?? false);
    });
