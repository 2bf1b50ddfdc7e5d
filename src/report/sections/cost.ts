import { mean } from "../../stats/mean.ts";
import { duration, significant } from "../../util/format.ts";
import type { Configuration } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { secondsPerEpoch } from "../convergence.ts";
import { type Cell, prose, type Section } from "../document.ts";

const trainSeconds = ({ trials }: Configuration): number =>
  trials.reduce((sum, t) => sum + t.history.reduce((s, r) => s + r.seconds, 0), 0);

/** Training steps of an epoch, counted by the examples that it trained on; null without their counts. */
function stepsPerEpoch({ trials, batchSize }: Configuration): number | null {
  for (const { history } of trials) {
    const examples = (history.at(-1)?.train.confusion ?? []).flat().reduce((a, b) => a + b, 0);
    if (examples > 0) return Math.ceil(examples / batchSize);
  }
  return null;
}

/** What an epoch and a step of each configuration take. */
export function costSection({ rows }: ReportContext): Section | null {
  const times = rows.map(({ configuration }) => secondsPerEpoch(configuration));
  if (times.every((t) => t.length === 0)) return null;
  const cheapest = Math.min(...times.filter((t) => t.length > 0).map(mean));
  const none: Cell = { text: "–" };
  const right = (header: string) => ({ header, align: "right" as const });
  return {
    id: "cost",
    heading: "Cost",
    blocks: [
      {
        kind: "table",
        table: {
          caption: "Time of training and of the evaluation after each epoch, per trial.",
          columns: [
            { header: "configuration", align: "left" },
            right("seconds per epoch"),
            right("milliseconds per step"),
            right("to the cheapest"),
            right("training time, all seeds"),
          ],
          rows: rows.map(({ configuration: c, standing }, i) => {
            const name = { text: c.label, style: c.style, strong: standing === "first" };
            if (times[i].length === 0) return [name, none, none, none, none];
            const [seconds, steps, total] = [mean(times[i]), stepsPerEpoch(c), trainSeconds(c)];
            return [
              name,
              { text: significant(seconds, 3), exact: String(seconds) },
              steps === null
                ? none
                : {
                    text: significant((1000 * seconds) / steps, 3),
                    exact: `${(1000 * seconds) / steps} (${steps} steps)`,
                  },
              { text: `× ${(seconds / cheapest).toFixed(2)}`, exact: String(seconds / cheapest) },
              { text: duration(total), exact: `${total} s` },
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
