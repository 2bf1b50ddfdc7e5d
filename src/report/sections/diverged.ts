import type { TrialResult } from "../../run/records.ts";
import { significant } from "../../util/format.ts";
import type { ReportContext } from "../context.ts";
import { prose, type Section } from "../document.ts";
import { faultOf } from "../measures.ts";
import type { Words } from "../words/index.ts";
import { left, right } from "./cells.ts";

/** Where the trouble came from, where that was looked for: `log in the loss made -Infinity of 0 … 0.3`. */
function origin(trial: TrialResult, { diverged }: Words): string {
  const fault = faultOf(trial);
  if (!fault) return "–";
  const { part, operation, layer, inputs } = fault;
  const value = significant(Number(fault.value));
  if (part === "update") return diverged.ofUpdate({ layer: String(layer), step: fault.step + 1, value });
  return diverged.ofOperation({
    operation: String(operation),
    part,
    layer: layer ?? null,
    value,
    inputs: inputs.map(({ low, high }) => `${significant(low, 3)} … ${significant(high, 3)}`),
  });
}

/** Every trial that did not end well, with its reason; null when there is none. */
export function divergedSection({ configurations, words }: ReportContext): Section | null {
  const lost = configurations.flatMap((c) =>
    c.trials
      .filter((t) => ["diverged", "failed", "skipped"].includes(t.status))
      .map((trial) => ({ configuration: c, trial })),
  );
  if (lost.length === 0) return null;
  const { common, diverged: say } = words;
  const diverged = lost.filter((l) => l.trial.status === "diverged").length;
  const traced = lost.some((l) => faultOf(l.trial));
  const total = configurations.reduce((n, c) => n + c.trials.length, 0);
  return {
    id: "diverged",
    heading: diverged === lost.length ? say.headings.diverged : say.headings.any,
    blocks: [
      prose(say.summary({ lost: lost.length, trials: total })),
      {
        kind: "table",
        table: {
          caption: say.caption,
          columns: [
            left(common.configuration),
            right(common.seed),
            left(say.columns.outcome),
            left(say.columns.reason),
            ...(traced ? [left(say.columns.origin)] : []),
            right(say.columns.lastLoss),
          ],
          rows: lost.map(({ configuration: c, trial: t }) => {
            const last = t.history.findLast((r) => Number.isFinite(r.test.loss));
            return [
              { text: c.label, style: c.style, of: c.key },
              { text: String(t.trial.seed) },
              { text: common.statuses[t.status] },
              { text: t.reason ?? say.notRecorded },
              ...(traced ? [{ text: origin(t, words) }] : []),
              last
                ? {
                    text: say.lastLoss({ loss: significant(last.test.loss), epoch: last.epoch }),
                    exact: String(last.test.loss),
                  }
                : { text: "–" },
            ];
          }),
        },
      },
    ],
  };
}
