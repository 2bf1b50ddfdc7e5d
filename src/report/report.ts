import type { RunResults } from "../run/records.ts";
import { buildReport, type ReportOptions } from "./build.ts";
import type { ReportDocument } from "./document.ts";
import { html } from "./html.ts";
import { markdown } from "./markdown.ts";

export const reportFormats = ["html", "md", "pdf", "json"] as const;
export type ReportFormat = (typeof reportFormats)[number];

export interface RenderedReport {
  text: string | Uint8Array;
  /** What the text links to, by path beside it; nothing for formats that hold everything. */
  files: Record<string, string>;
}

/** A report in one of its formats. @param font with Chinese characters, for PDF */
export async function writeReport(
  document: ReportDocument,
  results: RunResults,
  { format, font }: { format: ReportFormat; font?: string },
): Promise<RenderedReport> {
  switch (format) {
    case "html":
      return { text: html(document), files: {} };
    case "md":
      return markdown(document);
    case "json": {
      const { reportJson } = await import("./report-json.ts");
      return { text: `${JSON.stringify(reportJson(document, results))}\n`, files: {} };
    }
    case "pdf": {
      const { pdf } = await import("./pdf/index.ts");
      return { text: await pdf(document, { ...(font !== undefined && { font }) }), files: {} };
    }
  }
}

/** The report of a run, written out as text. */
export async function renderReport(
  results: RunResults,
  { format, ...options }: ReportOptions & { format: "html" | "md" | "json" },
): Promise<RenderedReport & { text: string }> {
  const { text, files } = await writeReport(await buildReport(results, options), results, { format });
  return { text: String(text), files };
}
