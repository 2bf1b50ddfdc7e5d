import { mean } from "../../stats/mean.ts";
import { performanceProfile } from "../../stats/performance-profile.ts";
import { percent } from "../../util/format.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import { type DataSetAnalysis, dataSetAnalysis } from "../data-sets.ts";
import { type Picture, prose, type Section, type Table } from "../document.ts";
import { criticalDifferencePlot } from "../plots/critical-difference.ts";
import { profilePlot } from "../plots/profile.ts";
import { render } from "../render.ts";
import type { Text, Who } from "../text.ts";
import type { Words } from "../words/index.ts";
import { left, right } from "./cells.ts";

/** What is compared over several data sets: mean ranks with their critical difference, and performance profiles. */
export async function dataSetsSection(context: ReportContext): Promise<Section | null> {
  const analysis = dataSetAnalysis(context.configurations);
  if (!analysis) return null;
  return {
    id: "data-sets",
    heading: context.words.dataSets.headings[analysis.kind],
    blocks: [
      { kind: "picture", picture: await ranksPicture(context, analysis) },
      { kind: "table", table: table(analysis, context.words) },
      { kind: "picture", picture: await profiles(context, analysis) },
      prose(methods(analysis, context.words)),
    ],
  };
}

const byRank = ({ differences: { order } }: DataSetAnalysis) => order;

/** Treatments have no row among the configurations: they are of several data. */
const whoOf = ({ label }: { label: string }): Who => ({ label, key: label });

/** Who has the best mean rank, and who cannot be told apart from it. */
function title(analysis: DataSetAnalysis, { dataSets }: Words): Text {
  const { treatments, differences, test } = analysis;
  const [first] = differences.order;
  const [group] = differences.groups.filter(([from]) => from === 0);
  const close = group ? differences.order.slice(1, group[1] + 1).map((i) => whoOf(treatments[i])) : [];
  return dataSets.bestRank({
    who: whoOf(treatments[first]),
    rank: test.meanRanks[first],
    close,
    others: treatments.length - 1,
  });
}

async function ranksPicture({ results, words }: ReportContext, analysis: DataSetAnalysis): Promise<Picture> {
  const { treatments, differences, test, data, kind } = analysis;
  const ranked = treatments.map(({ label, style }, i) => ({ label, style, meanRank: test.meanRanks[i] }));
  const draw = (width: number) => render(criticalDifferencePlot(ranked, differences, { width, words: words.plots }));
  return {
    id: "critical-difference",
    title: title(analysis, words),
    subtitle: words.dataSets.ranksSubtitle({ data, study: results.run.study, kind }),
    alt: words.dataSets.ranksAlt({
      rows: byRank(analysis).map((i) => ({ who: whoOf(treatments[i]), rank: test.meanRanks[i] })),
    }),
    views: [{ name: "", panels: [{ heading: "", svg: await draw(820), narrow: await draw(350) }] }],
    csv: csv(
      ["configuration", "mean_rank", ...data],
      byRank(analysis).map((i) => [treatments[i].label, test.meanRanks[i], ...treatments[i].scores.map(mean)]),
    ),
  };
}

function table(analysis: DataSetAnalysis, { common, dataSets: { caption, columns } }: Words): Table {
  const { treatments, data, test } = analysis;
  return {
    caption,
    columns: [
      left(common.configuration),
      ...data.map(right),
      right(columns.meanRank),
      right(columns.interquartileMean),
      right(columns.itsInterval),
    ],
    rows: byRank(analysis).map((i, place) => {
      const { label, style, scores, interquartileMean: iqm, interval } = treatments[i];
      return [
        { text: label, style, strong: place === 0 },
        ...scores.map((s) => ({ text: percent(mean(s)), exact: String(mean(s)) })),
        { text: test.meanRanks[i].toFixed(2), exact: String(test.meanRanks[i]) },
        { text: percent(iqm), exact: String(iqm) },
        interval
          ? {
              text: `${percent(interval.low)} … ${percent(interval.high)}`,
              exact: `${interval.low} … ${interval.high}`,
            }
          : { text: "–" },
      ];
    }),
  };
}

const STEPS = 200;

async function profiles({ basis, words }: ReportContext, analysis: DataSetAnalysis): Promise<Picture> {
  const { treatments, kind } = analysis;
  const scores = treatments.flatMap((t) => t.scores.flat());
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const pad = 0.02 * (high - low) || 0.01;
  const thresholds = Array.from({ length: STEPS + 1 }, (_, i) => low - pad + (i / STEPS) * (high - low + 2 * pad));
  const drawn = treatments.map(({ label, style, scores: s }) => ({
    label,
    style,
    shares: performanceProfile(s, thresholds),
  }));
  const draw = (width: number) =>
    render(profilePlot(drawn, thresholds, { width, height: 300, title: words.dataSets.axis, words: words.plots }));
  const best = treatments.reduce((a, b) => (b.interquartileMean > a.interquartileMean ? b : a));
  return {
    id: "profiles",
    title: words.dataSets.profilesTitle({ who: whoOf(best), value: best.interquartileMean }),
    subtitle: words.grammar.points([basis, words.dataSets.profilesSubtitle({ kind })]),
    alt: words.dataSets.profilesAlt({ n: treatments.length }),
    views: [{ name: "", panels: [{ heading: "", svg: await draw(820), narrow: await draw(350) }] }],
    csv: csv(
      ["threshold", ...treatments.map((t) => t.label)],
      thresholds.map((t, i) => [t, ...drawn.map((d) => d.shares[i])]),
    ),
  };
}

const methods = ({ test, data, kind, treatments }: DataSetAnalysis, { dataSets }: Words): Text =>
  dataSets.methods({
    data: data.length,
    kind,
    configurations: treatments.length,
    chiSquared: test.chiSquared,
    p: test.p,
    fP: test.fP,
  });
