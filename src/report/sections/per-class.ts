import { mean } from "../../stats/mean.ts";
import { quantile } from "../../stats/quantile.ts";
import { count, percent } from "../../util/format.ts";
import type { Configuration } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import type { Block, Panel, Picture, Section, Table } from "../document.ts";
import { type ClassMeasures, classMeasures, totalConfusion } from "../per-class.ts";
import { confusion, rowNormalized } from "../plots/confusion.ts";
import { perClass } from "../plots/per-class.ts";
import { render } from "../render.ts";
import { named } from "../wording.ts";
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
  const blocks: Block[] = [
    { kind: "picture", picture: await recallPicture(context, all) },
    { kind: "picture", picture: await confusionPicture(context, all) },
    {
      kind: "fold",
      heading: "Precision, recall, specificity and F1 of each class",
      blocks: all.map((e) => ({ kind: "table", table: classTable(context, e) })),
    },
  ];
  return { id: "per-class", heading: "Per class", blocks };
}

const right = (header: string) => ({ header, align: "right" as const });
const left = (header: string) => ({ header, align: "left" as const });

function classTable({ classes }: ReportContext, { configuration, classes: measures }: Errors): Table {
  const cell = (value: number) => ({ text: percent(value), exact: String(value) });
  return {
    caption: `${configuration.label}: test set, final epoch, percent, all seeds together.`,
    columns: [left("class"), right("precision"), right("recall"), right("specificity"), right("F1"), right("samples")],
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

function recallTitle(all: readonly Errors[], classes: readonly string[]): string {
  const some = telling(all);
  const recalls = classes.map((name, k) => ({ name, recall: mean(some.map((e) => e.classes[k].recall)) }));
  const worst = recalls.reduce((a, b) => (b.recall < a.recall ? b : a));
  const best = recalls.reduce((a, b) => (b.recall > a.recall ? b : a));
  const lopsided = all.flatMap((e) => {
    const total = e.classes.reduce((sum, c) => sum + c.predicted, 0);
    const k = e.classes.findIndex((c) => c.predicted > 0.9 * total);
    return k >= 0 ? [`${e.configuration.label} takes nearly everything for class ${classes[k]}`] : [];
  });
  const clauses = [
    `Class ${worst.name} is missed most (recall ${percent(worst.recall)} %), class ${best.name} least (${percent(best.recall)} %)`,
  ];
  if (lopsided.length > 0 && lopsided.length <= 2) clauses.push(...lopsided);
  return clauses.join("; ");
}

async function recallPicture(context: ReportContext, all: readonly Errors[]): Promise<Picture> {
  const worst = Math.max(
    0.01,
    quantile(
      telling(all).flatMap((e) => e.classes.map((c) => 1 - c.recall)),
      0.95,
    ),
  );
  const rows = all.map((e) => ({ label: e.configuration.label, recall: e.classes.map((c) => c.recall) }));
  const draw = (width: number) =>
    render(perClass(rows, { width, title: "recall, %", classes: context.classes, worst }));
  return {
    id: "recall",
    title: recallTitle(all, context.classes),
    subtitle: `${context.basis} · share of each class that is recognized, test set, final epoch; the stronger the colour, the more is missed`,
    alt: `Recall of ${context.classes.length} classes for ${all.length} configurations; the tables below have the numbers.`,
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

function confusionTitle(all: readonly Errors[], classes: readonly string[]): string {
  let [most, from, to, label] = [0, 0, 0, ""];
  for (const e of telling(all)) {
    rowNormalized(e.total).forEach((row, i) => {
      row.forEach((share, j) => {
        if (i !== j && share > most) [most, from, to, label] = [share, i, j, e.configuration.label];
      });
    });
  }
  if (most === 0) return "No sample is misclassified";
  return `The most frequent confusion: ${percent(most)} % of class ${classes[from]} are taken for ${classes[to]} with ${label}`;
}

async function confusionPicture(context: ReportContext, all: readonly Errors[]): Promise<Picture> {
  const { classes } = context;
  const shown = all.slice(0, MOST_MATRICES);
  const shares = telling(shown).flatMap((e) =>
    rowNormalized(e.total).flatMap((row, i) => row.filter((_, j) => j !== i)),
  );
  const worst = Math.max(0.005, quantile(shares, 0.98));
  const panels: Panel[] = [];
  for (const e of shown) {
    panels.push({
      heading: e.configuration.label,
      svg: await render(confusion(e.total, { width: panelSize(shown.length).width > 400 ? 430 : 320, classes, worst })),
    });
  }
  const rest = all.length - shown.length;
  const which = rest > 0 ? ` · the best ${shown.length}; the data has the other ${rest} too` : "";
  return {
    id: "confusion",
    title: confusionTitle(shown, classes),
    subtitle: `${context.basis} · percent of each class (row) taken for each class (column), test set, final epoch, all seeds together; right answers are left uncoloured${which}`,
    alt: `Confusion matrices of ${named(
      shown.map((e) => e.configuration.label),
      9,
    )}.`,
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
