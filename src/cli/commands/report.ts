import { Command, Option } from "commander";
import type { ReportFormat } from "../../report/index.ts";
import type { Language } from "../../report/words/languages.ts";
import { withLanguage, withStore } from "../options.ts";

export interface ReportFlags {
  store: string;
  format: ReportFormat;
  lang: Language;
  out?: string;
  pictures?: string;
  font?: string;
}

const FORMATS: readonly ReportFormat[] = ["html", "md", "pdf", "json"];

/** Writes a run up. */
export const report = (): Command =>
  withLanguage(withStore(new Command("report")))
    .description(
      "Write the report of a run: one HTML file, Markdown with pictures beside it, PDF, or JSON for programs.",
    )
    .argument("[run]", "id of a run, its beginning, or a study's name (default: the newest)")
    .addOption(new Option("--format <format>", FORMATS.join(", ")).choices(FORMATS).default("html"))
    .option("--out <file>", "file to write (default: report.html, report.md, …)")
    .option("--pictures <dir>", "write every picture as SVG and PNG there too, with its data as CSV")
    .option("--font <file>", "with --format pdf: a font with Chinese characters (default: one of the system's)")
    .addHelpText(
      "after",
      `
Examples:
  losslab report
  losslab report quickstart --out quickstart.html --lang zh
  losslab report --format pdf --pictures figures
`,
    )
    .action(async (run: string | undefined, flags: ReportFlags) => {
      const { reportCommand } = await import("../report-command.ts");
      await reportCommand(run, flags);
    });
