import type { ReliabilityBin } from "../../metrics/index.ts";
import { type Configuration, over, who } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import type { Panel, Picture, Section } from "../document.ts";
import { measuredAt } from "../measures.ts";
import { reliability } from "../plots/reliability.ts";
import { render } from "../render.ts";
import type { Text } from "../text.ts";
import type { Words } from "../words/index.ts";
import { foremost } from "./foremost.ts";
import { panelSize } from "./panel-size.ts";

/** So many diagrams are drawn; the data of the picture has them all. */
const MOST_DIAGRAMS = 9;

interface Calibration {
  configuration: Configuration;
  /** All seeds together. */
  bins: ReliabilityBin[];
  /** Means over the seeds. */
  ece: number;
  /** Mean confidence less accuracy: above 0 where the trial trusts itself too much. */
  excess: number;
}

/** How far probabilities can be believed, by configuration. */
export async function calibrationSection(context: ReportContext): Promise<Section | null> {
  const all = context.rows.flatMap(({ configuration }): Calibration[] => {
    const bins = total(configuration);
    const ece = over(configuration.done, (t) => measuredAt(t, "test", t.history.length)?.probabilities?.ece);
    if (!bins || !ece) return [];
    const n = bins.reduce((sum, b) => sum + b.count, 0);
    const excess = bins.reduce((sum, b) => sum + b.count * (b.confidence - b.accuracy), 0) / n;
    return [{ configuration, bins, ece: ece.mean, excess }];
  });
  if (all.length === 0) return null;
  return {
    id: "calibration",
    heading: context.words.calibration.heading,
    blocks: [{ kind: "picture", picture: await picture(context, all) }],
  };
}

/** The bins of the finished seeds, added up; null when there are none. */
function total({ done }: Configuration): ReliabilityBin[] | null {
  const each = done.flatMap((t) => {
    const bins = measuredAt(t, "test", t.history.length)?.probabilities?.reliability;
    return bins ? [bins] : [];
  });
  if (each.length === 0) return null;
  return each[0].map(({ low, high }, i) => {
    const same = each.map((bins) => bins[i]);
    const count = same.reduce((sum, b) => sum + b.count, 0);
    const mean = (part: "accuracy" | "confidence"): number =>
      count > 0 ? same.reduce((sum, b) => sum + b.count * b[part], 0) / count : 0;
    return { low, high, count, accuracy: mean("accuracy"), confidence: mean("confidence") };
  });
}

/** Who is calibrated best and worst, and to which side the worst errs. */
function title(all: readonly Calibration[], { calibration }: Words): Text {
  const [best, ...others] = all
    .map(({ configuration, ece, excess }) => ({ who: who(configuration), ece, excess }))
    .sort((a, b) => a.ece - b.ece);
  const worst = others.at(-1);
  return worst ? calibration.bestAndWorst({ best, worst }) : calibration.one({ only: best });
}

async function picture(context: ReportContext, all: readonly Calibration[]): Promise<Picture> {
  const { basis, words } = context;
  const { drawn, of } = foremost(context, all, (c) => c.configuration, MOST_DIAGRAMS);
  const width = Math.min(320, panelSize(drawn.length).width);
  const panels: Panel[] = [];
  for (const { configuration, bins } of drawn)
    panels.push({
      heading: configuration.label,
      svg: await render(reliability(bins, { width, style: configuration.style, words: words.plots })),
    });
  return {
    id: "reliability",
    title: title(all, words),
    subtitle: of(words.calibration.subtitle({ basis })),
    alt: words.calibration.alt({ whos: drawn.map((c) => who(c.configuration)) }),
    views: [{ name: "", panels }],
    csv: csv(
      ["configuration", "low", "high", "examples", "accuracy", "confidence"],
      all.flatMap(({ configuration, bins }) =>
        bins.map((b) => [configuration.label, b.low, b.high, b.count, b.accuracy, b.confidence]),
      ),
    ),
  };
}
