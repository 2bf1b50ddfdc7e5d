import { percent, percentInterval, points, pointsInterval, significant } from "../../util/format.ts";
import type { Configuration } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import { type Block, type Panel, type Picture, prose, type Section, type Table } from "../document.ts";
import { perClass } from "../plots/per-class.ts";
import { strengthCurves } from "../plots/strength-curves.ts";
import { render } from "../render.ts";
import {
  corruptionErrorOf,
  type Disturbance,
  type Family,
  type RobustnessResults,
  robustnessOf,
  under,
} from "../robustness.ts";
import { named } from "../wording.ts";
import { panelSize } from "./panel-size.ts";
import { intervalCell } from "./ranking.ts";

/** What is left of the test accuracy when test examples are disturbed. */
export async function robustnessSection(context: ReportContext): Promise<Section | null> {
  const results = robustnessOf(context.results);
  const finished = context.rows.map((r) => r.configuration).filter((c) => c.done.length > 0);
  if (!results || finished.length === 0) return null;
  const of = (kind: Family["kind"]): Family[] => results.families.filter((f) => f.kind === kind);
  const blocks: Block[] = [];
  if (of("corruption").length > 0) {
    blocks.push({ kind: "table", table: corruptionTable(context, results) });
    blocks.push({ kind: "picture", picture: await corruptionPicture(context, results, finished) });
  }
  const direct = [...of("noise"), ...of("attack")];
  if (direct.length > 0) blocks.push({ kind: "table", table: changeTable(context, results, direct) });
  blocks.push({ kind: "picture", picture: await strengthPicture(context, results, finished) });
  blocks.push(
    prose(
      `Measured with the final weights, on ${results.examples} test examples, the same for all trials and disturbed alike; nothing is trained on disturbed examples.`,
    ),
  );
  return { id: "robustness", heading: "Robustness", blocks };
}

const right = (header: string) => ({ header, align: "right" as const });
const left = (header: string) => ({ header, align: "left" as const });

function corruptionTable({ rows, configurations }: ReportContext, results: RobustnessResults): Table {
  const errors = new Map(rows.map(({ configuration: c }) => [c, corruptionErrorOf(results, configurations, c)]));
  const references = new Set([...errors.values()].flatMap((e) => (e ? [e.reference.label] : [])));
  return {
    caption: `Images under corruption. Mean corruption error: the errors summed over severities in units of those of ${named([...references])}, mean over the corruptions; relative: what corruption adds to the clean error, in the same units (Hendrycks and Dietterich, 2019).`,
    columns: [
      left("configuration"),
      right("clean accuracy, %"),
      right("mean accuracy under corruption, %"),
      right("mean corruption error"),
      right("relative"),
    ],
    rows: rows.map(({ configuration: c, standing }) => {
      const e = errors.get(c);
      const cell = (value: number | undefined, say: (v: number) => string) =>
        value === undefined || !Number.isFinite(value) ? { text: "–" } : { text: say(value), exact: String(value) };
      return [
        { text: c.label, style: c.style, strong: standing === "first" },
        intervalCell(
          under(results, c, "clean", (found) => found.accuracy),
          percentInterval,
        ),
        cell(e ? 1 - e.error : undefined, percent),
        cell(e?.mean, (v) => v.toFixed(3)),
        cell(e?.relative, (v) => v.toFixed(3)),
      ];
    }),
  };
}

/** Which corruption costs most, and who keeps most. */
async function corruptionPicture(
  context: ReportContext,
  results: RobustnessResults,
  finished: readonly Configuration[],
): Promise<Picture> {
  const families = results.families.filter((f) => f.kind === "corruption");
  const accuracy = (c: Configuration, f: Family): number => {
    const all = f.members.map((m) => under(results, c, m, (found) => found.accuracy)?.mean ?? Number.NaN);
    return all.reduce((a, b) => a + b, 0) / all.length;
  };
  const rows = finished.map((c) => ({ label: c.label, recall: families.map((f) => accuracy(c, f)) }));
  const known = rows.flatMap((r) => r.recall).filter(Number.isFinite);
  const worst = Math.max(0.01, ...known.map((a) => 1 - a));
  const means = families.map((_, k) => rows.reduce((sum, r) => sum + r.recall[k], 0) / rows.length);
  const hardest = families[means.indexOf(Math.min(...means))]?.title;
  const easiest = families[means.indexOf(Math.max(...means))]?.title;
  const draw = (width: number) =>
    render(
      perClass(rows, { width, title: "accuracy, %", what: "corruption", classes: families.map((f) => f.title), worst }),
    );
  return {
    id: "corruptions",
    title:
      families.length > 1
        ? `On average ${hardest} costs most accuracy, ${easiest} least`
        : `Accuracy under ${families[0].title}`,
    subtitle: `${context.basis} · test accuracy under each corruption, mean over the severities; the stronger the colour, the more is missed`,
    alt: `Test accuracy of ${rows.length} configurations under ${families.length} corruptions; the data has every severity.`,
    views: [{ name: "", panels: [{ heading: "", svg: await draw(940), narrow: await draw(380) }] }],
    csv: strengthCsv(results, families, finished),
  };
}

