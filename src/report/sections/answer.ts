import { median } from "../../stats/median.ts";
import { answers, answersOf } from "../answer.ts";
import { who } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { prose, type Section } from "../document.ts";
import { ranked } from "../ranking.ts";
import { untuned } from "../stages.ts";
import type { Text } from "../text.ts";

/** The answer for each of the study's data, what selecting the epoch changes, and what stands against it. */
export function answerSection(context: ReportContext): Section {
  const { rows, comparisons, results, words } = context;
  const finished = results.run.state === "finished";
  const found = rows.length > 0 ? answers(rows, comparisons, finished, words) : [words.answer.nothingYet];
  const blocks = found.map((sentence) => prose(sentence, { lead: true }));
  const stated = withoutTuning(context);
  if (stated) blocks.push(prose(stated));
  // Of several data, no single configuration is the best.
  const more = [found.length > 1 ? null : selection(context), caveat(context)].filter((s) => s !== null);
  if (more.length > 0) blocks.push(prose(words.grammar.sentences(more.map(words.grammar.sentence))));
  return { id: "answer", heading: words.answer.heading, blocks };
}

/** The same question with the hyperparameters that the study states, where the answer is about tuned ones. */
function withoutTuning({ whole, tuning, words }: ReportContext): Text | null {
  if (!tuning?.cells.some((c) => c.chosen)) return null;
  const { grammar, answer } = words;
  if (!tuning.cells.some((c) => c.untuned)) return grammar.sentences([answer.tuned]);
  return grammar.sentences([answer.tuned, answer.untuned, ...answersOf(ranked(untuned(whole)), words)]);
}

/** Final and best-validation figures are two protocols: whether they agree on the first. */
function selection({ rows, hasValidation, words }: ReportContext): Text | null {
  const at = rows.filter((r) => r.configuration.summaries.testAccuracyAtBestValidation !== null);
  if (!hasValidation || at.length < 2) return null;
  const best = at.reduce((a, b) =>
    b.configuration.summaries.testAccuracyAtBestValidation!.mean >
    a.configuration.summaries.testAccuracyAtBestValidation!.mean
      ? b
      : a,
  );
  const value = best.configuration.summaries.testAccuracyAtBestValidation!;
  return words.answer.selection({ who: who(best.configuration), value, same: best.standing === "first" });
}

function caveat({ configurations, rows, learned, words }: ReportContext): Text | null {
  if (rows.every((r) => r.rank === null)) return null;
  const lost = configurations.filter((c) => c.diverged.length > 0);
  if (lost.length > 0) {
    return words.answer.lost({
      n: lost.reduce((sum, c) => sum + c.diverged.length, 0),
      trials: configurations.reduce((n, c) => n + c.trials.length, 0),
      whos: lost.map(who),
      finished: lost.some((c) => c.done.length > 0),
    });
  }
  const halves = rows.flatMap((r) => (learned.includes(r.configuration) ? (r.difference?.halfWidth ?? []) : []));
  const seeds = Math.min(...learned.map((c) => c.done.length));
  const size = median(halves);
  return halves.length === 0 || size === 0 ? null : words.answer.resolution({ seeds, size });
}
