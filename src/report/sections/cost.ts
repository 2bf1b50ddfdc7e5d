import { mean } from "../../stats/mean.ts";
import { median } from "../../stats/median.ts";
import { duration, significant } from "../../util/format.ts";
import type { Configuration } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { epochsToConverge, secondsPerEpoch } from "../convergence.ts";
import { type Cell, prose, type Section } from "../document.ts";

const trainSeconds = ({ trials }: Configuration): number =>
  trials.reduce((sum, t) => sum + t.history.reduce((s, r) => s + r.seconds, 0), 0);

/** How soon each configuration has learned, and what an epoch of it takes. */
export function costSection({ rows, learned }: ReportContext): Section | null {
  if (rows.every((r) => secondsPerEpoch(r.configuration).length === 0)) return null;
  const none: Cell = { text: "–" };
  const right = (header: string) => ({ header, align: "right" as const });
  return {
    id: "cost",
    heading: "Convergence and cost",
    blocks: [
      {
        kind: "table",
        table: {
          caption:
            "Epochs until a trial's test accuracy reaches 95 % of its own final value: median over the seeds, smallest to largest in brackets.",
          columns: [
            { header: "configuration", align: "left" },
            right("epochs to 95 % of final"),
            right("seconds per epoch"),
            right("training time, all seeds"),
          ],
          rows: rows.map(({ configuration: c, standing, chance }) => {
            const epochs = epochsToConverge(c);
            const seconds = secondsPerEpoch(c);
            const total = trainSeconds(c);
            const [low, high] = [Math.min(...epochs), Math.max(...epochs)];
            const range = low === high ? "" : ` (${low} … ${high})`;
            return [
              { text: c.label, style: c.style, strong: standing === "first" },
              learned.includes(c)
                ? { text: `${median(epochs)}${range}`, exact: `by seed: ${epochs.join(", ")}` }
                : { text: chance ? "at chance" : "–" },
              seconds.length > 0 ? { text: significant(mean(seconds), 3), exact: String(mean(seconds)) } : none,
              seconds.length > 0 ? { text: duration(total), exact: `${total} s` } : none,
            ];
          }),
        },
      },
      prose(
        "Trials that are trained together share one graph; the seconds of an epoch are the time of the whole group divided by its trials, so they compare well between groups and say little about trials within one.",
      ),
    ],
  };
}
