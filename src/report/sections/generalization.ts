import { accuracyGap, generalizationLoss, lossGap, overfittingOnset } from "../../metrics/index.ts";
import type { TrialResult } from "../../run/records.ts";
import { median } from "../../stats/median.ts";
import { percent, pointsInterval, significant } from "../../util/format.ts";
import { over, who } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { curveOf } from "../curves.ts";
import { type Cell, type Picture, prose, type Section, type Table } from "../document.ts";
import type { CurveSeries } from "../plots/learning-curves.ts";
import type { Text } from "../text.ts";
import type { Words } from "../words/index.ts";
import { intervalCell, left, nameCell, right } from "./cells.ts";
import { curveCsv, overlay } from "./curves.ts";

/** How far training and test lie apart, and whether the test loss turns up. */
export async function generalizationSection(context: ReportContext): Promise<Section | null> {
  if (context.configurations.every((c) => c.done.length === 0)) return null;
  return {
    id: "generalization",
    heading: context.words.generalization.heading,
    blocks: [
      { kind: "table", table: table(context) },
      { kind: "picture", picture: await gaps(context) },
      prose(context.words.generalization.terms),
    ],
  };
}

const losses = ({ history }: TrialResult): [train: number[], test: number[]] => [
  history.map((r) => r.train.loss),
  history.map((r) => r.test.loss),
];
const accuracyGaps = ({ history }: TrialResult): number[] =>
  accuracyGap(
    history.map((r) => r.train.accuracy),
    history.map((r) => r.test.accuracy),
  );
const testLosses = (trial: TrialResult): number[] => losses(trial)[1];

/** The epochs in which overfitting begins, of the seeds in which it does. */
function onsetCell(done: readonly TrialResult[], { generalization: say }: Words): Cell {
  const onsets = done.map((t) => overfittingOnset(testLosses(t)));
  const known = onsets.filter((e): e is number => e !== null);
  if (done.length === 0) return { text: "–" };
  const exact = say.bySeed({ values: onsets });
  if (known.length === 0) return { text: say.no, exact };
  return { text: say.onset({ epoch: median(known), seeds: known.length, of: done.length }), exact };
}

function table({ rows, words }: ReportContext): Table {
  const { common, generalization: say } = words;
  const { columns } = say;
  const signed = (value: number): string => `${value > 0 ? "+" : ""}${significant(value, 3)}`.replace("-", "−");
  return {
    caption: say.caption,
    columns: [
      left(common.configuration),
      right(columns.trainAccuracy),
      right(columns.testAccuracy),
      right(columns.accuracyGap),
      right(columns.lossGap),
      right(columns.rise),
      right(columns.onset),
    ],
    rows: rows.map(({ configuration: c, standing }) => [
      nameCell(c, standing),
      intervalCell(c.summaries.trainAccuracy, (m) => percent(m)),
      intervalCell(c.summaries.testAccuracy, (m) => percent(m)),
      intervalCell(
        over(c.done, (t) => accuracyGaps(t).at(-1)),
        pointsInterval,
      ),
      intervalCell(
        over(c.done, (t) => lossGap(...losses(t)).at(-1)),
        signed,
      ),
      intervalCell(
        over(c.done, (t) => generalizationLoss(testLosses(t)).at(-1)),
        (m) => significant(m, 3),
      ),
      onsetCell(c.done, words),
    ]),
  };
}

async function gaps(context: ReportContext): Promise<Picture> {
  const { configurations, highlighted, basis, epochs, words } = context;
  const all = configurations.map(
    (c): CurveSeries => ({
      label: c.label,
      style: c.style,
      points: curveOf(c.done, accuracyGaps),
      context: !highlighted.has(c),
    }),
  );
  return {
    id: "accuracy-gap",
    title: title(context),
    subtitle: words.generalization.subtitle({ basis }),
    alt: words.generalization.alt,
    views: [
      {
        name: "",
        panels: [
          await overlay("", all, {
            title: words.generalization.axis,
            words: words.plots,
            epochs,
            factor: 100,
            bounds: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
          }),
        ],
      },
    ],
    csv: curveCsv(
      all.map((s) => ({ labels: [s.label], points: s.points })),
      ["configuration"],
    ),
  };
}

/** Where training and test accuracy end furthest apart. */
function title({ configurations, learned, words }: ReportContext): Text {
  const gaps = (learned.length > 0 ? learned : configurations).flatMap((c) => {
    const gap = over(c.done, (t) => accuracyGaps(t).at(-1));
    return gap ? [{ who: who(c), gap: gap.mean }] : [];
  });
  const most = gaps.reduce((a, b) => (Math.abs(b.gap) > Math.abs(a.gap) ? b : a));
  return words.generalization.title({ ...most, several: gaps.length > 1 });
}
