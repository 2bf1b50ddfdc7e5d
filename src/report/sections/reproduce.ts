import type { ReportContext } from "../context.ts";
import { prose, type Section } from "../document.ts";
import { studyFile } from "./setup.ts";

export function reproduceSection({ results: { run }, language, words: { reproduce: say } }: ReportContext): Section {
  const file = studyFile(run.study);
  const written = language === "en" ? "" : ` --lang ${language}`;
  return {
    id: "reproduce",
    heading: say.heading,
    blocks: [
      prose(say.save({ file, version: run.environment.losslab ?? null })),
      { kind: "code", language: "sh", text: `losslab run ${file}\nlosslab report latest${written}\n` },
      prose(say.again({ run: run.id })),
    ],
  };
}
