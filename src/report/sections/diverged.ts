import type { TrialResult } from "../../run/records.ts";
import { plural, significant } from "../../util/format.ts";
import type { ReportContext } from "../context.ts";
import { prose, type Section } from "../document.ts";
import { faultOf } from "../measures.ts";

/** Where the trouble came from, where that was looked for: `log in the loss made -Infinity of 0 … 0.3`. */
function origin(trial: TrialResult): string {
  const fault = faultOf(trial);
  if (!fault) return "–";
  const { part, operation, layer, inputs } = fault;
  const value = significant(Number(fault.value));
  if (part === "update") return `the update of ${layer} before step ${fault.step + 1} made ${value}`;
  const behind = layer ? ` behind ${layer}` : "";
  const where = { forward: `in the network${behind}`, loss: "in the loss", gradient: "in the gradient" }[part];
  const of = inputs.map(({ low, high }) => `${significant(low, 3)} … ${significant(high, 3)}`).join(" and ");
  return `${operation} ${where} made ${value}${of ? ` of ${of}` : ""}`;
}

/** Every trial that did not end well, with its reason; null when there is none. */
export function divergedSection({ configurations }: ReportContext): Section | null {
  const lost = configurations.flatMap((c) =>
    c.trials
      .filter((t) => ["diverged", "failed", "skipped"].includes(t.status))
      .map((trial) => ({ configuration: c, trial })),
  );
  if (lost.length === 0) return null;
  const diverged = lost.filter((l) => l.trial.status === "diverged").length;
  const traced = lost.some((l) => faultOf(l.trial));
  const total = configurations.reduce((n, c) => n + c.trials.length, 0);
  return {
    id: "diverged",
    heading: diverged === lost.length ? "Diverged trials" : "Trials without a result",
    blocks: [
      prose(
        `${lost.length} of ${plural(total, "trial")} gave no final figures. They count as lost above and enter no mean.`,
      ),
      {
        kind: "table",
        table: {
          caption: "Trials that did not finish.",
          columns: [
            { header: "configuration", align: "left" },
            { header: "seed", align: "right" },
            { header: "outcome", align: "left" },
            { header: "reason", align: "left" },
            ...(traced ? [{ header: "first number that is none", align: "left" as const }] : []),
            { header: "last finite test loss", align: "right" },
          ],
          rows: lost.map(({ configuration: c, trial: t }) => {
            const last = t.history.findLast((r) => Number.isFinite(r.test.loss));
            return [
              { text: c.label, style: c.style },
              { text: String(t.trial.seed) },
              { text: t.status },
              { text: t.reason ?? "not recorded" },
              ...(traced ? [{ text: origin(t) }] : []),
              last
                ? { text: `${significant(last.test.loss)} (epoch ${last.epoch})`, exact: String(last.test.loss) }
                : { text: "–" },
            ];
          }),
        },
      },
    ],
  };
}
