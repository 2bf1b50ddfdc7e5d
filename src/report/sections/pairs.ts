import { dz, dzInterval } from "../../stats/effect-size.ts";
import type { Judged, Verdict } from "../../stats/family.ts";
import { permutationTest } from "../../stats/permutation.ts";
import { probabilityOfImprovement } from "../../stats/probability-of-improvement.ts";
import { wilcoxon } from "../../stats/wilcoxon.ts";
import { percent, plural, points, pointsInterval, pValue, significant } from "../../util/format.ts";
import type { Configuration } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { type CsvValue, csv } from "../csv.ts";
import { type Block, type Cell, type Picture, prose, type Section, type Table } from "../document.ts";
import { type PairCell, pairMatrix } from "../plots/pair-matrix.ts";
import { type RankingOnData, rankingsByData } from "../ranking.ts";
import { render } from "../render.ts";
import { verb } from "../wording.ts";
import { intervalCell } from "./ranking.ts";

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
  return blocks.length > 0 ? { id: "pairs", heading: "Pair by pair", blocks } : null;
}

async function pairsOn(context: ReportContext, { title, rows }: RankingOnData, id: string): Promise<Block[]> {
  const ranked = rows.filter((r) => r.rank !== null).map((r) => r.configuration);
  const shown = ranked.flatMap((better, i) =>
    ranked.slice(i + 1).map((other): Shown => ({ better, other, judged: context.comparisons.of(better, other)! })),
  );
  if (shown.length < 2 || shown.every((s) => s.judged.p === null)) return [];
  const few = shown.filter((s) => s.better === ranked[0] || shown.length <= MOST_LISTED);
  const on = title === null ? "" : `${title}: `;
  return [
    { kind: "picture", picture: await matrix(context, ranked, shown, { id, on }) },
    {
      kind: "fold",
      heading: `${on}${few.length < shown.length ? "The tests of all differences to the first" : "The tests of all pairs"}`,
      blocks: [{ kind: "table", table: table(context, few) }, prose(methods(context))],
    },
  ];
}

/** Up to this many pairs are listed; of more only those with the first. */
const MOST_LISTED = 28;

const counted = (shown: readonly Shown[], verdict: Verdict) => shown.filter((s) => s.judged.verdict === verdict);

/** `4 of 6 pairs differ; 2 are undecided` */
function title(shown: readonly Shown[], margin: number): string {
  const different = counted(shown, "different");
  const [equivalent, equal, open] = (["equivalent", "equal", "undecided"] as const).map((v) => counted(shown, v));
  const first = `${different.length === 0 ? "None" : different.length === shown.length ? "All" : different.length} of ${plural(shown.length, "pair")} ${verb(different, "differs", "differ")} beyond chance`;
  return [
    first,
    equivalent.length > 0 &&
      `${equivalent.length} ${verb(equivalent, "is", "are")} equivalent within ${percent(margin)} points`,
    equal.length > 0 && `${equal.length} ${verb(equal, "is", "are")} equal in every seed`,
    open.length > 0 && `${open.length} ${verb(open, "is", "are")} undecided`,
  ]
    .filter(Boolean)
    .join("; ");
}

async function matrix(
  { comparisons, basis }: ReportContext,
  ranked: readonly Configuration[],
  shown: readonly Shown[],
  { id, on }: { id: string; on: string },
): Promise<Picture> {
  const cells = ranked.map((row) =>
    ranked.map((column): PairCell | null => {
      const judged = comparisons.of(row, column);
      if (!judged) return null;
      const { mean, n } = judged.difference;
      const { verdict, negligible } = judged;
      return { verdict, negligible, positive: mean > 0, text: n > 0 ? points(mean) : "–" };
    }),
  );
  const labels = ranked.map((c) => c.label);
  const draw = (width: number) => render(pairMatrix(cells, { width, labels }));
  return {
    id,
    title: `${on}${title(shown, comparisons.margin)}`,
    subtitle: `${basis} · test accuracy, seed by seed · coloured: the row is ahead (p <= 0.05, corrected for all pairs), weakly where by less than ${percent(comparisons.margin)} points · ≈ equivalent · grey: undecided`,
    alt: shown
      .slice(0, MOST_LISTED)
      .map((s) => `${s.better.label} minus ${s.other.label}: ${points(s.judged.difference.mean)}, ${s.judged.verdict}`)
      .join("; "),
    views: [{ name: "", panels: [{ heading: "", svg: await draw(940), narrow: await draw(350) }] }],
    csv: csv(
      ["first", "second", "pairs", "difference", "half_width_95", "sd", "p", "p_holm", "equivalence_p", "equivalence_p_holm", "verdict", "d_z", "probability_of_improvement", "p_wilcoxon", "p_permutation"], // biome-ignore format: one line
      shown.map(({ better, other, judged }): CsvValue[] => {
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

const VERDICTS: Record<Verdict, string> = {
  different: "ahead",
  equivalent: "equivalent",
  equal: "equal in every seed",
  undecided: "undecided",
};

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

function table({ comparisons }: ReportContext, shown: readonly Shown[]): Table {
  const left = (header: string) => ({ header, align: "left" as const });
  const right = (header: string) => ({ header, align: "right" as const });
  return {
    caption:
      "Differences of final test accuracy, seed by seed, with 95 % intervals; p of the two tests corrected for all pairs.",
    columns: [
      left("pair"),
      right("difference, points"),
      right("p, difference"),
      right("p, equivalence"),
      left("verdict"),
      right("seeds to decide"),
      right("effect d_z"),
      right("P(first is better)"),
      right("p, signed ranks"),
      right("p, permutation"),
    ],
    rows: shown.map(({ better, other, judged }) => {
      const { differences: d, verdict, negligible } = judged;
      const needed = verdict === "undecided" ? comparisons.seedsToSettle(judged) : null;
      return [
        { text: `${better.label} − ${other.label}` },
        d.length > 0 ? intervalCell(judged.difference, pointsInterval) : { text: "–" },
        pCell(judged.adjustedP),
        pCell(judged.adjustedEquivalenceP),
        { text: negligible ? `ahead, by less than ${percent(comparisons.margin)}` : VERDICTS[verdict] },
        { text: needed === null ? "" : `about ${needed}` },
        effectCell(judged),
        improvementCell(judged),
        pCell(judged.p === null ? null : wilcoxon(d).p),
        pCell(judged.p === null ? null : permutationTest(d).p),
      ];
    }),
  };
}

const methods = ({ comparisons }: ReportContext): string =>
  `Difference: paired t test. Equivalence: two one-sided t tests of a difference of at least ${percent(comparisons.margin)} points. Both are corrected by Holm's method for all ${plural(comparisons.pairs.length, "pair")} of the study. Seeds to decide: for a power of 80 %, if difference and deviation stay as they are. d_z: mean difference in units of its deviation. The last two columns rank the differences and turn their signs instead of taking them to be normal, and are not corrected; with n seeds they cannot be below 2 / 2ⁿ.`;
