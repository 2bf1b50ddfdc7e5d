import { percentageChange } from "../../metrics/index.ts";
import type { TrialResult } from "../../run/records.ts";
import { median } from "../../stats/median.ts";
import { percent, percentInterval, significant } from "../../util/format.ts";
import { type Configuration, over } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { type Convergence, convergence, thresholdOf } from "../convergence.ts";
import { curveOf } from "../curves.ts";
import { type Cell, type Picture, prose, type Section, type Table } from "../document.ts";
import type { CurveSeries } from "../plots/learning-curves.ts";
import { named } from "../wording.ts";
import { curveCsv, overlay } from "./curves.ts";
import { intervalCell } from "./ranking.ts";

/** How soon each configuration has learned, and how smoothly. */
export async function convergenceSection(context: ReportContext): Promise<Section | null> {
  const { rows, results } = context;
  if (rows.every((r) => r.configuration.done.length === 0)) return null;
  const threshold = thresholdOf(results);
  return {
    id: "convergence",
    heading: "Convergence",
    blocks: [
      { kind: "table", table: table(context, threshold) },
      ...(context.epochs > 2 ? [{ kind: "picture" as const, picture: await changes(context) }] : []),
      prose(
        "Settled: the first epoch from which on the training loss stays within 5 % of its way around the last value; a loss that still falls at the end settles in the last epochs only. Smoothness: 1 for a test accuracy that never turns back. Fluctuation: its standard deviation from epoch to epoch once the loss has settled.",
      ),
    ],
  };
}

/** Median over the seeds with the smallest and largest value in brackets. */
function medianCell(values: readonly (number | null)[], say: (value: number) => string): Cell {
  const known = values.filter((v): v is number => v !== null);
  const never = values.length - known.length;
  const missed = never > 0 ? `${never} of ${values.length} never` : "";
  if (known.length === 0) return { text: values.length > 0 ? "never" : "–" };
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const range = low === high ? "" : ` (${say(low)} … ${say(high)})`;
  return {
    text: [`${say(median(known))}${range}`, missed].filter(Boolean).join(", "),
    exact: `by seed: ${values.map((v) => v ?? "never").join(", ")}`,
  };
}

function table({ rows, learned }: ReportContext, threshold: number | null): Table {
  const right = (header: string) => ({ header, align: "right" as const });
  const goal = threshold === null ? "95 % of own final" : `${percent(threshold)} %`;
  return {
    caption: `Until the test accuracy reaches ${threshold === null ? "95 % of the trial's own final value" : goal}: median over the seeds, smallest to largest in brackets; the rest are means over the seeds.`,
    columns: [
      { header: "configuration", align: "left" },
      right(`epochs to ${goal}`),
      right("seconds"),
      right("area under test accuracy, %"),
      right("settled after epoch"),
      right("smoothness"),
      right("fluctuation, points"),
      right("last change of loss, %"),
    ],
    rows: rows.map(({ configuration: c, standing, chance }) => {
      const found = new Map(c.done.map((t) => [t, convergence(t, threshold)]));
      const all = [...found.values()];
      const mean = (read: (c: Convergence) => number | undefined) => over(c.done, (t) => read(found.get(t)!));
      const none: Cell = { text: chance ? "at chance" : "–" };
      const soon = learned.includes(c);
      return [
        { text: c.label, style: c.style, strong: standing === "first" },
        soon
          ? medianCell(
              all.map((a) => a.epochs),
              String,
            )
          : none,
        soon
          ? medianCell(
              all.map((a) => a.seconds),
              (s) => significant(s, 3),
            )
          : { text: "–" },
        intervalCell(
          mean((a) => a.area),
          percentInterval,
        ),
        medianCell(
          all.map((a) => a.settled),
          String,
        ),
        intervalCell(
          mean((a) => a.smoothness),
          (m) => m.toFixed(2),
        ),
        intervalCell(
          mean((a) => a.fluctuation),
          (m) => percent(m),
        ),
        intervalCell(
          mean((a) => a.lastChange),
          (m) => significant(m, 3).replace("-", "−"),
        ),
      ];
    }),
  };
}

/** By how many percent the training loss changes from one epoch to the next. */
const changesOf = ({ history }: TrialResult): number[] => [
  Number.NaN,
  ...percentageChange(history.map((r) => r.train.loss)),
];

async function changes(context: ReportContext): Promise<Picture> {
  const { configurations, highlighted, basis, epochs } = context;
  const all = configurations.map(
    (c): CurveSeries => ({
      label: c.label,
      style: c.style,
      points: curveOf(c.done, changesOf),
      context: !highlighted.has(c),
    }),
  );
  return {
    id: "loss-change",
    title: title(configurations),
    subtitle: `${basis} · change of the training loss from each epoch to the next, percent of the former; the nearer to 0, the more converged`,
    alt: "Percentage change of the training loss over the epochs.",
    views: [
      {
        name: "",
        panels: [
          await overlay("", all, {
            title: "change of the training loss, %",
            epochs,
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

/** A change of less is one of a loss that has converged. */
const CONVERGED_PERCENT = 1;

function title(configurations: readonly Configuration[]): string {
  const still = configurations.filter((c) => {
    const last = over(c.done, (t) => convergence(t, null).lastChange);
    return last && Math.abs(last.mean) > CONVERGED_PERCENT;
  });
  const labels = still.map((c) => c.label);
  return labels.length === 0
    ? `No training loss changes by more than ${CONVERGED_PERCENT} % in the last epoch`
    : `The training loss still changes by more than ${CONVERGED_PERCENT} % in the last epoch for ${named(labels)}`;
}
