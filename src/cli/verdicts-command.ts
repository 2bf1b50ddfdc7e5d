import { markdown } from "../report/markdown.ts";
import type { RunResults } from "../run/records.ts";
import { openStore } from "../store/store.ts";
import { verdictJson } from "../verdicts/json.ts";
import { verdictDocument } from "../verdicts/page.ts";
import { settle } from "../verdicts/settle.ts";
import { question, studiesOf } from "../verdicts/verdict-file.ts";
import { writeFiles } from "./write-files.ts";

interface Flags {
  store: string;
  json?: boolean;
  out?: string;
}

export async function verdictsCommand(name: string, flags: Flags): Promise<void> {
  const asked = question(name);
  const store = await openStore(flags.store, { readOnly: true });
  try {
    // The newest run of each study: a trial that another run trained is in it too.
    const studies = new Map<string, RunResults>();
    const runs = await store.runs();
    for (const study of studiesOf(asked)) {
      const newest = runs.find((run) => run.study === study);
      if (newest) studies.set(study, await store.results(newest.id, { confusions: "last" }));
    }
    const settled = settle(asked, studies);
    if (flags.json) console.log(JSON.stringify(verdictJson(settled), null, 1));
    const used = [...studies.values()].map(({ run }) => `run ${run.id} of ${run.study}`);
    const { text, files } = markdown(await verdictDocument(settled, [`losslab verdicts ${name}`, ...used]));
    if (!flags.json) console.log(text);
    if (flags.out) {
      writeFiles(flags.out, { "verdicts.md": text, ...files });
      console.error(`wrote verdicts.md to ${flags.out}`);
    }
  } finally {
    await store.close();
  }
}