const strengthCsv = (
  results: RobustnessResults,
  families: readonly Family[],
  finished: readonly Configuration[],
): string =>
  csv(
    ["configuration", "what", "strength", "accuracy", "accuracy_change", "loss", "loss_change", "seeds"],
    finished.flatMap((c) =>
      families.flatMap(({ title, members }) =>
        members.map((m) => {
          const of = (read: Parameters<typeof under>[3]) => under(results, c, m, read);
          const accuracy = of((found) => found.accuracy);
          return [
            c.label,
            title,
            m.strength,
            accuracy?.mean ?? null,
            of((found, clean) => found.accuracy - clean.accuracy)?.mean ?? null,
            of((found) => found.loss)?.mean ?? null,
            of((found, clean) => found.loss - clean.loss)?.mean ?? null,
            accuracy?.n ?? 0,
          ];
        }),
      ),
    ),
  );

/** Change of accuracy and of the trial's own loss by noise and attacks, to the same examples undisturbed. */
function changeTable({ rows }: ReportContext, results: RobustnessResults, families: readonly Family[]): Table {
  const all = families.flatMap(({ title, unit, members }) =>
    members.map((m) => ({ m, header: `${title}, ${unit} ${m.strength}` })),
  );
  const signed = (value: number): string => `${value > 0 ? "+" : ""}${significant(value, 3)}`.replace("-", "−");
  return {
    caption:
      "Change to the same examples undisturbed: accuracy in points, and the configuration's own loss in its own unit. Noise is added to what the network is given; ε is in values of images from 0 to 1.",
    columns: [left("configuration"), ...all.flatMap(({ header }) => [right(`${header}: accuracy`), right("loss")])],
    rows: rows.map(({ configuration: c, standing }) => [
      { text: c.label, style: c.style, strong: standing === "first" },
      ...all.flatMap(({ m }) => [
        intervalCell(
          under(results, c, m, (found, clean) => found.accuracy - clean.accuracy),
          pointsInterval,
        ),
        intervalCell(
          under(results, c, m, (found, clean) => found.loss - clean.loss),
          signed,
        ),
      ]),
    ]),
  };
}

/** Accuracy against strength, a panel for each family that has several strengths or is the only one. */
async function strengthPicture(
  context: ReportContext,
  results: RobustnessResults,
  finished: readonly Configuration[],
): Promise<Picture> {
  const { families } = results;
  const shown = finished.filter((c) => context.highlighted.has(c));
  // Who is at chance has nothing to lose.
  const telling = shown.filter((c) => context.learned.includes(c));
  const accuracy = (c: Configuration, d: Disturbance | "clean") => under(results, c, d, (found) => found.accuracy);
  const all = families.flatMap(({ members }) => members);
  const means = shown.flatMap((c) => ["clean" as const, ...all].flatMap((d) => accuracy(c, d)?.mean ?? []));
  const fit = [Math.min(...means), Math.max(...means)] as const;
  const panels: Panel[] = [];
  for (const { title, members, unit } of families) {
    const spec = strengthCurves(
      shown.map((c) => ({
        label: c.label,
        style: c.style,
        values: (["clean", ...members] as const).map((d) => accuracy(c, d)),
      })),
      {
        width: panelSize(families.length).width,
        height: 240,
        title: "accuracy, %",
        across: unit,
        strengths: ["clean", ...members.map((m) => String(m.strength))],
        factor: 100,
        fit,
      },
    );
    panels.push({
      heading: title,
      svg: await render(spec),
    });
  }
  return {
    id: "robustness",
    title: strengthTitle(results, telling.length > 0 ? telling : shown),
    subtitle: `${context.basis} · test accuracy against how strongly examples are disturbed; band: 95 % interval over the seeds`,
    alt: `Test accuracy of ${named(shown.map((c) => c.label))} under ${families.length} kinds of disturbance; the tables have the numbers.`,
    views: [{ name: "", panels }],
    csv: strengthCsv(results, families, finished),
  };
}

/** Who loses least and most at the greatest strengths, on average over all that was done. */
function strengthTitle(results: RobustnessResults, shown: readonly Configuration[]): string {
  const loss = (c: Configuration): number => {
    const each = results.families.flatMap(({ members }) => {
      const found = under(results, c, members[members.length - 1], (f, clean) => f.accuracy - clean.accuracy);
      return found ? [found.mean] : [];
    });
    return each.reduce((a, b) => a + b, 0) / each.length;
  };
  const order = shown
    .map((c) => ({ label: c.label, change: loss(c) }))
    .filter((c) => Number.isFinite(c.change))
    .sort((a, b) => b.change - a.change);
  if (order.length === 0) return "No trial has been examined";
  const say = ({ label, change }: (typeof order)[number]): string => `${label} (${points(change)} points)`;
  const [least, most] = [order[0], order[order.length - 1]];
  if (order.length === 1) return `At the greatest strengths ${say(least)} of accuracy on average`;
  return `At the greatest strengths ${say(least)} loses least accuracy on average, ${say(most)} most`;
}
