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
import { left, nameCell, right } from "./cells.ts";

const RESAMPLES = 4000;

const cell = (value: number): Cell => ({ text: percent(value), exact: String(value) });
const range = ({ low, high }: Interval): Cell => ({
  text: `${percent(low)} … ${percent(high)}`,
  exact: `${low} … ${high}`,
});
const none: Cell = { text: "–" };

/** Every usual estimate of the final test accuracy, with its interval; null when there is nothing to estimate from. */
export function statisticsFold({ rows, words: { common, ranking } }: ReportContext): Block | null {
  if (rows.every((r) => r.configuration.done.length < 2)) return null;
  const say = ranking.estimates;
  return {
    kind: "fold",
    heading: say.heading,
    blocks: [
      {
        kind: "table",
        table: {
          caption: say.caption,
          columns: [
            left(common.configuration),
            right(common.seeds),
            right(say.diverged),
            right(say.mean),
            right(say.deviation),
            right(say.tInterval),
            right(say.bootstrap),
            right(say.median),
            right(say.interquartileMean),
            right(say.itsInterval),
          ],
          rows: rows.map(({ configuration: c, standing }) => {
            const values = [...finalBySeed(c).values()];
            const several = values.length > 1;
            const options = { resamples: RESAMPLES };
            const sd = c.summaries.testAccuracy?.sd;
            return [
              nameCell(c, standing),
              { text: String(c.done.length) },
              { text: say.of({ n: c.diverged.length, trials: c.trials.length }) },
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
