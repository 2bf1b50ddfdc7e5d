import { median } from "../../stats/median.ts";
import type { Summary } from "../../stats/summary.ts";
import { percent, percentInterval, plural, pointsInterval, pValue, significant } from "../../util/format.ts";
import { chance } from "../chance.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import { type Block, type Cell, type Picture, prose, type Section, type Table } from "../document.ts";
import { leaders } from "../leaders.ts";
import { rankingPlot } from "../plots/ranking-plot.ts";
import { FONT_SIZE } from "../plots/theme.ts";
import { type RankingOnData, type RankingRow, rankingsByData } from "../ranking.ts";
import { render } from "../render.ts";
import { textWidth } from "../text-width.ts";
import { named, verb } from "../wording.ts";
import { statisticsFold } from "./statistics.ts";

export async function rankingSection(context: ReportContext): Promise<Section> {
  const { rows } = context;
  const blocks: Block[] = [];
  for (const [i, data] of rankingsByData(rows).entries()) {
    blocks.push({ kind: "table", table: table(context, data) });
    const id = i === 0 ? "ranking" : `ranking-${i + 1}`;
    if (data.rows.some((r) => r.rank !== null))
      blocks.push({ kind: "picture", picture: await picture(context, data, id) });
  }
  if (rows.some((r) => r.difference?.halfWidth != null)) {
    blocks.push(
      prose(
        `Differences to the first are means of the differences seed by seed (same initial weights, same batches), each with its 95 % ${context.looks ? "repeated" : "t"} interval. The order is that of paired t tests, corrected by Holm's method for all ${plural(context.comparisons.pairs.length, "pair")}; equivalent: two one-sided tests, corrected alike, find the difference smaller than ${percent(context.comparisons.margin)} points; undecided: neither can be said.`,
      ),
    );
  }
  const others = statisticsFold(context);
  if (others) blocks.push(others);
  return { id: "ranking", heading: "Ranking", blocks };
}

/** A mean with its interval, the unrounded numbers behind it. */
export function intervalCell(s: Summary | null, say: (mean: number, halfWidth: number | null) => string): Cell {
  if (!s) return { text: "–" };
  const half = s.halfWidth === null ? "" : ` ± ${s.halfWidth}`;
  return { text: say(s.mean, s.halfWidth), exact: `${s.mean}${half} (n = ${s.n})` };
}

/** The corrected p of no difference, and that before the correction behind it. */
const pCell = ({ comparison }: RankingRow): Cell =>
  comparison?.adjustedP == null
    ? { text: "" }
    : { text: pValue(comparison.adjustedP), exact: `${comparison.adjustedP}, uncorrected ${comparison.p}` };

const verdict: Record<RankingRow["standing"], string> = {
  first: "",
  equal: "equal in every seed",
  equivalent: "equivalent",
  undecided: "undecided",
  behind: "behind",
  unfinished: "",
};

function table({ hasValidation }: ReportContext, { title, rows }: RankingOnData): Table {
  const counts = new Set(rows.map((r) => r.configuration.done.length));
  const seeds = counts.size === 1 && !counts.has(0) ? [...counts][0] : null;
  const notes = seeds === null || rows.some((r) => r.note);
  const several = rows.length > 1;
  const right = (header: string) => ({ header, align: "right" as const });
  const left = (header: string) => ({ header, align: "left" as const });
  return {
    caption: `${title === null ? "" : `${title}. `}${seeds === 1 ? "One seed: no intervals" : `Means over the seeds with 95 % intervals${seeds === null ? "" : ` (${seeds} seeds)`}`}; final epoch${hasValidation ? "; at best validation: test accuracy at the epoch with the best validation accuracy" : ""}.`,
    columns: [
      left("configuration"),
      right("test accuracy, %"),
      ...(several ? [right("to the first, points"), right("p"), left("order")] : []),
      ...(notes ? [right("seeds"), left("trials")] : []),
      right("test loss"),
      right("train accuracy, %"),
      ...(hasValidation ? [right("at best validation, %")] : []),
    ],
    rows: rows.map((row) => {
      const { configuration: c, difference } = row;
      const s = c.summaries;
      const difference_: Cell = difference
        ? intervalCell(difference, pointsInterval)
        : { text: row.standing === "first" ? "" : "–" };
      return [
        { text: c.label, style: c.style, strong: row.standing === "first" },
        { ...intervalCell(s.testAccuracy, percentInterval), strong: row.standing === "first" },
        ...(several
          ? [difference_, pCell(row), { text: row.chance ? `${row.chance} at chance` : verdict[row.standing] }]
          : []),
        ...(notes ? [{ text: String(c.done.length) }, { text: row.note ?? "" }] : []),
        intervalCell(s.testLoss, (m) => significant(m)),
        intervalCell(s.trainAccuracy, (m) => percent(m)),
        ...(hasValidation ? [intervalCell(s.testAccuracyAtBestValidation, percentInterval)] : []),
      ];
    }),
  };
}

