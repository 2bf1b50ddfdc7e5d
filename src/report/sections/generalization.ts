import { accuracyGap, generalizationLoss, lossGap, overfittingOnset } from "../../metrics/index.ts";
import type { TrialResult } from "../../run/records.ts";
import { median } from "../../stats/median.ts";
import { percent, pointsInterval, significant } from "../../util/format.ts";
import { over } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { curveOf } from "../curves.ts";
import { type Cell, type Picture, prose, type Section, type Table } from "../document.ts";
import type { CurveSeries } from "../plots/learning-curves.ts";
import { curveCsv, overlay } from "./curves.ts";
import { intervalCell } from "./ranking.ts";

/** How far training and test lie apart, and whether the test loss turns up. */
export async function generalizationSection(context: ReportContext): Promise<Section | null> {
  if (context.configurations.every((c) => c.done.length === 0)) return null;
  return {
    id: "generalization",
    heading: "Generalization",
    blocks: [
      { kind: "table", table: table(context) },
      { kind: "picture", picture: await gaps(context) },
      prose(
        "Training figures are gathered over an epoch while the weights change, test figures are measured after it: early in training, and under dropout, the test set may look easier than the training set. Overfitting begins: the epoch of the lowest test loss, when the last one is more than 5 % higher.",
      ),
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
function onsetCell(done: readonly TrialResult[]): Cell {
  const onsets = done.map((t) => overfittingOnset(testLosses(t)));
  const known = onsets.filter((e): e is number => e !== null);
  if (done.length === 0) return { text: "–" };
  const exact = `by seed: ${onsets.map((e) => e ?? "none").join(", ")}`;
  if (known.length === 0) return { text: "no", exact };
  const some = known.length < done.length ? ` (${known.length} of ${done.length} seeds)` : "";
  return { text: `after epoch ${median(known)}${some}`, exact };
}

function table({ rows }: ReportContext): Table {
  const right = (header: string) => ({ header, align: "right" as const });
  const signed = (value: number): string => `${value > 0 ? "+" : ""}${significant(value, 3)}`.replace("-", "−");
  return {
    caption:
      "Final epoch, means over the seeds. Gaps: training accuracy less test accuracy, test loss less training loss; rise: of the test loss above its lowest value.",
    columns: [
      { header: "configuration", align: "left" },
      right("train accuracy, %"),
      right("test accuracy, %"),
      right("accuracy gap, points"),
      right("loss gap"),
      right("rise of test loss, %"),
      right("overfitting begins"),
    ],
    rows: rows.map(({ configuration: c, standing }) => [
      { text: c.label, style: c.style, strong: standing === "first" },
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
      onsetCell(c.done),
    ]),
  };
}

async function gaps(context: ReportContext): Promise<Picture> {
  const { configurations, highlighted, basis, epochs } = context;
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
    subtitle: `${basis} · training accuracy less test accuracy, points, over the epochs`,
    alt: "Distance of training and test accuracy over the epochs.",
    views: [
      {
        name: "",
        panels: [
          await overlay("", all, {
            title: "train − test accuracy, points",
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
function title({ configurations, learned }: ReportContext): string {
  const gaps = (learned.length > 0 ? learned : configurations).flatMap((c) => {
    const gap = over(c.done, (t) => accuracyGaps(t).at(-1));
    return gap ? [{ label: c.label, gap: gap.mean }] : [];
  });
  const most = gaps.reduce((a, b) => (Math.abs(b.gap) > Math.abs(a.gap) ? b : a));
  const side = most.gap >= 0 ? "above" : "below";
  const which = gaps.length > 1 ? `, furthest with ${most.label}` : ` with ${most.label}`;
  return `Training accuracy ends up to ${percent(Math.abs(most.gap))} points ${side} test accuracy${which}`;
}
