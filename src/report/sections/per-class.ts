import { mean } from "../../stats/mean.ts";
import { quantile } from "../../stats/quantile.ts";
import { count, percent } from "../../util/format.ts";
import { type Configuration, who } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import type { Block, Panel, Picture, Said, Section, Table } from "../document.ts";
import { type ClassMeasures, classMeasures, totalConfusion } from "../per-class.ts";
import { confusion, rowNormalized } from "../plots/confusion.ts";
import { perClass } from "../plots/per-class.ts";
import { render } from "../render.ts";
import type { Words } from "../words/index.ts";
import { left, right } from "./cells.ts";
import { foremost } from "./foremost.ts";
import { panelSize } from "./panel-size.ts";

/** A configuration with its test errors, added up over the seeds. */
interface Errors {
  configuration: Configuration;
  total: number[][];
  classes: ClassMeasures[];
  learned: boolean;
}

/** So many confusion matrices are drawn; the data of the picture has them all. */
const MOST_MATRICES = 9;

export async function perClassSection(context: ReportContext): Promise<Section | null> {
  const all = context.rows.flatMap(({ configuration }): Errors[] => {
    const total = totalConfusion(configuration);
    return total
      ? [{ configuration, total, classes: classMeasures(total), learned: context.learned.includes(configuration) }]
      : [];
  });
  if (all.length === 0) return null;
  const ofEach = foremost(context, all, (e) => e.configuration);
  const blocks: Block[] = [
    { kind: "picture", picture: await recallPicture(context, all) },
    { kind: "picture", picture: await confusionPicture(context, all) },
    {
      kind: "fold",
      heading: ofEach.heading(context.words.perClass.fold),
      blocks: ofEach.drawn.map((e) => ({ kind: "table", table: classTable(context, e) })),
    },
  ];
  return { id: "per-class", heading: context.words.perClass.heading, blocks };
}

function classTable(
  { classes, words: { perClass: say } }: ReportContext,
  { configuration, classes: measures }: Errors,
): Table {
  const cell = (value: number) => ({ text: percent(value), exact: String(value) });
  return {
    caption: say.caption({ who: who(configuration) }),
    columns: [
      left(say.columns.class),
      right(say.columns.precision),
      right(say.columns.recall),
      right(say.columns.specificity),
      right(say.columns.f1),
      right(say.columns.samples),
    ],
    rows: measures.map((m, k) => [
      { text: classes[k] ?? String(k) },
      cell(m.precision),
      cell(m.recall),
      cell(m.specificity),
      cell(m.f1),
      { text: count(m.support), exact: String(m.support) },
    ]),
  };
}

/** Configurations at chance take nearly everything for one class, which says nothing of how hard the classes are. */
const telling = (all: readonly Errors[]): readonly Errors[] =>
  all.some((e) => e.learned) ? all.filter((e) => e.learned) : all;

function recallTitle(all: readonly Errors[], classes: readonly string[], { perClass }: Words): Said {
  const some = telling(all);
  const recalls = classes.map((name, k) => ({ class: name, recall: mean(some.map((e) => e.classes[k].recall)) }));
  const worst = recalls.reduce((a, b) => (b.recall < a.recall ? b : a));
  const best = recalls.reduce((a, b) => (b.recall > a.recall ? b : a));
  const lopsided = all.flatMap((e) => {
    const total = e.classes.reduce((sum, c) => sum + c.predicted, 0);
    const k = e.classes.findIndex((c) => c.predicted > 0.9 * total);
    return k >= 0 ? [{ who: who(e.configuration), class: classes[k] }] : [];
  });
  return perClass.recall({ worst, best, lopsided: lopsided.length <= 2 ? lopsided : [] });
}

async function recallPicture(context: ReportContext, all: readonly Errors[]): Promise<Picture> {
  const { perClass: say, plots } = context.words;
  const worst = Math.max(
    0.01,
    quantile(
      telling(all).flatMap((e) => e.classes.map((c) => 1 - c.recall)),
      0.95,
    ),
  );
  const { drawn, of } = foremost(context, all, (e) => e.configuration);
  const rows = drawn.map((e) => ({ label: e.configuration.label, recall: e.classes.map((c) => c.recall) }));
  const draw = (width: number) =>
    render(perClass(rows, { width, title: say.recallAxis, what: plots.class, classes: context.classes, worst }));
  return {
    id: "recall",
    title: recallTitle(all, context.classes, context.words),
    subtitle: of(say.recallSubtitle({ basis: context.basis })),
    alt: say.recallAlt({ classes: context.classes.length, configurations: drawn.length }),
    views: [{ name: "", panels: [{ heading: "", svg: await draw(940), narrow: await draw(380) }] }],
    csv: csv(
      ["configuration", "class", "precision", "recall", "specificity", "f1", "samples"],
      all.flatMap((e) =>
        e.classes.map((c, k) => [
          e.configuration.label,
          context.classes[k],
          c.precision,
          c.recall,
          c.specificity,
          c.f1,
          c.support,
        ]),
      ),
    ),
  };
}

function confusionTitle(all: readonly Errors[], classes: readonly string[], { perClass }: Words): Said {
  let most: { of: Errors; share: number; from: string; to: string } | null = null;
  for (const e of telling(all)) {
    rowNormalized(e.total).forEach((row, i) => {
      row.forEach((share, j) => {
        if (i !== j && share > (most?.share ?? 0)) most = { of: e, share, from: classes[i], to: classes[j] };
      });
    });
  }
  // The compiler does not see what the loops do.
  const found = most as { of: Errors; share: number; from: string; to: string } | null;
  if (!found) return perClass.noConfusion;
  const { of, ...rest } = found;
  return perClass.confusion({ who: who(of.configuration), ...rest });
}

async function confusionPicture(context: ReportContext, all: readonly Errors[]): Promise<Picture> {
  const { classes, words } = context;
  const { drawn: shown, of } = foremost(context, all, (e) => e.configuration, MOST_MATRICES);
  const shares = telling(shown).flatMap((e) =>
    rowNormalized(e.total).flatMap((row, i) => row.filter((_, j) => j !== i)),
  );
  const worst = Math.max(0.005, quantile(shares, 0.98));
  const panels: Panel[] = [];
  for (const e of shown) {
    panels.push({
      heading: e.configuration.label,
      svg: await render(
        confusion(e.total, {
          width: panelSize(shown.length).width > 400 ? 430 : 320,
          classes,
          worst,
          words: words.plots,
        }),
      ),
    });
  }
  return {
    id: "confusion",
    title: confusionTitle(shown, classes, words),
    subtitle: of(words.perClass.confusionSubtitle({ basis: context.basis })),
    alt: words.perClass.confusionAlt({ whos: shown.map((e) => who(e.configuration)) }),
    views: [{ name: "", panels }],
    csv: csv(
      ["configuration", "class", "taken_for", "samples", "share"],
      all.flatMap((e) => {
        const normalized = rowNormalized(e.total);
        return e.total.flatMap((row, i) =>
          row.map((n, j) => [e.configuration.label, classes[i], classes[j], n, normalized[i][j]]),
        );
      }),
    ),
  };
}