/** What is seen: who ends close together, who ends lower, who stays at chance; on each of several data. */
export const rankingTitle = (rows: readonly RankingRow[]): string =>
  rankingsByData(rows)
    .map(({ title, rows: own }) => (title === null ? titleOf(own) : `${title}: ${titleOf(own)}`))
    .join("; ");

function titleOf(rows: readonly RankingRow[]): string {
  const ranked = rows.filter((r) => r.rank !== null);
  const up = ranked.filter((r) => !r.chance);
  const mean = (r: RankingRow) => r.configuration.summaries.testAccuracy!.mean;
  const labels = (some: readonly RankingRow[]) => some.map((r) => r.configuration.label);
  const clauses: string[] = [];
  if (up.length === 1) clauses.push(`${labels(up)[0]} ends at ${percent(mean(up[0]))} %`);
  if (up.length > 1) {
    const close = up.filter((r) => r.standing !== "behind");
    const behind = up.filter((r) => r.standing === "behind");
    if (close.length > 1)
      clauses.push(`${named(labels(close))} end within ${apart(mean(close[0]) - mean(close[close.length - 1]))}`);
    else clauses.push(`${labels(close)[0]} ends highest at ${percent(mean(close[0]))} %`);
    if (behind.length === 1) clauses.push(`${labels(behind)[0]} ends ${apart(mean(up[0]) - mean(behind[0]))} lower`);
    if (behind.length > 1) {
      const [nearest, farthest] = [behind[0], behind[behind.length - 1]].map((r) => percent(mean(up[0]) - mean(r)));
      clauses.push(
        `${behind.length > 3 ? `the other ${behind.length}` : named(labels(behind))} end ${nearest} to ${farthest} points lower`,
      );
    }
  }
  for (const kind of ["stays", "ends"] as const) {
    const low = labels(ranked.filter((r) => r.chance === kind));
    if (low.length > 0)
      clauses.push(
        `${named(low)} ${kind === "stays" ? verb(low, "stays", "stay") : verb(low, "ends", "end")} at chance`,
      );
  }
  return clauses.join("; ");
}

const apart = (difference: number) => `${percent(difference)} points`;

async function picture({ basis }: ReportContext, { title, rows }: RankingOnData, id: string): Promise<Picture> {
  const ranked = rows.filter((r) => r.rank !== null);
  const level = ranked.map((r) => chance(r.configuration)).find((c) => c !== null);
  const means = ranked.map((r) => r.configuration.summaries.testAccuracy!);
  const close = leaders(means.map((s) => s.mean)) ?? [...means.keys()];
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
      text: s ? percentInterval(s.mean, s.halfWidth) : (r.note ?? "no result"),
    };
  });
  const draw = (width: number) =>
    render(
      rankingPlot(accuracy, {
        width,
        title: "test accuracy after the last epoch, %",
        fit,
        ...(level && { rule: { value: level.uniform * 100, label: "chance" } }),
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
          ? "first"
          : (r.note ?? "–"),
    }));
    const drawDifference = (width: number) =>
      render(
        rankingPlot(data, {
          width,
          title: "difference to the first, points",
          fit: [Math.min(low, 0), Math.max(high, -low / 10, 0)],
          rule: { value: 0, label: "" },
        }),
      );
    panels.push({ heading: "", svg: await drawDifference(wide), narrow: await drawDifference(350) });
  }
  return {
    id,
    title: title === null ? titleOf(rows) : `${title}: ${titleOf(rows)}`,
    subtitle: `${basis} · ${means.some((s) => s.n > 1) ? "mean and 95 % interval over the seeds" : "one seed each: no intervals"}, sorted${close.length < means.length ? " · arrows: beyond the axis" : ""}`,
    alt: ranked
      .map((r) => `${r.configuration.label} ${percent(r.configuration.summaries.testAccuracy!.mean)} %`)
      .join(", "),
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
        "p_holm",
        "equivalence_p_holm",
        "order",
        "trials",
        "diverged",
      ],
      rows.map((r) => {
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
          r.comparison?.adjustedP ?? null,
          r.comparison?.adjustedEquivalenceP ?? null,
          r.standing,
          trials.length,
          diverged.length,
        ];
      }),
    ),
  };
}
