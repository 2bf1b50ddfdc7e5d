import { Command, Option } from "commander";
import { withStore } from "../options.ts";

interface Flags {
  store: string;
  format: "html" | "md";
  out?: string;
}

/** Writes a run up. */
export const report = (): Command =>
  withStore(new Command("report"))
    .description("Write the report of a run: one self-contained HTML file, or Markdown with pictures beside it.")
    .argument("[run]", "id of a run, its beginning, or a study's name (default: the newest)")
    .addOption(new Option("--format <format>", "html or md").choices(["html", "md"]).default("html"))
    .option("--out <file>", "file to write (default: report.html or report.md)")
    .addHelpText(
      "after",
      `
Examples:
  losslab report
  losslab report quickstart --out quickstart.html
  losslab report --format md --out results/report.md
`,
    )
    .action(async (run: string | undefined, { store: dir, format, out = `report.${format}` }: Flags) => {
      const { mkdirSync, writeFileSync } = await import("node:fs");
      const { dirname, join } = await import("node:path");
      const { openStore } = await import("../../store/store.ts");
      const { renderReport } = await import("../../report/index.ts");
      const store = await openStore(dir, { readOnly: true });
      try {
        const { text, files } = await renderReport(await store.results(run, { confusions: "last" }), { format });
        mkdirSync(dirname(out), { recursive: true });
        writeFileSync(out, text);
        for (const [name, content] of Object.entries(files)) {
          const file = join(dirname(out), name);
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, content);
        }
        console.log(
          `wrote ${out}${Object.keys(files).length > 0 ? ` and ${Object.keys(files).length} files beside it` : ""}`,
        );
      } finally {
        await store.close();
      }
    });
