import type { ReportContext } from "../context.ts";
import type { Section } from "../document.ts";
import { left } from "./cells.ts";

export function environmentSection({ results: { run }, words: { environment: say } }: ReportContext): Section {
  const names: Record<string, string> = say.names;
  return {
    id: "environment",
    heading: say.heading,
    blocks: [
      {
        kind: "table",
        table: {
          caption: say.caption,
          columns: [left(say.what), left(say.value)],
          rows: Object.entries(run.environment).map(([what, value]) => [
            { text: names[what] ?? what },
            { text: value },
          ]),
        },
      },
    ],
  };
}
