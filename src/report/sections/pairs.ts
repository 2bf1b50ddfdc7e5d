import { dz, dzInterval } from "../../stats/effect-size.ts";
import type { Judged, Verdict } from "../../stats/family.ts";
import { permutationTest } from "../../stats/permutation.ts";
import { probabilityOfImprovement } from "../../stats/probability-of-improvement.ts";
import { wilcoxon } from "../../stats/wilcoxon.ts";
import { percent, points, pointsInterval, pValue, significant } from "../../util/format.ts";
import { type Configuration, who } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { type CsvValue, csv } from "../csv.ts";
import { type Block, type Cell, type Picture, prose, type Section, type Table } from "../document.ts";
import { type PairCell, pairMatrix } from "../plots/pair-matrix.ts";
import { type RankingOnData, rankingsByData } from "../ranking.ts";
import { render } from "../render.ts";
import { plainText, type Text } from "../text.ts";
import { intervalCell, left, right } from "./cells.ts";
import { foremost } from "./foremost.ts";

/** One pair as it is shown: the better first. */
interface Shown {
  better: Configuration;
  other: Configuration;
  judged: Judged;
}

/** All pairs of configurations, from the ranking's point of view, on each data by itself. */
export async function pairsSection(context: ReportContext): Promise<Section | null> {
  const blocks: Block[] = [];
  for (const [i, data] of rankingsByData(context.rows).entries())
    blocks.push(...(await pairsOn(context, data, i === 0 ? "pairs" : `pairs-${i + 1}`)));
  return blocks.length > 0 ? { id: "pairs", heading: context.words.pairs.heading, blocks } : null;
}

async function pairsOn(context: ReportContext, { title, rows }: RankingOnData, id: string): Promise<Block[]> {
  const ranked = rows.filter((r) => r.rank !== null).map((r) => r.configuration);
  const { drawn, heading } = foremost(context, ranked, (c) => c, MOST_PAIRED);
  const shown = drawn.flatMap((better, i) =>
    drawn.slice(i + 1).map((other): Shown => ({ better, other, judged: context.comparisons.of(better, other)! })),
  );
  if (shown.length < 2 || shown.every((s) => s.judged.p === null)) return [];
  const few = shown.filter((s) => s.better === ranked[0] || shown.length <= MOST_LISTED);
  const { grammar, pairs: say } = context.words;
  const fold = few.length < shown.length ? say.ofFirst : say.ofAll;
  return [
    { kind: "picture", picture: await matrix(context, ranked, drawn, shown, { id, data: title }) },
    {
      kind: "fold",
      heading: heading(title === null ? fold : plainText(grammar.about(title, fold))),
      blocks: [{ kind: "table", table: table(context, few) }, prose(methods(context))],
    },
  ];
}

/** So many configurations have a row and a column with names that can be read. */
const MOST_PAIRED = 40;
/** Up to this many pairs are listed; of more only those with the first. */
const MOST_LISTED = 28;

/** `4 of 6 pairs differ; 2 are undecided`, of all of them */
function title({ comparisons, words }: ReportContext, ranked: readonly Configuration[]): Text {
  const keys = new Set(ranked.map((c) => c.key));
  const all = comparisons.pairs.filter(({ first }) => keys.has(first.key));
  const count = (verdict: Verdict): number => all.filter((pair) => pair.judged.verdict === verdict).length;
  const counts = {
    different: count("different"),
    equivalent: count("equivalent"),
    equal: count("equal"),
    undecided: count("undecided"),
  };
  return words.pairs.title({ counts, margin: comparisons.margin });
}

