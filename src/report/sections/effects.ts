import { listed, percentInterval, plural, pValue, significant } from "../../util/format.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import { type Block, type Picture, prose, type Section, type Table } from "../document.ts";
import { type FactorialAnalysis, factorialAnalysis } from "../effects.ts";
import { SERIES_COLORS } from "../palette.ts";
import { rankingPlot } from "../plots/ranking-plot.ts";
import { render } from "../render.ts";

type Tested = FactorialAnalysis["effects"][number];

/** What each factor of the study does to the test accuracy, by itself and together with others. */
export async function effectsSection(context: ReportContext): Promise<Section | null> {
  const analysis = factorialAnalysis(context.configurations);
  if (!analysis) return null;
  const blocks: Block[] = [prose(sentence(analysis))];
  if (analysis.factors.length > 1) blocks.push({ kind: "picture", picture: await picture(context, analysis) });
  blocks.push({
    kind: "fold",
    heading: "The tests of all effects",
    blocks: [{ kind: "table", table: table(analysis) }, prose(methods(analysis))],
  });
  return {
    id: "effects",
    heading: analysis.factors.length > 1 ? "Main effects and interactions" : "Effect of the factor",
    blocks,
  };
}

/** The names alone: `learning rate` of `optimizer: learning rate`. */
const short = (name: string): string => name.slice(name.lastIndexOf(":") + 1).trim();
const namesOf = ({ factors }: FactorialAnalysis, e: Tested): string[] => e.factors.map((f) => short(factors[f].name));
const isFound = (e: Tested): boolean => e.adjustedP <= 0.05;

const fText = (e: Tested): string => {
  const [df, error] = [e.df, e.errorDf].map((d) => significant(d * e.sphericity.epsilon, 3).replace(/\.0+$/, ""));
  return `F(${df}, ${error}) = ${Number.isFinite(e.f) ? significant(e.f, 3) : "∞"}, p ${pText(e.adjustedP)}`;
};
const pText = (p: number): string => (p < 0.001 ? "< 0.001" : `= ${pValue(p)}`);

function sentence(analysis: FactorialAnalysis): string {
  const main = analysis.effects.filter((e) => e.factors.length === 1);
  const joint = analysis.effects.filter((e) => e.factors.length > 1);
  const [found, missing] = [main.filter(isFound), main.filter((e) => !isFound(e))];
  found.sort((a, b) => b.partialEtaSquared - a.partialEtaSquared);
  const clauses: string[] = [];
  if (found.length > 0) {
    const said = found.map((e) => `the ${namesOf(analysis, e)[0]} (${fText(e)})`);
    clauses.push(`Test accuracy depends on ${listed(said)}`);
  }
  if (missing.length > 0) {
    const said = missing.map((e) => `the ${namesOf(analysis, e)[0]} (${fText(e)})`);
    clauses.push(`${found.length > 0 ? "an" : "An"} effect of ${listed(said)} was not found`);
  }
  const text = `${clauses.join("; ")}.`;
  if (joint.length === 0) return text;
  const both = joint.filter(isFound);
  if (both.length === 0)
    return `${text} No interaction was found: what one factor does was not seen to depend on another.`;
  const said = both.map((e) => {
    const [first, ...others] = namesOf(analysis, e).reverse();
    return `the ${first} on the ${listed(others)} (${fText(e)})`;
  });
  return `${text} The effects depend on each other: that of ${listed(said)}.`;
}

