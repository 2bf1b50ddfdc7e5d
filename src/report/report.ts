import type { RunResults } from "../run/records.ts";
import { buildReport, type ReportOptions } from "./build.ts";
import { html } from "./html.ts";
import { markdown } from "./markdown.ts";

export type ReportFormat = "html" | "md";

export interface RenderedReport {
  text: string;
  /** What the text links to, by path beside it; nothing for HTML, which holds everything. */
  files: Record<string, string>;
}

/** The report of a run, written out. */
export async function renderReport(
  results: RunResults,
  { format, ...options }: ReportOptions & { format: ReportFormat },
): Promise<RenderedReport> {
  const document = await buildReport(results, options);
  return format === "html" ? { text: html(document), files: {} } : markdown(document);
}
