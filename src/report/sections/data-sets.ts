import { mean } from "../../stats/mean.ts";
import { performanceProfile } from "../../stats/performance-profile.ts";
import { percent, pValue, significant } from "../../util/format.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import { type DataSetAnalysis, dataSetAnalysis } from "../data-sets.ts";
import { type Picture, prose, type Section, type Table } from "../document.ts";
import { criticalDifferencePlot } from "../plots/critical-difference.ts";
import { profilePlot } from "../plots/profile.ts";
import { render } from "../render.ts";
import { named, verb } from "../wording.ts";

/** What is compared over several data sets: mean ranks with their critical difference, and performance profiles. */
export async function dataSetsSection(context: ReportContext): Promise<Section | null> {
  const analysis = dataSetAnalysis(context.configurations);
  if (!analysis) return null;
  return {
    id: "data-sets",
    heading: analysis.kind === "data sets" ? "Over the data sets" : "Over the data conditions",
    blocks: [
      { kind: "picture", picture: await ranksPicture(context, analysis) },
      { kind: "table", table: table(analysis) },
      { kind: "picture", picture: await profiles(context, analysis) },
      prose(methods(analysis)),
    ],
  };
}

const byRank = ({ differences: { order } }: DataSetAnalysis) => order;

/** Who has the best mean rank, and who cannot be told apart from it. */
function title(analysis: DataSetAnalysis): string {
  const { treatments, differences, test } = analysis;
  const [first] = differences.order;
  const rank = test.meanRanks[first].toFixed(2);
  const [group] = differences.groups.filter(([from]) => from === 0);
  const close = group ? differences.order.slice(1, group[1] + 1).map((i) => treatments[i].label) : [];
  const start = `${treatments[first].label} has the best mean rank, ${rank}`;
  if (close.length === 0) return `${start}, and is told apart from all others`;
  return `${start}; ${close.length === treatments.length - 1 ? "no other is" : `${named(close)} ${verb(close, "is", "are")} not`} told apart from it`;
}

async function ranksPicture({ results }: ReportContext, analysis: DataSetAnalysis): Promise<Picture> {
  const { treatments, differences, test, data, kind } = analysis;
  const ranked = treatments.map(({ label, style }, i) => ({ label, style, meanRank: test.meanRanks[i] }));
  const draw = (width: number) => render(criticalDifferencePlot(ranked, differences, { width }));
  return {
    id: "critical-difference",
    title: title(analysis),
    subtitle: `${data.join(", ")} · ranks of the mean test accuracy of ${results.run.study} on each of ${data.length} ${kind} · bars join what differs by less than the critical difference (Nemenyi, 5 %)`,
    alt: byRank(analysis)
      .map((i) => `${treatments[i].label} ${test.meanRanks[i].toFixed(2)}`)
      .join(", "),
    views: [{ name: "", panels: [{ heading: "", svg: await draw(820), narrow: await draw(350) }] }],
    csv: csv(
      ["configuration", "mean_rank", ...data],
      byRank(analysis).map((i) => [treatments[i].label, test.meanRanks[i], ...treatments[i].scores.map(mean)]),
    ),
  };
}

function table(analysis: DataSetAnalysis): Table {
  const { treatments, data, test } = analysis;
  const right = (header: string) => ({ header, align: "right" as const });
  return {
    caption:
      "Mean test accuracy in percent, mean rank, and interquartile mean over all trials with its 95 % bootstrap interval.",
    columns: [
      { header: "configuration", align: "left" },
      ...data.map(right),
      right("mean rank"),
      right("interquartile mean"),
      right("its interval"),
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

async function profiles({ basis }: ReportContext, analysis: DataSetAnalysis): Promise<Picture> {
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
    render(profilePlot(drawn, thresholds, { width, height: 300, title: "test accuracy, %" }));
  const best = treatments.reduce((a, b) => (b.interquartileMean > a.interquartileMean ? b : a));
  return {
    id: "profiles",
    title: `${best.label} has the highest interquartile mean over all trials, ${percent(best.interquartileMean)} %`,
    subtitle: `${basis} · share of trials whose final test accuracy is above each threshold, all ${kind} weighed alike`,
    alt: `Performance profiles of ${treatments.length} configurations.`,
    views: [{ name: "", panels: [{ heading: "", svg: await draw(820), narrow: await draw(350) }] }],
    csv: csv(
      ["threshold", ...treatments.map((t) => t.label)],
      thresholds.map((t, i) => [t, ...drawn.map((d) => d.shares[i])]),
    ),
  };
}

function methods({ test, data, kind, treatments }: DataSetAnalysis): string {
  const few = data.length < 5 ? ` With ${data.length} ${kind} only very large differences of ranks can be found.` : "";
  return `Friedman's test of equal ranks over ${data.length} ${kind} and ${treatments.length} configurations: χ² = ${significant(test.chiSquared, 3)}, p = ${pValue(test.p)}; by Iman and Davenport's F p = ${pValue(test.fP)}.${few}`;
}
