/** Results to sentences, tables and reports. What draws pictures is loaded when a report is written, not before. */
import type { RunResults } from "../run/records.ts";
import type { ReportOptions } from "./build.ts";
import type { RenderedReport } from "./report.ts";

export { answer } from "./answer.ts";
export type { ReportOptions } from "./build.ts";
export { groundsText, judgedClaims } from "./claims.ts";
export { type Configuration, configurations } from "./configurations.ts";
export { designText, endText, lookJson, lookText, sequentialLooks, spendingName } from "./looks.ts";
export { type RankingRow, ranked, ranking } from "./ranking.ts";
export type { RenderedReport, ReportFormat } from "./report.ts";
export { asOfLook } from "./sampling.ts";
export { terminalTable } from "./terminal-table.ts";
export { type TuningResults, tuningResults } from "./tuning.ts";
export { settingText, warningsOf } from "./tuning-words.ts";
export { type Language, wordsIn } from "./words/index.ts";

/** The report of a run, written out. */
export async function renderReport(
  results: RunResults,
  options: ReportOptions & { format: "html" | "md" | "json" },
): Promise<RenderedReport & { text: string }> {
  return (await import("./report.ts")).renderReport(results, options);
}
