/** A run whose seeds are added until all is decided: what it says at each look, and what it spent at the end. */
import type { Execution } from "../lab/execute.ts";
import { executeLooks, type LookOptions } from "../lab/looks.ts";
import { asOfLook, designText, endText, lookJson, lookText, sequentialLooks, spendingName } from "../report/index.ts";
import type { Store } from "../store/store.ts";
import type { Plan } from "../study/plan.ts";
import type { SequentialDesign } from "../study/until.ts";
import { canonicalJson } from "../util/hash.ts";
import { line } from "./json-line.ts";
import { paint } from "./paint.ts";

interface Options extends Omit<LookOptions, "onLook"> {
  json: boolean;
  /** The training of a look is over. */
  onEnd: () => void;
}

/** Levels hold for a design that was stated before anybody looked. */
async function warnOfOthers({ study }: Plan, store: Store): Promise<void> {
  const before = (await store.runs()).find(
    (run) => run.study === study.name && canonicalJson(run.spec) !== canonicalJson(study.said) && run.counts.done > 0,
  );
  if (before)
    process.stderr.write(
      `${paint.yellow("note")}  run ${before.id} had a look at a study of this name by another design; the levels of this one hold if its results played no part in choosing it\n`,
    );
}

export async function lookByLook(plan: Plan, design: SequentialDesign, options: Options): Promise<Execution> {
  const { json, onEnd, store } = options;
  await warnOfOthers(plan, store);
  if (!json)
    console.log(
      `Seeds are added until all is decided, with ${designText(design)}; the level is spent as by ${spendingName(design)}.`,
    );
  return executeLooks(plan, design, {
    ...options,
    onLook(results, look) {
      onEnd();
      const looks = sequentialLooks(asOfLook(results, design, look))!;
      const { taken, planned, end } = looks;
      const now = taken[taken.length - 1];
      if (json) line({ event: "look", look: look + 1, of: planned.length, ...lookJson(now), end });
      else console.log(`${paint.bold(`look ${look + 1} of ${planned.length}`)}  ${lookText(now)}`);
      if (end !== null && !json) console.log(`${paint.bold(endText(looks)!)}\n`);
      return end !== null;
    },
  });
}
