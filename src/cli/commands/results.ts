import { Command } from "commander";
import { withStore } from "../options.ts";

interface Flags {
  store: string;
  json?: boolean;
  history?: boolean;
}

/** Prints what a run found. */
export const results = (): Command =>
  withStore(new Command("results"))
    .description("Print the results of a run: a ranked table, or one JSON object for programs.")
    .argument("[run]", "id of a run, its beginning, or a study's name (default: the newest)")
    .option("--json", "print one JSON object")
    .option("--history", "with --json: every epoch of every trial too")
    .addHelpText(
      "after",
      `
Examples:
  losslab results
  losslab results quickstart
  losslab results quickstart --json --history > results.json
`,
    )
    .action(async (run: string | undefined, { store: dir, json, history = false }: Flags) => {
      const { openStore } = await import("../../store/store.ts");
      const store = await openStore(dir, { readOnly: true });
      try {
        const found = await store.results(run, { confusions: history ? true : "last" });
        if (json) {
          const { toJson } = await import("../../report/json.ts");
          console.log(JSON.stringify(toJson(found, { history })));
        } else {
          const { printResults } = await import("../print-results.ts");
          printResults(found);
        }
      } finally {
        await store.close();
      }
    });