async function picture({ basis }: ReportContext, { factors, means, seeds }: FactorialAnalysis): Promise<Picture> {
  const ends = means
    .flat()
    .flatMap((s) => [s.mean, s.mean - Math.min(s.halfWidth!, 0.02), s.mean + Math.min(s.halfWidth!, 0.02)]);
  const fit: [number, number] = [100 * Math.min(...ends), Math.min(100, 100 * Math.max(...ends))];
  const panels = [];
  for (const [i, { name, levels }] of factors.entries()) {
    const rows = levels.map((label, level) => {
      const { mean, halfWidth } = means[i][level];
      return {
        label,
        style: { color: SERIES_COLORS[0], dash: [], shape: "circle" as const },
        value: 100 * mean,
        halfWidth: 100 * halfWidth!,
        text: percentInterval(mean, halfWidth),
      };
    });
    const draw = (width: number) => render(rankingPlot(rows, { width, title: "mean test accuracy, %", fit }));
    panels.push({ heading: name, svg: await draw(480), narrow: await draw(350) });
  }
  const spans = means.map((levels) => Math.max(...levels.map((s) => s.mean)) - Math.min(...levels.map((s) => s.mean)));
  const widest = spans.indexOf(Math.max(...spans));
  return {
    id: "effects",
    title: `The levels of the ${short(factors[widest].name)} lie furthest apart: ${(100 * spans[widest]).toFixed(2)} points`,
    subtitle: `${basis} · test accuracy at each level, mean over all levels of the others · ${plural(seeds.length, "seed")} that finished everywhere, 95 % intervals · arrows: beyond the axis`,
    alt: factors
      .map(
        ({ name, levels }, i) =>
          `${name}: ${levels.map((l, k) => `${l} ${percentInterval(means[i][k].mean, means[i][k].halfWidth)} %`).join(", ")}`,
      )
      .join("; "),
    views: [{ name: "", panels }],
    csv: csv(
      ["factor", "level", "seeds", "mean", "half_width_95"],
      factors.flatMap(({ name, levels }, i) =>
        levels.map((level, k) => [name, level, seeds.length, means[i][k].mean, means[i][k].halfWidth]),
      ),
    ),
  };
}

function table({ factors, effects }: FactorialAnalysis): Table {
  const right = (header: string) => ({ header, align: "right" as const });
  const number = (value: number, digits = 3) => ({
    text: Number.isFinite(value) ? significant(value, digits) : "∞",
    exact: String(value),
  });
  return {
    caption: "Effects on the final test accuracy, each against its own variation over the seeds.",
    columns: [
      { header: "effect", align: "left" },
      right("F"),
      right("degrees of freedom"),
      right("ε"),
      right("p"),
      right("p, Holm"),
      right("partial η²"),
      right("p, Mauchly"),
    ],
    rows: effects.map((e) => [
      { text: e.factors.map((f) => factors[f].name).join(" × "), strong: isFound(e) },
      number(e.f),
      { text: `${e.df}, ${e.errorDf}` },
      number(e.sphericity.epsilon, 2),
      { text: pValue(e.correctedP), exact: `${e.correctedP}, without ε ${e.p}` },
      { text: pValue(e.adjustedP), exact: String(e.adjustedP) },
      { text: e.partialEtaSquared.toFixed(2), exact: String(e.partialEtaSquared) },
      e.sphericity.mauchly
        ? { text: pValue(e.sphericity.mauchly.p), exact: `W = ${e.sphericity.mauchly.w}` }
        : { text: "–" },
    ]),
  };
}

function methods({ method, normality, seeds, incomplete, effects }: FactorialAnalysis): string {
  const shape = normality
    ? `Residuals ${method === "ranks" ? "are not normal" : "may be normal"} (Shapiro and Wilk: W = ${significant(normality.w, 3)}, p ${pText(normality.p)}), so effects are tested on ${method === "ranks" ? "aligned ranks" : "the values"}.`
    : "There is too little variation to look at residuals; effects are tested on the values.";
  const left =
    incomplete.length > 0
      ? ` ${incomplete.length === 1 ? "Seed" : "Seeds"} ${listed(incomplete.map(String))} did not finish everywhere and ${incomplete.length === 1 ? "is" : "are"} left out.`
      : "";
  return `Repeated measures over the ${plural(seeds.length, "seed")} that finished with every configuration.${left} ${shape} Degrees of freedom are multiplied by Greenhouse and Geisser's ε, as sphericity is not taken for granted; p is corrected by Holm's method for the ${plural(effects.length, "effect")}.`;
}
