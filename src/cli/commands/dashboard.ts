import { Command } from "commander";
import { atLeast, withStore } from "../options.ts";

export interface DashboardFlags {
  store: string;
  port: number;
  host: string;
  readOnly?: boolean;
  allowCode?: boolean;
  data?: string;
  open?: boolean;
}

/** Serves the runs of a store to a browser, while they run. */
export const dashboard = (): Command =>
  withStore(new Command("dashboard"))
    .description("Watch runs in the browser while they train; start, pause, resume and stop them.")
    .option("--port <n>", "where to listen; 0 for any free port", atLeast(0, "--port"), 7008)
    .option("--host <address>", "for other machines too: a token is then needed, which is printed once", "127.0.0.1")
    .option("--read-only", "nothing can be started or stopped")
    .option("--allow-code", "let studies from the page name code, and data outside this folder")
    .option("--data <dir>", "folder of real data for runs that are started here (default: $LOSSLAB_DATA)")
    .option("--open", "open the page in the browser")
    .addHelpText(
      "after",
      `
Runs that are started here go on when the dashboard ends. Ctrl-C ends it.

Examples:
  losslab dashboard
  losslab dashboard --store results --read-only
  losslab dashboard --host 0.0.0.0 --port 8080
`,
    )
    .action(async (flags: DashboardFlags) => {
      const { dashboardCommand } = await import("../dashboard-command.ts");
      await dashboardCommand(flags);
    });
