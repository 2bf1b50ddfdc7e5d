import type { ReportContext } from "../context.ts";
import { prose, type Section } from "../document.ts";
import { studyFile } from "./setup.ts";

export function reproduceSection({ results: { run } }: ReportContext): Section {
  const file = studyFile(run.study);
  const version = run.environment.losslab ? ` with losslab ${run.environment.losslab}` : "";
  return {
    id: "reproduce",
    heading: "How to reproduce",
    blocks: [
      prose(
        `Save the study file above as ${file}, then train it again${version} and write this report from the new run:`,
      ),
      {
        kind: "code",
        language: "sh",
        text: `losslab run ${file}\nlosslab report latest\n`,
      },
      prose(
        `This report was made from run ${run.id}; \`losslab report ${run.id}\` writes it again from the stored measurements without training. The same study, version and machine give the same numbers to the last bit, whatever the number of workers.`,
      ),
    ],
  };
}
