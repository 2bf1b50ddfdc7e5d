import type { SplitName } from "../../run/observations.ts";
import { percentInterval, significant } from "../../util/format.ts";
import { over } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Section, Table } from "../document.ts";
import { DECISIONS, type Measure, measuredAt, OF_PROBABILITIES, topKs } from "../measures.ts";
import { intervalCell } from "./ranking.ts";

const SPLITS = { test: "Test set", train: "Training set", validation: "Validation split" } as const;

/** `0.9642 ± 0.0018` */
export const plainInterval = (value: number, halfWidth: number | null): string =>
  halfWidth === null ? significant(value) : `${significant(value)} ± ${significant(halfWidth, 2)}`;

/** All measures after the last epoch, on each split. */
export function measuresSection(context: ReportContext): Section | null {
  if (context.configurations.every((c) => c.done.length === 0)) return null;
  const blocks: Block[] = [{ kind: "table", table: table(context, "test", DECISIONS, decisions) }];
  const ofProbabilities = [...OF_PROBABILITIES, ...topKs(context.results.trials)];
  const has = (split: SplitName) => table(context, split, ofProbabilities, probabilities);
  if (isKnown(context, "test")) blocks.push({ kind: "table", table: has("test") });
  const others = (["train", "validation"] as const).filter((s) => s === "train" || context.hasValidation);
  blocks.push({
    kind: "fold",
    heading: "The same on the training set and the validation split",
    blocks: others.flatMap((split): Block[] => [
      { kind: "table", table: table(context, split, DECISIONS, decisions) },
      ...(isKnown(context, split) ? [{ kind: "table" as const, table: has(split) }] : []),
    ]),
  });
  return { id: "measures", heading: "Measures", blocks };
}

const isKnown = ({ results }: ReportContext, split: SplitName): boolean =>
  results.trials.some((t) => measuredAt(t, split, t.history.length)?.probabilities);

const decisions =
  "macro averages count every class the same, weighted ones by its examples (weighted recall is the accuracy); percent but for MCC and κ";
const probabilities =
  "of the softmax of the outputs, whatever the loss made of them; log loss in nats, ECE, MCE and top-k in percent";

function table({ rows }: ReportContext, split: SplitName, measures: readonly Measure[], what: string): Table {
  // Decisions on the training set are counted while training; probabilities are measured with the final weights.
  const running = split === "train" && measures === DECISIONS;
  return {
    caption: `${SPLITS[split]}, ${running ? "over the last epoch, while the weights change" : "after the last epoch"}: ${what}.`,
    columns: [
      { header: "configuration", align: "left" },
      ...measures.map(({ title }) => ({ header: title, align: "right" as const })),
    ],
    rows: rows.map(({ configuration: c, standing }) => [
      { text: c.label, style: c.style, strong: standing === "first" },
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
