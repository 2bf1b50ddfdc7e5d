/** The ranking and the comparisons of a run as LaTeX tables. */
import { reportContext } from "../report/context.ts";
import type { RankingRow } from "../report/ranking.ts";
import { plainText } from "../report/text.ts";
import type { RunResults } from "../run/records.ts";
import { dz } from "../stats/effect-size.ts";
import type { Verdict } from "../stats/family.ts";
import type { Summary } from "../stats/summary.ts";
import { percent, percentInterval, plural, pointsInterval, pValue, significant } from "../util/format.ts";
import { latexText } from "./latex-text.ts";

interface Column {
  /** In LaTeX. */
  header: string;
  align: "l" | "r";
}

/** @param rows cells in plain text; `strong` is set in bold */
function booktabs(
  columns: readonly Column[],
  rows: readonly (readonly (string | { strong: string })[])[],
  caption: string,
  label: string,
): string {
  const cell = (c: string | { strong: string }): string =>
    typeof c === "string" ? latexText(c) : `\\textbf{${latexText(c.strong)}}`;
  const line = (cells: readonly string[]): string => `    ${cells.join(" & ")} \\\\`;
  return [
    "\\begin{table}",
    "  \\centering",
    `  \\caption{${latexText(caption)}}`,
    `  \\label{${label}}`,
    `  \\begin{tabular}{${columns.map(({ align }) => align).join("")}}`,
    "    \\toprule",
    line(columns.map(({ header }) => header)),
    "    \\midrule",
    ...rows.map((row) => line(row.map(cell))),
    "    \\bottomrule",
    "  \\end{tabular}",
    "\\end{table}",
  ].join("\n");
}

const interval = (s: Summary | null, say: (mean: number, halfWidth: number | null) => string): string =>
  s ? say(s.mean, s.halfWidth) : "–";

const VERDICTS: Record<Verdict, string> = {
  different: "different",
  equivalent: "equivalent",
  equal: "equal in every seed",
  undecided: "undecided",
};

type Context = ReturnType<typeof reportContext>;

function rankingTable({ rows, hasValidation, basis, words }: Context, study: string): string {
  const columns: Column[] = [
    { header: "configuration", align: "l" },
    { header: "test accuracy, \\%", align: "r" },
    { header: "to the first, points", align: "r" },
    { header: "test loss", align: "r" },
    { header: "train accuracy, \\%", align: "r" },
    ...(hasValidation ? [{ header: "at best validation, \\%", align: "r" as const }] : []),
    { header: "seeds", align: "r" },
  ];
  const bold = (row: RankingRow, text: string) => (row.standing === "first" ? { strong: text } : text);
  return booktabs(
    columns,
    rows.map((row) => {
      const { configuration: c, difference, outcomes } = row;
      const s = c.summaries;
      return [
        bold(row, c.label),
        bold(row, interval(s.testAccuracy, percentInterval)),
        row.standing === "first" ? "" : interval(difference, pointsInterval),
        interval(s.testLoss, (mean) => significant(mean)),
        interval(s.trainAccuracy, (mean) => percent(mean)),
        ...(hasValidation ? [interval(s.testAccuracyAtBestValidation, percentInterval)] : []),
        outcomes ? `${c.done.length} (${plainText(words.common.outcomes(outcomes))})` : String(c.done.length),
      ];
    }),
    `${plainText(basis)}: means over the seeds with 95 % t intervals, after the last epoch${hasValidation ? "; at best validation: test accuracy at the epoch with the best validation accuracy" : ""}. Differences are paired by seed.`,
    `tab:${study}-ranking`,
  );
}

/** All pairs, the better first; null where there are none. */
function comparisonsTable({ rows, comparisons }: Context, study: string): string | null {
  const ranked = rows.filter((r) => r.rank !== null).map((r) => r.configuration);
  const pairs = ranked.flatMap((better, i) =>
    ranked.slice(i + 1).flatMap((other) => {
      const judged = comparisons.of(better, other); // none of other data
      return judged ? [{ better, other, judged }] : [];
    }),
  );
  if (pairs.length === 0) return null;
  const p = (value: number | null): string => (value === null ? "–" : pValue(value));
  return booktabs(
    [
      { header: "pair", align: "l" },
      { header: "difference, points", align: "r" },
      { header: "$d_z$", align: "r" },
      { header: "$p$, difference", align: "r" },
      { header: "$p$, equivalence", align: "r" },
      { header: "verdict", align: "l" },
    ],
    pairs.map(({ better, other, judged }) => {
      const { differences, difference } = judged;
      const effect = judged.p === null ? Number.NaN : dz(differences);
      return [
        `${better.label} − ${other.label}`,
        differences.length > 0 ? interval(difference, pointsInterval) : "–",
        Number.isFinite(effect) ? significant(effect, 2).replace("-", "−") : "–",
        p(judged.adjustedP),
        p(judged.adjustedEquivalenceP),
        VERDICTS[judged.verdict],
      ];
    }),
    `Differences of final test accuracy, seed by seed, with 95 % intervals. Difference: paired t test; equivalence: two one-sided t tests of a difference of at least ${percent(comparisons.margin)} points; both corrected by Holm's method for ${plural(pairs.length, "pair")}.`,
    `tab:${study}-comparisons`,
  );
}

/** Two tables, or one of a single configuration; they need the package booktabs. */
export function latexTables(results: RunResults): string {
  const context = reportContext(results, {});
  const { id, study } = results.run;
  const key = study.replace(/[^\w-]+/g, "-");
  const tables = [rankingTable(context, key), comparisonsTable(context, key)].filter((t) => t !== null);
  return `% ${study}, run ${id}. Needs \\usepackage{booktabs}.\n\n${tables.join("\n\n")}\n`;
}
