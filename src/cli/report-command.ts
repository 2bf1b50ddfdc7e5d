import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { buildReport } from "../report/build.ts";
import { writeReport } from "../report/report.ts";
import { openStore } from "../store/store.ts";
import { plural } from "../util/format.ts";
import type { ReportFlags } from "./commands/report.ts";
import { writeFiles } from "./write-files.ts";

export async function reportCommand(run: string | undefined, flags: ReportFlags): Promise<void> {
  const { store: dir, format, lang: language, out = `report.${format}`, pictures, font } = flags;
  const store = await openStore(dir, { readOnly: true });
  try {
    const results = await store.results(run, { confusions: "last" });
    const document = await buildReport(results, { language });
    const { text, files } = await writeReport(document, results, { format, ...(font !== undefined && { font }) });
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, text);
    writeFiles(dirname(out), files);
    const beside = Object.keys(files).length;
    console.log(`wrote ${out}${beside > 0 ? ` and ${plural(beside, "file")} beside it` : ""}`);
    if (pictures !== undefined) {
      const { pictureFiles } = await import("../report/picture-files.ts");
      const drawn = await pictureFiles(document);
      writeFiles(pictures, drawn);
      console.log(`wrote ${plural(Object.keys(drawn).length, "file")} of pictures to ${pictures}`);
    }
  } finally {
    await store.close();
  }
}
