import { median } from "../../stats/median.ts";
import { percent, percentInterval, plural } from "../../util/format.ts";
import { answer, answers } from "../answer.ts";
import type { ReportContext } from "../context.ts";
import { prose, type Section } from "../document.ts";
import { untuned } from "../stages.ts";
import { named } from "../wording.ts";

/** The answer for each of the study's data, what selecting the epoch changes, and what stands against it. */
export function answerSection(context: ReportContext): Section {
  const finished = context.results.run.state === "finished";
  const found =
    context.rows.length > 0 ? answers(context.rows, context.comparisons, finished) : ["No trial has finished yet."];
  const blocks = found.map((sentence) => prose(sentence, { lead: true }));
  // Of several data, no single configuration is the best.
  const more = [found.length > 1 ? null : selection(context), caveat(context)].filter((s) => s !== null).join(" ");
  if (more) blocks.push(prose(more));
  const stated = withoutTuning(context);
  if (stated) blocks.push(prose(stated));
  return { id: "answer", heading: "Answer", blocks };
}

/** The same question with the hyperparameters that the study states, where the answer is about tuned ones. */
function withoutTuning({ whole, tuning }: ReportContext): string | null {
  if (!tuning?.cells.some((c) => c.chosen)) return null;
  const sentences = answer(untuned(whole)).replaceAll("\n", " ");
  return `This compares the configurations with hyperparameters that were tuned for each by itself (see Tuning). With those that the study states, untuned: ${sentences}`;
}

/** Final and best-validation figures are two protocols: whether they agree on the first. */
function selection({ rows, hasValidation }: ReportContext): string | null {
  const at = rows.filter((r) => r.configuration.summaries.testAccuracyAtBestValidation !== null);
  if (!hasValidation || at.length < 2) return null;
  const best = at.reduce((a, b) =>
    b.configuration.summaries.testAccuracyAtBestValidation!.mean >
    a.configuration.summaries.testAccuracyAtBestValidation!.mean
      ? b
      : a,
  );
  const { mean, halfWidth } = best.configuration.summaries.testAccuracyAtBestValidation!;
  const value = `${percentInterval(mean, halfWidth)} %`;
  return best.standing === "first"
    ? `At the epoch with the best validation accuracy instead of the last, ${best.configuration.label} is first as well (${value}).`
    : `At the epoch with the best validation accuracy instead of the last, ${best.configuration.label} would be first (${value}).`;
}

function caveat({ configurations, rows, learned }: ReportContext): string | null {
  if (rows.every((r) => r.rank === null)) return null;
  const lost = configurations.filter((c) => c.diverged.length > 0);
  const trials = configurations.reduce((n, c) => n + c.trials.length, 0);
  if (lost.length > 0) {
    const n = lost.reduce((sum, c) => sum + c.diverged.length, 0);
    const rest = lost.some((c) => c.done.length > 0) ? "; means are over the trials that finished" : "";
    return `${n} of ${plural(trials, "trial")} diverged (${named(lost.map((c) => c.label))})${rest}.`;
  }
  const halves = rows.flatMap((r) => (learned.includes(r.configuration) ? (r.difference?.halfWidth ?? []) : []));
  const seeds = Math.min(...learned.map((c) => c.done.length));
  const size = median(halves);
  if (halves.length === 0 || size === 0) return null;
  return `With ${plural(seeds, "seed")}, differences below about ${percent(size)} points cannot be told from noise here.`;
}
