/** Losses as functions of how sure the model is: a picture, its data and its numbers as a document. */
import { type LossPoint, lossCurve, marginOf } from "../library/loss-curve.ts";
import type { Losses } from "../library/plain.ts";
import type { Spec } from "../run/records.ts";
import { listed, significant } from "../util/format.ts";
import { csv } from "./csv.ts";
import type { Picture, ReportDocument, Table } from "./document.ts";
import { specLabel } from "./labels.ts";
import { DASHES, SERIES_COLORS, SHAPES } from "./palette.ts";
import { type LossSeries, lossCurves, MARGINS } from "./plots/loss-curves.ts";
import { render } from "./render.ts";

/** One loss with its points: those of the table, and the denser ones of the picture. */
export interface DrawnLoss extends LossSeries {
  spec: Spec;
  rows: readonly LossPoint[];
}

/** Probabilities that the table shows. */
export const PROBABILITIES = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];

/** Margins at equal steps, and those of probabilities at equal steps: smooth over either. */
function grid(classes: number): number[] {
  const margins = Array.from({ length: 10 * (MARGINS[1] - MARGINS[0]) + 1 }, (_, i) => MARGINS[0] + i / 10);
  const probabilities = Array.from({ length: 199 }, (_, i) => marginOf((i + 1) / 200, classes));
  return [...margins, ...probabilities].sort((a, b) => a - b);
}

const agree = (a: readonly LossPoint[], b: readonly LossPoint[]): boolean =>
  a.every((p, i) => Math.abs(p.value - b[i].value) <= 1e-9 && Math.abs(p.gradient - b[i].gradient) <= 1e-9);

/**
 * The losses' curves, one colour each. A loss that equals one before it is dashed, so that both show.
 * @throws UserError when a spec makes no sense
 */
export function drawnLosses(specs: readonly Spec[], classes: number, losses?: Losses): DrawnLoss[] {
  const options = { classes, ...(losses && { losses }) };
  const drawn: DrawnLoss[] = [];
  for (const [i, spec] of specs.entries()) {
    const points = lossCurve(spec, grid(classes), options);
    const equal = drawn.filter((other) => agree(other.points, points)).length;
    drawn.push({
      spec,
      label: specLabel(spec),
      style: {
        color: SERIES_COLORS[i % SERIES_COLORS.length],
        dash: DASHES[(equal + Math.floor(i / SERIES_COLORS.length)) % DASHES.length],
        shape: SHAPES[i % SHAPES.length],
      },
      points,
      rows: lossCurve(
        spec,
        PROBABILITIES.map((p) => marginOf(p, classes)),
        options,
      ),
    });
  }
  return drawn;
}

/** From here on four decimals would be digits without meaning. */
const LARGE = 1e5;

const number = (value: number): string =>
  (Math.abs(value) < LARGE ? value.toFixed(4) : value.toExponential(2)).replace(/^-(0\.0+)$/, "$1").replace("-", "−");

/** Rows by the target's probability, a column for each loss. */
export function lossTable(losses: readonly DrawnLoss[], read: "value" | "gradient"): Table {
  const right = (header: string) => ({ header, align: "right" as const });
  return {
    caption: read === "value" ? "Loss" : "Gradient for the target's logit, ∂L/∂z",
    columns: [right("p"), right("margin"), ...losses.map(({ label }) => right(label))],
    rows: PROBABILITIES.map((p, i) => [
      { text: p.toFixed(2) },
      { text: number(losses[0].rows[i].margin).slice(0, -2) },
      ...losses.map(({ rows }) => ({ text: number(rows[i][read]), exact: String(rows[i][read]) })),
    ]),
  };
}

/** Which of them still learn where the model is surely wrong. */
function title(losses: readonly DrawnLoss[]): string {
  const pull = ({ rows }: DrawnLoss): number => Math.abs(rows[0].gradient);
  const order = [...losses].sort((a, b) => pull(b) - pull(a));
  const say = (loss: DrawnLoss): string => `${significant(pull(loss), 2)} for ${loss.label}`;
  const sizes =
    order.length > 2 ? `from ${say(order[0])} to ${say(order[order.length - 1])}` : order.map(say).join(" and ");
  return `Where the model is surely wrong (p = ${PROBABILITIES[0]}), the gradient's size is ${sizes}`;
}

export async function lossCurvePicture(losses: readonly DrawnLoss[], classes: number): Promise<Picture> {
  const others = classes === 2 ? "two classes" : `${classes} classes, all but the target equally likely`;
  return {
    id: "loss-curves",
    title: title(losses),
    subtitle: `${others} · logits (m, 0, …, 0) · one example · pictures side by side share their axis`,
    alt: `Loss and gradient of ${listed(losses.map((l) => l.label))} over the target's probability and over the margin.`,
    views: [
      {
        name: "",
        panels: [
          {
            heading: "",
            svg: await render(lossCurves(losses, { width: 940, columns: 2 })),
            narrow: await render(lossCurves(losses, { width: 380, columns: 1 })),
          },
        ],
      },
    ],
    csv: csv(
      ["loss", "p", "margin", "value", "gradient"],
      losses.flatMap(({ label, points }) => points.map((q) => [label, q.p, q.margin, q.value, q.gradient])),
    ),
  };
}

/** Picture and numbers on a page. */
export const lossCurveDocument = (losses: readonly DrawnLoss[], drawing: Picture): ReportDocument => ({
  title: "Losses and their gradients",
  question: null,
  facts: losses.map(({ label }) => label),
  sections: [
    { id: "curves", heading: "Curves", blocks: [{ kind: "picture", picture: drawing }] },
    {
      id: "numbers",
      heading: "Numbers",
      blocks: (["value", "gradient"] as const).map((read) => ({ kind: "table", table: lossTable(losses, read) })),
    },
  ],
});
