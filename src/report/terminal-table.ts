import type { RunResults } from "../run/records.ts";
import type { Summary } from "../stats/summary.ts";
import { percent, points, significant } from "../util/format.ts";
import { type Ranked, type RankingRow, ranked, rankingsByData } from "./ranking.ts";
import { plainText } from "./text.ts";
import { type Language, type Words, wordsIn } from "./words/index.ts";

export interface TerminalTableOptions {
  /** Columns of the terminal; what does not fit is left out, the least needed first. */
  width: number;
  color: boolean;
  /** English unless it says otherwise. */
  language?: Language;
}

interface Column {
  header: string;
  cells: string[];
  align: "left" | "right";
  /** Columns with the highest number go first when space is short; 0 stays. */
  expendable: number;
}

/** Values with intervals, means and half-widths each aligned: `96.42 ± 0.18`. */
function intervals(summaries: readonly (Summary | null)[], say: (value: number) => string): string[] {
  const halves = summaries.map((s) => (s && s.halfWidth !== null ? percent(s.halfWidth) : ""));
  const widest = Math.max(...halves.map((h) => h.length));
  return summaries.map((s, i) => {
    if (!s) return "";
    if (widest === 0) return say(s.mean);
    return halves[i] ? `${say(s.mean)} ± ${halves[i].padStart(widest)}` : say(s.mean) + " ".repeat(widest + 3);
  });
}

function columns(rows: readonly RankingRow[], { common, ranking: { terminal: say } }: Words): Column[] {
  const outcomesText = ({ outcomes }: RankingRow): string =>
    outcomes === null ? "" : plainText(common.outcomes(outcomes));
  const { length } = rows;
  const summaries = rows.map((r) => r.configuration.summaries);
  const right = (header: string, cells: string[], expendable: number): Column[] =>
    cells.some(Boolean) ? [{ header, cells, align: "right", expendable }] : [];
  return [
    { header: "", cells: rows.map((r) => r.rank?.toString() ?? ""), align: "right", expendable: 0 },
    { header: say.configuration, cells: rows.map((r) => r.configuration.label), align: "left", expendable: 0 },
    ...right(say.testAccuracy, intervals(summaries.map((s) => s.testAccuracy), percent), 0),
    ...(length > 1 ? right(say.difference, intervals(rows.map((r) => r.difference), points), 2) : []),
    ...right(say.testLoss, summaries.map((s) => (s.testLoss ? significant(s.testLoss.mean) : "")), 3),
    ...right(say.trainAccuracy, summaries.map((s) => (s.trainAccuracy ? percent(s.trainAccuracy.mean) : "")), 4),
    ...right(say.atBestValidation, summaries.map(({ testAccuracyAtBestValidation: b }) => (b ? percent(b.mean) : "")), 5),
    ...right(say.seeds, rows.map((r) => String(r.configuration.done.length)), 1),
    ...(rows.some((r) => r.outcomes) ? [{ header: "", cells: rows.map(outcomesText), align: "left" as const, expendable: 0 }] : []),
  ]; // biome-ignore format: one line a column
}

/** Columns that a terminal gives a text: two for a Chinese character or full-width sign. */
export const columnsOf = (text: string): number =>
  [...text].reduce(
    (sum, letter) => sum + (/[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/.test(letter) ? 2 : 1),
    0,
  );

const wide = (column: Column): number => Math.max(...[column.header, ...column.cells].map(columnsOf));

function cut(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  const kept = [...text];
  while (kept.length > 0 && columnsOf(kept.join("")) > width - 1) kept.pop();
  return `${kept.join("")}…`;
}

/** The ranking as lines for a terminal: aligned, no wider than asked, the best in bold when in colour, plain otherwise. */
export function tableOf(
  rows: readonly RankingRow[],
  { width, color, language = "en" }: TerminalTableOptions,
): string[] {
  if (rows.length === 0) return [];
  const words = wordsIn(language);
  let shown = columns(rows, words);
  const total = () => shown.reduce((sum, c) => sum + wide(c) + 2, -2);
  while (total() > width && shown.some((c) => c.expendable > 0)) {
    const least = Math.max(...shown.map((c) => c.expendable));
    shown = shown.filter((c) => c.expendable !== least);
  }
  const widths = shown.map(wide);
  const label = shown.findIndex((c) => c.header === words.ranking.terminal.configuration);
  widths[label] = Math.max(13, widths[label] - Math.max(0, total() - width));
  const line = (text: (column: Column) => string) =>
    shown
      .map((column, i) => {
        const content = cut(text(column), widths[i]);
        const gap = " ".repeat(Math.max(0, widths[i] - columnsOf(content)));
        return column.align === "right" ? gap + content : content + gap;
      })
      .join("  ")
      .trimEnd();
  const body = rows.map((row, i) => {
    const plain = cut(
      line((c) => c.cells[i]),
      width,
    );
    return color && row.standing === "first" ? `\u001b[1m${plain}\u001b[22m` : plain;
  });
  return [
    cut(
      line((c) => c.header),
      width,
    ),
    ...body,
  ];
}

/** That of each data under its name. */
export const terminalTable = (
  results: RunResults,
  options: TerminalTableOptions,
  known: Ranked = ranked(results),
): string[] =>
  rankingsByData(known.rows).flatMap(({ title, rows }, i) => [
    ...(title === null ? [] : [...(i > 0 ? [""] : []), cut(title, options.width)]),
    ...tableOf(rows, options),
  ]);
