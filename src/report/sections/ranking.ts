import { median } from "../../stats/median.ts";
import type { Summary } from "../../stats/summary.ts";
import { percent, percentInterval, pointsInterval, pValue, significant } from "../../util/format.ts";
import { chance } from "../chance.ts";
import { who } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import { type Block, type Cell, type Picture, prose, type Section, type Table } from "../document.ts";
import { fitted } from "../leaders.ts";
import { rankingPlot } from "../plots/ranking-plot.ts";
import { FONT_SIZE } from "../plots/theme.ts";
import { type RankingOnData, type RankingRow, rankingsByData } from "../ranking.ts";
import { render } from "../render.ts";
import { plainText, type Text } from "../text.ts";
import { textWidth } from "../text-width.ts";
import type { Words } from "../words/index.ts";
import { intervalCell, left, nameCell, right } from "./cells.ts";
import { foremost } from "./foremost.ts";
import { statisticsFold } from "./statistics.ts";

export async function rankingSection(context: ReportContext): Promise<Section> {
  const { rows, comparisons, words } = context;
  const blocks: Block[] = [];
  for (const [i, data] of rankingsByData(rows).entries()) {
    blocks.push({ kind: "table", table: table(context, data) });
    const id = i === 0 ? "ranking" : `ranking-${i + 1}`;
    if (data.rows.some((r) => r.rank !== null))
      blocks.push({ kind: "picture", picture: await picture(context, data, id) });
  }
  if (rows.some((r) => r.difference?.halfWidth != null)) {
    const rivals = Math.max(...rows.map((r) => r.rivals));
    const { margin } = comparisons;
    blocks.push(prose(words.ranking.methods({ rivals, margin, repeated: context.looks !== null })));
  }
  const others = statisticsFold(context);
  if (others) blocks.push(others);
  return { id: "ranking", heading: words.ranking.heading, blocks };
}

/** p of being the best; behind it that of no difference to the first, uncorrected. */
const pCell = ({ comparison, bestP }: RankingRow, words: Words): Cell =>
  comparison === null || bestP === null
    ? { text: "" }
    : { text: pValue(bestP), exact: words.ranking.exactP({ adjusted: bestP, p: comparison.p }) };

/** What became of trials that did not finish. */
const outcomesText = ({ outcomes }: RankingRow, { common }: Words): string =>
  outcomes === null ? "" : plainText(common.outcomes(outcomes));

function table({ hasValidation, words }: ReportContext, { title, rows }: RankingOnData): Table {
  const { common, ranking } = words;
  const { columns } = ranking;
  const counts = new Set(rows.map((r) => r.configuration.done.length));
  const seeds = counts.size === 1 && !counts.has(0) ? [...counts][0] : null;
  const notes = seeds === null || rows.some((r) => r.outcomes);
  const several = rows.length > 1;
  return {
    caption: ranking.caption({ data: title, seeds, hasValidation }),
    columns: [
      left(common.configuration),
      right(columns.testAccuracy),
      ...(several ? [right(columns.difference), right(columns.p), left(columns.order)] : []),
      ...(notes ? [right(common.seeds), left(common.trials)] : []),
      right(columns.testLoss),
      right(columns.trainAccuracy),
      ...(hasValidation ? [right(columns.atBestValidation)] : []),
    ],
    rows: rows.map((row) => {
      const { configuration: c, difference, standing, chance } = row;
      const s = c.summaries;
      const difference_: Cell = difference
        ? intervalCell(difference, pointsInterval)
        : { text: standing === "first" ? "" : "–" };
      return [
        nameCell(c, standing),
        { ...intervalCell(s.testAccuracy, percentInterval), strong: standing === "first" },
        ...(several
          ? [difference_, pCell(row, words), { text: chance ? ranking.chance[chance] : ranking.standings[standing] }]
          : []),
        ...(notes ? [{ text: String(c.done.length) }, { text: outcomesText(row, words) }] : []),
        intervalCell(s.testLoss, (m) => significant(m)),
        intervalCell(s.trainAccuracy, (m) => percent(m)),
        ...(hasValidation ? [intervalCell(s.testAccuracyAtBestValidation, percentInterval)] : []),
      ];
    }),
  };
}

/** What is seen: who ends close together, who ends lower, who stays at chance; on each of several data. */
export const rankingTitle = (rows: readonly RankingRow[], words: Words): Text =>
  words.grammar.clauses(
    rankingsByData(rows).map(({ title, rows: own }) =>
      title === null ? titleOf(own, words) : words.grammar.about(title, titleOf(own, words)),
    ),
  );

