/** All comparisons as one picture: who may be the best where, and how far the others are behind. */
import { csv } from "../report/csv.ts";
import type { Picture } from "../report/document.ts";
import { groupBy } from "../report/group-by.ts";
import { type StandingCell, type StandingRow, standings } from "../report/plots/standings.ts";
import { render } from "../report/render.ts";
import { percent, points } from "../util/format.ts";
import type { Contest } from "./settle.ts";
import { mayBeBest, tally, winnersOf } from "./tally.ts";

/** What a comparison is called beside others of its set-up. */
const nameOf = ({ data, hyperparameters }: Contest): string => [data, hyperparameters].filter(Boolean).join(", ");

function cellOf(contest: Contest, loss: string): StandingCell | null {
  const contender = contest.contenders.find((c) => c.loss === loss);
  if (!contender) return null;
  const { row } = contender;
  if (row.rank === null) return { text: "diverged", heat: null };
  const first = contender === contest.contenders[0];
  const winners = winnersOf(contest);
  return {
    text: first ? `${percent(row.configuration.summaries.testAccuracy!.mean)} %` : points(row.difference?.mean ?? 0),
    heat: winners?.includes(loss) ? "best" : mayBeBest(contender) ? "may" : null,
  };
}

/** Losses as columns, those that may be the best most often first; comparisons as rows, under their set-ups. */
export async function standingsPicture(contests: readonly Contest[]): Promise<Picture> {
  const losses = tally(contests).map(({ loss }) => loss);
  const rows = [...groupBy(contests, ({ setting }) => setting)].flatMap(([{ setting }, own]): StandingRow[] => {
    const cells = (contest: Contest) => losses.map((loss) => cellOf(contest, loss));
    if (own.length === 1) return [{ name: setting, inner: false, cells: cells(own[0]) }];
    return [
      { name: setting, inner: false, cells: [] },
      ...own.map((contest) => ({ name: nameOf(contest), inner: true, cells: cells(contest) })),
    ];
  });
  const draw = (width: number) => render(standings(losses, rows, width));
  return {
    id: "standings",
    title: "Which losses may be the best, by set-up",
    subtitle:
      "Final test accuracy of the first in %, and points that the others differ from it. Strong colour: the best beyond doubt; light: may be the best; none: behind.",
    alt: `A table of ${contests.length} comparisons by ${losses.length} losses; the same numbers stand in the tables below.`,
    views: [{ name: "", panels: [{ heading: "", svg: await draw(940), narrow: await draw(350) }] }],
    csv: csv(
      ["setting", "data", "hyperparameters", "loss", "seeds", "mean", "difference", "half_width_95", "p_best", "may_be_best"], // biome-ignore format: one line
      contests.flatMap((contest) =>
        contest.contenders.map((c) => [
          contest.setting.setting,
          contest.data,
          contest.hyperparameters,
          c.loss,
          contest.seeds,
          c.row.configuration.summaries.testAccuracy?.mean ?? null,
          c.row.difference?.mean ?? null,
          c.row.difference?.halfWidth ?? null,
          c.row.bestP,
          String(mayBeBest(c)),
        ]),
      ),
    ),
  };
}
