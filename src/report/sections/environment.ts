import type { ReportContext } from "../context.ts";
import type { Section } from "../document.ts";

export function environmentSection({ results: { run } }: ReportContext): Section {
  return {
    id: "environment",
    heading: "Environment",
    blocks: [
      {
        kind: "table",
        table: {
          caption: "Versions and machine of the run.",
          columns: [
            { header: "what", align: "left" },
            { header: "value", align: "left" },
          ],
          rows: Object.entries(run.environment).map(([what, value]) => [{ text: what }, { text: value }]),
        },
      },
    ],
  };
}
