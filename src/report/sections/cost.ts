import { mean } from "../../stats/mean.ts";
import { duration, significant } from "../../util/format.ts";
import type { Configuration } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { secondsPerEpoch } from "../convergence.ts";
import { type Cell, prose, type Section } from "../document.ts";
import { left, nameCell, right } from "./cells.ts";

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
export function costSection({ rows, words: { common, cost: say } }: ReportContext): Section | null {
  const times = rows.map(({ configuration }) => secondsPerEpoch(configuration));
  if (times.every((t) => t.length === 0)) return null;
  const cheapest = Math.min(...times.filter((t) => t.length > 0).map(mean));
  const none: Cell = { text: "–" };
  const { columns } = say;
  return {
    id: "cost",
    heading: say.heading,
    blocks: [
      {
        kind: "table",
        table: {
          caption: say.caption,
          columns: [
            left(common.configuration),
            right(columns.epoch),
            right(columns.step),
            right(columns.relative),
            right(columns.total),
          ],
          rows: rows.map(({ configuration: c, standing }, i) => {
            const name = nameCell(c, standing);
            if (times[i].length === 0) return [name, none, none, none, none];
            const [seconds, steps, total] = [mean(times[i]), stepsPerEpoch(c), trainSeconds(c)];
            return [
              name,
              { text: significant(seconds, 3), exact: String(seconds) },
              steps === null
                ? none
                : {
                    text: significant((1000 * seconds) / steps, 3),
                    exact: say.steps({ value: (1000 * seconds) / steps, steps }),
                  },
              { text: `× ${(seconds / cheapest).toFixed(2)}`, exact: String(seconds / cheapest) },
              { text: duration(total), exact: `${total} s` },
            ];
          }),
        },
      },
      prose(say.methods),
    ],
  };
}