function titleOf(rows: readonly RankingRow[], { ranking, grammar }: Words): Text {
  const ranked = rows.filter((r) => r.rank !== null);
  const up = ranked.filter((r) => !r.chance);
  const mean = (r: RankingRow) => r.configuration.summaries.testAccuracy!.mean;
  const rated = (r: RankingRow) => ({ who: who(r.configuration), value: r.configuration.summaries.testAccuracy! });
  const whos = (some: readonly RankingRow[]) => some.map((r) => who(r.configuration));
  const clauses: Text[] = [];
  if (up.length === 1) clauses.push(ranking.oneEnds(rated(up[0])));
  if (up.length > 1) {
    const close = up.filter((r) => r.standing !== "behind");
    const behind = up.filter((r) => r.standing === "behind");
    const last = close[close.length - 1];
    if (close.length > 1) clauses.push(ranking.endClose({ whos: whos(close), within: mean(close[0]) - mean(last) }));
    else clauses.push(ranking.endsHighest(rated(close[0])));
    const below = behind.map((r) => mean(up[0]) - mean(r));
    if (behind.length === 1) clauses.push(ranking.oneLower({ who: who(behind[0].configuration), by: below[0] }));
    if (behind.length > 1)
      clauses.push(ranking.manyLower({ whos: whos(behind), from: below[0], to: below[below.length - 1] }));
  }
  for (const kind of ["stays", "ends"] as const) {
    const low = ranked.filter((r) => r.chance === kind);
    if (low.length > 0) clauses.push(ranking.atChance({ kind, whos: whos(low) }));
  }
  return grammar.clauses(clauses);
}

async function picture(context: ReportContext, { title, rows: all }: RankingOnData, id: string): Promise<Picture> {
  const { basis, words } = context;
  const { drawn: rows, of } = foremost(context, all, (r) => r.configuration);
  const ranked = rows.filter((r) => r.rank !== null);
  const level = ranked.map((r) => chance(r.configuration)).find((c) => c !== null);
  const means = ranked.map((r) => r.configuration.summaries.testAccuracy!);
  const close = fitted(means.map((s) => s.mean));
  // An interval of two seeds can be a hundred times as wide as the others: it may run out of the picture.
  const limits = (summaries: readonly Summary[]): [number, number] => {
    const widest = 3 * (median(summaries.flatMap((s) => s.halfWidth ?? [])) || 0);
    const half = (s: Summary) => Math.min(s.halfWidth ?? 0, widest);
    return [
      Math.min(...summaries.map((s) => 100 * (s.mean - half(s)))),
      Math.max(...summaries.map((s) => 100 * (s.mean + half(s)))),
    ];
  };
  const fit = limits(close.map((i) => means[i]));
  fit[1] = Math.min(fit[1], 100);
  const accuracy = rows.map((r) => {
    const s = r.configuration.summaries.testAccuracy;
    return {
      label: r.configuration.label,
      style: r.configuration.style,
      value: s && s.mean * 100,
      halfWidth: s?.halfWidth ? s.halfWidth * 100 : null,
      text: s ? percentInterval(s.mean, s.halfWidth) : outcomesText(r, words) || words.ranking.noResult,
    };
  });
  const draw = (width: number) =>
    render(
      rankingPlot(accuracy, {
        width,
        title: words.ranking.axis,
        fit,
        ...(level && { rule: { value: level.uniform * 100, label: words.ranking.chanceLevel } }),
      }),
    );
  // Side by side while the names leave room for the dots.
  const wide = Math.max(...rows.map((r) => textWidth(r.configuration.label, FONT_SIZE))) > 150 ? 940 : 480;
  const panels = [{ heading: "", svg: await draw(wide), narrow: await draw(350) }];

  const differences = rows.filter((r) => r.difference);
  if (differences.length > 0) {
    const near = differences.filter((r) => close.includes(ranked.indexOf(r))).map((r) => r.difference!);
    const [low, high] = limits(near.length > 0 ? near : differences.map((r) => r.difference!));
    const data = rows.map((r) => ({
      label: r.configuration.label,
      style: r.configuration.style,
      value: r.difference ? r.difference.mean * 100 : r.standing === "first" ? 0 : null,
      halfWidth: r.difference?.halfWidth ? r.difference.halfWidth * 100 : null,
      text: r.difference
        ? pointsInterval(r.difference.mean, r.difference.halfWidth)
        : r.standing === "first"
          ? words.ranking.first
          : outcomesText(r, words) || "–",
    }));
    const drawDifference = (width: number) =>
      render(
        rankingPlot(data, {
          width,
          title: words.ranking.differenceAxis,
          fit: [Math.min(low, 0), Math.max(high, -low / 10, 0)],
          rule: { value: 0, label: "" },
        }),
      );
    panels.push({ heading: "", svg: await drawDifference(wide), narrow: await drawDifference(350) });
  }
  return {
    id,
    title: title === null ? titleOf(all, words) : words.grammar.about(title, titleOf(all, words)),
    subtitle: of(
      words.ranking.subtitle({
        basis,
        several: means.some((s) => s.n > 1),
        cut: close.length < means.length,
      }),
    ),
    alt: words.ranking.alt({ rows: ranked.map((r, i) => ({ who: who(r.configuration), value: means[i] })) }),
    views: [{ name: "", panels }],
    csv: csv(
      [
        "rank",
        "configuration",
        "seeds",
        "test_accuracy",
        "half_width_95",
        "difference_to_first",
        "difference_half_width_95",
        "p_best",
        "equivalence_p",
        "order",
        "trials",
        "diverged",
      ],
      all.map((r) => {
        const { summaries, done, trials, diverged, label } = r.configuration;
        const a = summaries.testAccuracy;
        return [
          r.rank,
          label,
          done.length,
          a?.mean ?? null,
          a?.halfWidth ?? null,
          r.difference?.mean ?? null,
          r.difference?.halfWidth ?? null,
          r.bestP,
          r.equivalenceP,
          r.standing,
          trials.length,
          diverged.length,
        ];
      }),
    ),
  };
}
