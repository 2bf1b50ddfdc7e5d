import { Command, Option } from "commander";
import { withStore } from "../options.ts";

interface Flags {
  store: string;
  json?: boolean;
  csv?: "measures" | "robustness" | "diagnostics";
  history?: boolean;
}

/** Prints what a run found. */
export const results = (): Command =>
  withStore(new Command("results"))
    .description("Print the results of a run: a ranked table, or JSON or CSV for programs.")
    .argument("[run]", "id of a run, its beginning, or a study's name (default: the newest)")
    .option("--json", "print one JSON object")
    .addOption(
      new Option("--csv [table]", "print comma-separated values: a row a trial and split, disturbance, or layer")
        .choices(["measures", "robustness", "diagnostics"])
        .preset("measures")
        .conflicts("json"),
    )
    .option("--history", "with --json and --csv measures: every epoch of every trial too")
    .addHelpText(
      "after",
      `
Examples:
  losslab results
  losslab results quickstart
  losslab results quickstart --json --history > results.json
  losslab results quickstart --csv > measures.csv
`,
    )
    .action(async (run: string | undefined, { store: dir, json, csv, history = false }: Flags) => {
      const { openStore } = await import("../../store/store.ts");
      const store = await openStore(dir, { readOnly: true });
      try {
        const found = await store.results(run, { confusions: history ? true : "last" });
        if (json) {
          const { toJson } = await import("../../report/json.ts");
          console.log(JSON.stringify(toJson(found, { history })));
        } else if (csv) {
          const { diagnosticsCsv, measuresCsv, robustnessCsv } = await import("../../report/results-csv.ts");
          const write = {
            measures: () => measuresCsv(found, { history }),
            robustness: () => robustnessCsv(found),
            diagnostics: () => diagnosticsCsv(found),
          };
          process.stdout.write(write[csv]());
        } else {
          const { printResults } = await import("../print-results.ts");
          printResults(found);
        }
      } finally {
        await store.close();
      }
    });
