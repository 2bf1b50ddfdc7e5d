import type * as corruptions from "../../corruptions/index.ts";
import { percent, percentInterval, pointsInterval, significant } from "../../util/format.ts";
import { type Configuration, who } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import { type Block, type Panel, type Picture, prose, type Said, type Section, type Table } from "../document.ts";
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
import type { Words } from "../words/index.ts";
import { intervalCell, left, nameCell, right } from "./cells.ts";
import { foremost } from "./foremost.ts";
import { panelSize } from "./panel-size.ts";

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
  blocks.push(prose(context.words.robustness.methods({ examples: results.examples })));
  return { id: "robustness", heading: context.words.robustness.heading, blocks };
}

/** What a family is called. */
function titleOf({ kind, family, title, onOwnLoss }: Family, { robustness }: Words): string {
  if (kind === "noise") return robustness.noise;
  if (kind === "attack") return onOwnLoss ? robustness.onOwnLoss({ attack: title }) : title;
  const names: Record<keyof typeof corruptions, string> = robustness.corruptions;
  return Object.hasOwn(names, family) ? names[family as keyof typeof corruptions] : title;
}

function corruptionTable({ rows, configurations, words }: ReportContext, results: RobustnessResults): Table {
  const errors = new Map(rows.map(({ configuration: c }) => [c, corruptionErrorOf(results, configurations, c)]));
  const references = new Set([...errors.values()].flatMap((e) => (e ? [e.reference] : [])));
  const { columns, corruptionCaption } = words.robustness;
  return {
    caption: corruptionCaption({ references: [...references].map(who) }),
    columns: [
      left(words.common.configuration),
      right(columns.clean),
      right(columns.corrupted),
      right(columns.error),
      right(columns.relative),
    ],
    rows: rows.map(({ configuration: c, standing }) => {
      const e = errors.get(c);
      const cell = (value: number | undefined, say: (v: number) => string) =>
        value === undefined || !Number.isFinite(value) ? { text: "–" } : { text: say(value), exact: String(value) };
      return [
        nameCell(c, standing),
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
  const { drawn, of } = foremost(context, finished, (c) => c);
  const rows = drawn.map((c) => ({ label: c.label, recall: families.map((f) => accuracy(c, f)) }));
  const known = rows.flatMap((r) => r.recall).filter(Number.isFinite);
  const worst = Math.max(0.01, ...known.map((a) => 1 - a));
  const means = families.map((_, k) => rows.reduce((sum, r) => sum + r.recall[k], 0) / rows.length);
  const { robustness: say } = context.words;
  const titles = families.map((f) => titleOf(f, context.words));
  const hardest = titles[means.indexOf(Math.min(...means))];
  const easiest = titles[means.indexOf(Math.max(...means))];
  const draw = (width: number) =>
    render(
      perClass(rows, {
        width,
        title: context.words.curves.accuracyAxis,
        what: say.corruption,
        classes: titles,
        worst,
      }),
    );
  return {
    id: "corruptions",
    title: families.length > 1 ? say.hardest({ hardest, easiest }) : say.underOne({ corruption: titles[0] }),
    subtitle: of(say.corruptionSubtitle({ basis: context.basis })),
    alt: say.corruptionAlt({ configurations: rows.length, n: families.length }),
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
function changeTable({ rows, words }: ReportContext, results: RobustnessResults, families: readonly Family[]): Table {
  const { robustness: say, common } = words;
  const all = families.flatMap((family) =>
    family.members.map((m) => ({
      m,
      what: say.at({ what: titleOf(family, words), unit: say.units[family.unit], strength: m.strength }),
    })),
  );
  const signed = (value: number): string => `${value > 0 ? "+" : ""}${significant(value, 3)}`.replace("-", "−");
  return {
    caption: say.changeCaption,
    columns: [
      left(common.configuration),
      ...all.flatMap(({ what }) => [right(say.accuracyUnder({ what })), right(say.columns.loss)]),
    ],
    rows: rows.map(({ configuration: c, standing }) => [
      nameCell(c, standing),
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
  const { robustness: say, curves } = context.words;
  for (const family of families) {
    const { members, unit } = family;
    const spec = strengthCurves(
      shown.map((c) => ({
        label: c.label,
        style: c.style,
        values: (["clean", ...members] as const).map((d) => accuracy(c, d)),
      })),
      {
        width: panelSize(families.length).width,
        height: 240,
        title: curves.accuracyAxis,
        across: say.units[unit],
        strengths: [say.clean, ...members.map((m) => String(m.strength))],
        factor: 100,
        fit,
      },
    );
    panels.push({
      heading: titleOf(family, context.words),
      svg: await render(spec),
    });
  }
  return {
    id: "robustness",
    title: strengthTitle(results, telling.length > 0 ? telling : shown, context.words),
    subtitle: say.strengthSubtitle({ basis: context.basis }),
    alt: say.strengthAlt({ whos: shown.map(who), n: families.length }),
    views: [{ name: "", panels }],
    csv: strengthCsv(results, families, finished),
  };
}

/** Who loses least and most at the greatest strengths, on average over all that was done. */
function strengthTitle(results: RobustnessResults, shown: readonly Configuration[], { robustness: say }: Words): Said {
  const loss = (c: Configuration): number => {
    const each = results.families.flatMap(({ members }) => {
      const found = under(results, c, members[members.length - 1], (f, clean) => f.accuracy - clean.accuracy);
      return found ? [found.mean] : [];
    });
    return each.reduce((a, b) => a + b, 0) / each.length;
  };
  const order = shown
    .map((c) => ({ who: who(c), change: loss(c) }))
    .filter((c) => Number.isFinite(c.change))
    .sort((a, b) => b.change - a.change);
  if (order.length === 0) return say.noneExamined;
  return say.loses({ least: order[0], most: order.length > 1 ? order[order.length - 1] : null });
}
