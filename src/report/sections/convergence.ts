import { percentageChange } from "../../metrics/index.ts";
import type { TrialResult } from "../../run/records.ts";
import { median } from "../../stats/median.ts";
import { percent, percentInterval, significant } from "../../util/format.ts";
import { type Configuration, over, who } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { type Convergence, convergence, thresholdOf } from "../convergence.ts";
import { curveOf } from "../curves.ts";
import { type Cell, type Picture, prose, type Section, type Table } from "../document.ts";
import type { CurveSeries } from "../plots/learning-curves.ts";
import type { Text } from "../text.ts";
import type { Words } from "../words/index.ts";
import { intervalCell, left, nameCell, right } from "./cells.ts";
import { curveCsv, overlay } from "./curves.ts";

/** How soon each configuration has learned, and how smoothly. */
export async function convergenceSection(context: ReportContext): Promise<Section | null> {
  const { rows, results } = context;
  if (rows.every((r) => r.configuration.done.length === 0)) return null;
  const threshold = thresholdOf(results);
  return {
    id: "convergence",
    heading: context.words.convergence.heading,
    blocks: [
      { kind: "table", table: table(context, threshold) },
      ...(context.epochs > 2 ? [{ kind: "picture" as const, picture: await changes(context) }] : []),
      prose(context.words.convergence.terms),
    ],
  };
}

/** Median over the seeds with the smallest and largest value in brackets. */
function medianCell(
  values: readonly (number | null)[],
  say: (value: number) => string,
  { common, convergence: words }: Words,
): Cell {
  const known = values.filter((v): v is number => v !== null);
  const never = values.length - known.length;
  const missed = never > 0 ? words.missed({ never, of: values.length }) : "";
  if (known.length === 0) return { text: values.length > 0 ? common.never : "–" };
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const range = low === high ? "" : ` (${say(low)} … ${say(high)})`;
  return {
    text: [`${say(median(known))}${range}`, missed].filter(Boolean).join(", "),
    exact: words.bySeed({ values }),
  };
}

function table({ rows, learned, words }: ReportContext, threshold: number | null): Table {
  const { common, convergence: say } = words;
  const { columns } = say;
  const goal = threshold === null ? null : `${percent(threshold)} %`;
  return {
    caption: say.caption({ goal }),
    columns: [
      left(common.configuration),
      right(say.epochsTo({ goal: goal ?? say.ownFinal })),
      right(columns.seconds),
      right(columns.area),
      right(columns.settled),
      right(columns.smoothness),
      right(columns.fluctuation),
      right(columns.lastChange),
    ],
    rows: rows.map(({ configuration: c, standing, chance }) => {
      const found = new Map(c.done.map((t) => [t, convergence(t, threshold)]));
      const all = [...found.values()];
      const mean = (read: (c: Convergence) => number | undefined) => over(c.done, (t) => read(found.get(t)!));
      const none: Cell = { text: chance ? common.atChance : "–" };
      const soon = learned.includes(c);
      return [
        nameCell(c, standing),
        soon
          ? medianCell(
              all.map((a) => a.epochs),
              String,
              words,
            )
          : none,
        soon
          ? medianCell(
              all.map((a) => a.seconds),
              (s) => significant(s, 3),
              words,
            )
          : { text: "–" },
        intervalCell(
          mean((a) => a.area),
          percentInterval,
        ),
        medianCell(
          all.map((a) => a.settled),
          String,
          words,
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
  const { configurations, highlighted, basis, epochs, words } = context;
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
    title: title(configurations, words),
    subtitle: words.convergence.subtitle({ basis }),
    alt: words.convergence.alt,
    views: [
      {
        name: "",
        panels: [
          await overlay("", all, {
            title: words.convergence.axis,
            words: words.plots,
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
export const CONVERGED_PERCENT = 1;

/** Configurations whose mean training loss still changes in the last epoch. */
export const stillChanging = (configurations: readonly Configuration[]): Configuration[] =>
  configurations.filter((c) => {
    const last = over(c.done, (t) => convergence(t, null).lastChange);
    return last && Math.abs(last.mean) > CONVERGED_PERCENT;
  });

function title(configurations: readonly Configuration[], { convergence: say }: Words): Text {
  const whos = stillChanging(configurations).map(who);
  return whos.length === 0
    ? say.allStill({ percent: CONVERGED_PERCENT })
    : say.stillChanging({ whos, percent: CONVERGED_PERCENT });
}
