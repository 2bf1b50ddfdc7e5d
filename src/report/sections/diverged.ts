import { plural, significant } from "../../util/format.ts";
import type { ReportContext } from "../context.ts";
import { prose, type Section } from "../document.ts";

/** Every trial that did not end well, with its reason; null when there is none. */
export function divergedSection({ configurations }: ReportContext): Section | null {
  const lost = configurations.flatMap((c) =>
    c.trials
      .filter((t) => ["diverged", "failed", "skipped"].includes(t.status))
      .map((trial) => ({ configuration: c, trial })),
  );
  if (lost.length === 0) return null;
  const diverged = lost.filter((l) => l.trial.status === "diverged").length;
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
            { header: "last finite test loss", align: "right" },
          ],
          rows: lost.map(({ configuration: c, trial: t }) => {
            const last = t.history.findLast((r) => Number.isFinite(r.test.loss));
            return [
              { text: c.label, style: c.style },
              { text: String(t.trial.seed) },
              { text: t.status },
              { text: t.reason ?? "not recorded" },
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
