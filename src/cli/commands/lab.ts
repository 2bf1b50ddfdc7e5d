import { Command } from "commander";
import { atLeast } from "../options.ts";

/** Serves the pages that compute in the browser. */
export const lab = (): Command =>
  new Command("lab")
    .description("Open the loss explorer and the laboratory: pages that compute in your browser.")
    .option("--port <n>", "where to listen on this machine; 0 for any free port", atLeast(0, "--port"), 7007)
    .addHelpText(
      "after",
      `
Nothing leaves the browser: files that you open there are not uploaded. Ctrl-C ends the server.

Examples:
  losslab lab
  losslab lab --port 0
`,
    )
    .action(async (flags: { port: number }) => {
      const { labCommand } = await import("../lab-command.ts");
      await labCommand(flags.port);
    });