async function matrix(
  context: ReportContext,
  ranked: readonly Configuration[],
  drawn: readonly Configuration[],
  shown: readonly Shown[],
  { id, data }: { id: string; data: string | null },
): Promise<Picture> {
  const { comparisons, basis, words } = context;
  const cells = drawn.map((row) =>
    drawn.map((column): PairCell | null => {
      const judged = comparisons.of(row, column);
      if (!judged) return null;
      const { mean, n } = judged.difference;
      const { verdict, negligible } = judged;
      return { verdict, negligible, positive: mean > 0, text: n > 0 ? points(mean) : "–" };
    }),
  );
  const labels = drawn.map((c) => c.label);
  const draw = (width: number) => render(pairMatrix(cells, { width, labels, words: words.plots }));
  const said = title(context, ranked);
  const [first] = ranked;
  const toFirst = ranked
    .slice(drawn.length)
    .map((other): Shown => ({ better: first, other, judged: comparisons.of(first, other)! }));
  return {
    id,
    title: data === null ? said : words.grammar.about(data, said),
    subtitle: words.pairs.subtitle({ basis, margin: comparisons.margin, shown: drawn.length, of: ranked.length }),
    alt: words.pairs.alt({
      rows: shown.slice(0, MOST_LISTED).map(({ better, other, judged }) => ({
        better: who(better),
        other: who(other),
        difference: judged.difference.mean,
        verdict: judged.verdict,
      })),
    }),
    views: [{ name: "", panels: [{ heading: "", svg: await draw(940), narrow: await draw(350) }] }],
    csv: csv(
      ["first", "second", "pairs", "difference", "half_width_95", "sd", "p", "p_holm", "equivalence_p", "equivalence_p_holm", "verdict", "d_z", "probability_of_improvement", "p_wilcoxon", "p_permutation"], // biome-ignore format: one line
      [...shown, ...toFirst].map(({ better, other, judged }): CsvValue[] => {
        const d = judged.differences;
        const several = judged.p !== null;
        return [
          better.label,
          other.label,
          d.length,
          judged.difference.mean,
          judged.difference.halfWidth,
          judged.difference.sd,
          judged.p,
          judged.adjustedP,
          judged.equivalenceP,
          judged.adjustedEquivalenceP,
          judged.verdict,
          several && Number.isFinite(dz(d)) ? dz(d) : null,
          d.length > 0 ? probabilityOfImprovement(d).estimate : null,
          several ? wilcoxon(d).p : null,
          several ? permutationTest(d).p : null,
        ];
      }),
    ),
  };
}

function effectCell({ differences, p }: Judged): Cell {
  const effect = dz(differences);
  if (p === null || !Number.isFinite(effect)) return { text: "–" };
  const { low, high } = dzInterval(differences);
  const said = [effect, low, high].map((v) => significant(v, 2).replace("-", "−"));
  return { text: `${said[0]} (${said[1]} … ${said[2]})`, exact: `${effect}, 95 % interval ${low} … ${high}` };
}

function improvementCell({ differences }: Judged): Cell {
  if (differences.length === 0) return { text: "–" };
  const { estimate, low, high } = probabilityOfImprovement(differences);
  const said = [estimate, low, high].map((v) => v.toFixed(2));
  return { text: `${said[0]} (${said[1]} … ${said[2]})`, exact: `${estimate}, 95 % interval ${low} … ${high}` };
}

const pCell = (p: number | null): Cell => (p === null ? { text: "–" } : { text: pValue(p), exact: String(p) });

function table({ comparisons, words: { pairs: say } }: ReportContext, shown: readonly Shown[]): Table {
  const { columns } = say;
  return {
    caption: say.caption,
    columns: [
      left(columns.pair),
      right(columns.difference),
      right(columns.p),
      right(columns.equivalence),
      left(columns.verdict),
      right(columns.needed),
      right(columns.effect),
      right(columns.improvement),
      right(columns.wilcoxon),
      right(columns.permutation),
    ],
    rows: shown.map(({ better, other, judged }) => {
      const { differences: d, verdict, negligible } = judged;
      const needed = verdict === "undecided" ? comparisons.seedsToSettle(judged) : null;
      return [
        { text: `${better.label} − ${other.label}` },
        d.length > 0 ? intervalCell(judged.difference, pointsInterval) : { text: "–" },
        pCell(judged.adjustedP),
        pCell(judged.adjustedEquivalenceP),
        { text: negligible ? say.negligible({ margin: percent(comparisons.margin) }) : say.verdicts[verdict] },
        { text: needed === null ? "" : say.about({ seeds: needed }) },
        effectCell(judged),
        improvementCell(judged),
        pCell(judged.p === null ? null : wilcoxon(d).p),
        pCell(judged.p === null ? null : permutationTest(d).p),
      ];
    }),
  };
}

const methods = ({ comparisons: { pairs, margin }, words }: ReportContext): Text =>
  words.pairs.methods({ pairs: pairs.length, margin });
