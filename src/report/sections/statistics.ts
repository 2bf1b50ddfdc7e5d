import { bcaBootstrap, stratifiedBootstrap } from "../../stats/bootstrap.ts";
import { interquartileMean } from "../../stats/interquartile-mean.ts";
import type { Interval } from "../../stats/interval.ts";
import { mean } from "../../stats/mean.ts";
import { median } from "../../stats/median.ts";
import { tInterval } from "../../stats/t-interval.ts";
import { percent } from "../../util/format.ts";
import { finalBySeed } from "../comparisons.ts";
import type { ReportContext } from "../context.ts";
import type { Block, Cell } from "../document.ts";

const RESAMPLES = 4000;

const cell = (value: number): Cell => ({ text: percent(value), exact: String(value) });
const range = ({ low, high }: Interval): Cell => ({
  text: `${percent(low)} … ${percent(high)}`,
  exact: `${low} … ${high}`,
});
const none: Cell = { text: "–" };

/** Every usual estimate of the final test accuracy, with its interval; null when there is nothing to estimate from. */
export function statisticsFold({ rows }: ReportContext): Block | null {
  if (rows.every((r) => r.configuration.done.length < 2)) return null;
  const right = (header: string) => ({ header, align: "right" as const });
  return {
    kind: "fold",
    heading: "Other estimates of the test accuracy",
    blocks: [
      {
        kind: "table",
        table: {
          caption:
            "Final test accuracy over the seeds that finished, in percent, with 95 % intervals: t (normal seeds) and bootstrap (BCa; interquartile mean: percentile), which is too narrow with few seeds.",
          columns: [
            { header: "configuration", align: "left" },
            right("seeds"),
            right("diverged"),
            right("mean"),
            right("deviation"),
            right("t interval"),
            right("bootstrap interval"),
            right("median"),
            right("interquartile mean"),
            right("its interval"),
          ],
          rows: rows.map(({ configuration: c, standing }) => {
            const values = [...finalBySeed(c).values()];
            const several = values.length > 1;
            const options = { resamples: RESAMPLES };
            const sd = c.summaries.testAccuracy?.sd;
            return [
              { text: c.label, style: c.style, strong: standing === "first" },
              { text: String(c.done.length) },
              { text: `${c.diverged.length} of ${c.trials.length}` },
              values.length > 0 ? cell(mean(values)) : none,
              sd == null ? none : cell(sd),
              several ? range(tInterval(values)) : none,
              several ? range(bcaBootstrap(values, mean, options)) : none,
              values.length > 0 ? cell(median(values)) : none,
              values.length > 0 ? cell(interquartileMean([values])) : none,
              several ? range(stratifiedBootstrap([values], interquartileMean, options)) : none,
            ];
          }),
        },
      },
    ],
  };
}
