/** Reproductions as Markdown, with the pictures that their studies ask for. */
import type { ReadyStudy } from "../lab/study.ts";
import { reportContext } from "../report/context.ts";
import type { Block } from "../report/document.ts";
import { markdown } from "../report/markdown.ts";
import { pictureBlocks } from "../report/pictures/index.ts";
import type { RunInfo, RunResults, TrialResult } from "../run/records.ts";
import { picturesOf } from "../study/picture-kinds.ts";
import { reproductionDocument } from "./document.ts";
import type { Reproduction } from "./reproduction.ts";

/** Trials as results of a run, for what is made from them alone: pictures ask for nothing else of a run. */
function asResults({ plan: { study } }: ReadyStudy, trials: readonly TrialResult[]): RunResults {
  const run: RunInfo = {
    id: "",
    study: study.name,
    spec: study.said,
    startedAt: "",
    finishedAt: null,
    state: "finished",
    environment: {},
    trials: trials.map(({ trial }) => trial.id),
  };
  return { run, trials: [...trials] };
}

/** Names a study's pictures and data by the study, as several studies stand beside each other. */
const renamed = (blocks: readonly Block[], study: string): Block[] =>
  blocks.map((block) =>
    block.kind === "picture"
      ? { ...block, picture: { ...block.picture, id: `${study}-${block.picture.id.replace(/^picture-/, "")}` } }
      : block,
  );

/** @returns contents by file: `report-e.md`, `pictures/….svg`, `data/….csv` */
export async function written(
  found: readonly Reproduction[],
  studies: ReadonlyMap<string, ReadyStudy>,
  trials: ReadonlyMap<string, readonly TrialResult[]>,
): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const reproduction of found) {
    const pictures = new Map<string, Block[]>();
    for (const name of reproduction.report.studies) {
      const own = trials.get(name) ?? [];
      const ready = studies.get(name)!;
      const asked = picturesOf(ready.plan.study.said.pictures);
      if (own.length === 0 || asked.length === 0) continue;
      const context = reportContext(asResults(ready, own), {});
      pictures.set(name, renamed(await pictureBlocks(context, asked), name));
    }
    const { text, files: beside } = markdown(reproductionDocument(reproduction, pictures));
    files[`report-${reproduction.report.report}.md`] = text;
    Object.assign(files, beside);
  }
  return files;
}
