import { percentInterval, pValue, significant } from "../../util/format.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import { type Block, type Picture, prose, type Section, type Table } from "../document.ts";
import { type FactorialAnalysis, factorialAnalysis } from "../effects.ts";
import type { Factor } from "../factors.ts";
import { plain } from "../labels.ts";
import { SERIES_COLORS } from "../palette.ts";
import { linearAxis } from "../plots/axis.ts";
import { rankingPlot } from "../plots/ranking-plot.ts";
import { render } from "../render.ts";
import type { Text } from "../text.ts";
import type { Words } from "../words/index.ts";
import { left, right } from "./cells.ts";

type Tested = FactorialAnalysis["effects"][number];

/** What each factor of the study does to the test accuracy, by itself and together with others. */
export async function effectsSection(context: ReportContext): Promise<Section | null> {
  const analysis = factorialAnalysis(context.configurations);
  if (!analysis) return null;
  const { effects: say } = context.words;
  const blocks: Block[] = [prose(summary(analysis, context.words))];
  if (analysis.factors.length > 1) blocks.push({ kind: "picture", picture: await picture(context, analysis) });
  blocks.push({
    kind: "fold",
    heading: say.fold,
    blocks: [{ kind: "table", table: table(analysis, context.words) }, prose(methods(analysis, context.words))],
  });
  return {
    id: "effects",
    heading: analysis.factors.length > 1 ? say.heading : say.headingOfOne,
    blocks,
  };
}

/** A field by its name in the report's language; a parameter keeps the name that study files give it. */
const fieldName = ({ field }: Factor, { effects }: Words): string =>
  Object.hasOwn(effects.parts, field) ? effects.parts[field as keyof typeof effects.parts] : plain(field);
const nameOf = (factor: Factor, words: Words): string =>
  factor.parameter === undefined ? fieldName(factor, words) : plain(factor.parameter);
const fullName = (factor: Factor, words: Words): string =>
  factor.parameter === undefined ? fieldName(factor, words) : `${fieldName(factor, words)}: ${plain(factor.parameter)}`;

const isFound = (e: Tested): boolean => e.adjustedP <= 0.05;

function summary({ factors, effects }: FactorialAnalysis, words: Words): Text {
  const told = (some: readonly Tested[]) =>
    some.map((e) => ({
      factors: e.factors.map((f) => nameOf(factors[f], words)),
      f: e.f,
      df: e.df * e.sphericity.epsilon,
      errorDf: e.errorDf * e.sphericity.epsilon,
      p: e.adjustedP,
    }));
  const main = effects.filter((e) => e.factors.length === 1);
  const joint = effects.filter((e) => e.factors.length > 1);
  const found = main.filter(isFound).sort((a, b) => b.partialEtaSquared - a.partialEtaSquared);
  return words.effects.summary({
    found: told(found),
    missing: told(main.filter((e) => !isFound(e))),
    joint: joint.length,
    interactions: told(joint.filter(isFound)),
  });
}

async function picture(
  { basis, words }: ReportContext,
  { factors, means, seeds }: FactorialAnalysis,
): Promise<Picture> {
  const ends = means
    .flat()
    .flatMap((s) => [s.mean, s.mean - Math.min(s.halfWidth!, 0.02), s.mean + Math.min(s.halfWidth!, 0.02)]);
  const fit: [number, number] = [100 * Math.min(...ends), Math.min(100, 100 * Math.max(...ends))];
  const [low, high] = linearAxis(...fit).domain;
  const beyond = ({ mean, halfWidth }: { mean: number; halfWidth: number | null }): boolean =>
    100 * (mean - halfWidth!) < low || 100 * (mean + halfWidth!) > high;
  const panels = [];
  for (const [i, factor] of factors.entries()) {
    const rows = factor.levels.map((label, level) => {
      const { mean, halfWidth } = means[i][level];
      return {
        label,
        style: { color: SERIES_COLORS[0], dash: [], shape: "circle" as const },
        value: 100 * mean,
        halfWidth: 100 * halfWidth!,
        text: percentInterval(mean, halfWidth),
      };
    });
    const draw = (width: number) => render(rankingPlot(rows, { width, title: words.effects.axis, fit }));
    panels.push({ heading: fullName(factor, words), svg: await draw(480), narrow: await draw(350) });
  }
  const spans = means.map((levels) => Math.max(...levels.map((s) => s.mean)) - Math.min(...levels.map((s) => s.mean)));
  const widest = spans.indexOf(Math.max(...spans));
  return {
    id: "effects",
    title: words.effects.title({ factor: nameOf(factors[widest], words), span: spans[widest] }),
    subtitle: words.effects.subtitle({ basis, seeds: seeds.length, cut: means.flat().some(beyond) }),
    alt: words.effects.alt({
      factors: factors.map((factor, i) => ({
        factor: fullName(factor, words),
        levels: factor.levels.map((level, k) => ({ level, value: means[i][k] })),
      })),
    }),
    views: [{ name: "", panels }],
    csv: csv(
      ["factor", "level", "seeds", "mean", "half_width_95"],
      factors.flatMap(({ name, levels }, i) =>
        levels.map((level, k) => [name, level, seeds.length, means[i][k].mean, means[i][k].halfWidth]),
      ),
    ),
  };
}

function table({ factors, effects }: FactorialAnalysis, words: Words): Table {
  const { caption, columns } = words.effects;
  const number = (value: number, digits = 3) => ({
    text: Number.isFinite(value) ? significant(value, digits) : "∞",
    exact: String(value),
  });
  return {
    caption,
    columns: [
      left(columns.effect),
      right("F"),
      right(columns.df),
      right("ε"),
      right("p"),
      right(columns.holm),
      right(columns.eta),
      right(columns.mauchly),
    ],
    rows: effects.map((e) => [
      { text: e.factors.map((f) => fullName(factors[f], words)).join(" × "), strong: isFound(e) },
      number(e.f),
      { text: `${e.df}, ${e.errorDf}` },
      number(e.sphericity.epsilon, 2),
      { text: pValue(e.correctedP), exact: words.effects.exactP({ corrected: e.correctedP, p: e.p }) },
      { text: pValue(e.adjustedP), exact: String(e.adjustedP) },
      { text: e.partialEtaSquared.toFixed(2), exact: String(e.partialEtaSquared) },
      e.sphericity.mauchly
        ? { text: pValue(e.sphericity.mauchly.p), exact: `W = ${e.sphericity.mauchly.w}` }
        : { text: "–" },
    ]),
  };
}

const methods = ({ method, normality, seeds, incomplete, effects }: FactorialAnalysis, words: Words): Text =>
  words.effects.methods({ seeds: seeds.length, incomplete, normality, method, effects: effects.length });
