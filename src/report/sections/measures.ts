import type { SplitName } from "../../run/observations.ts";
import { percentInterval, significant } from "../../util/format.ts";
import { over } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Section, Table } from "../document.ts";
import { DECISIONS, type Measure, measuredAt, OF_PROBABILITIES, topKs } from "../measures.ts";
import { intervalCell, left, nameCell, right } from "./cells.ts";

/** `0.9642 ± 0.0018` */
export const plainInterval = (value: number, halfWidth: number | null): string =>
  halfWidth === null ? significant(value) : `${significant(value)} ± ${significant(halfWidth, 2)}`;

/** All measures after the last epoch, on each split. */
export function measuresSection(context: ReportContext): Section | null {
  if (context.configurations.every((c) => c.done.length === 0)) return null;
  const blocks: Block[] = [{ kind: "table", table: table(context, "test", DECISIONS) }];
  const ofProbabilities = [...OF_PROBABILITIES, ...topKs(context.results.trials)];
  const has = (split: SplitName) => table(context, split, ofProbabilities);
  if (isKnown(context, "test")) blocks.push({ kind: "table", table: has("test") });
  const others = (["train", "validation"] as const).filter((s) => s === "train" || context.hasValidation);
  blocks.push({
    kind: "fold",
    heading: context.words.measures.fold,
    blocks: others.flatMap((split): Block[] => [
      { kind: "table", table: table(context, split, DECISIONS) },
      ...(isKnown(context, split) ? [{ kind: "table" as const, table: has(split) }] : []),
    ]),
  });
  return { id: "measures", heading: context.words.measures.heading, blocks };
}

const isKnown = ({ results }: ReportContext, split: SplitName): boolean =>
  results.trials.some((t) => measuredAt(t, split, t.history.length)?.probabilities);

function table({ rows, words }: ReportContext, split: SplitName, measures: readonly Measure[]): Table {
  const { measures: say, common } = words;
  const areDecisions = measures === DECISIONS;
  // Decisions on the training set are counted while training; probabilities are measured with the final weights.
  const running = split === "train" && areDecisions;
  const titleOf = ({ key, title }: Measure): string =>
    Object.hasOwn(say.titles, key) ? say.titles[key as keyof typeof say.titles] : title;
  return {
    caption: say.caption({
      split: say.splits[split],
      when: running ? say.running : say.after,
      what: areDecisions ? say.decisions : say.probabilities,
    }),
    columns: [left(common.configuration), ...measures.map((m) => right(titleOf(m)))],
    rows: rows.map(({ configuration: c, standing }) => [
      nameCell(c, standing),
      ...measures.map(({ unit, read }) =>
        intervalCell(
          over(c.done, (t) => {
            const found = measuredAt(t, split, t.history.length);
            return found ? read(found) : undefined;
          }),
          unit === "percent" ? percentInterval : plainInterval,
        ),
      ),
    ]),
  };
}
