/** What a reproduction found, as tables for the terminal and for documents. */
import type { Finding } from "../claims/evidence.ts";
import type { JudgedClaim } from "../claims/verdict.ts";
import { differenceText, valueText } from "../claims/words.ts";
import type { Cell, Table } from "../report/document.ts";
import { groupBy } from "../report/group-by.ts";
import { percent, percentInterval, plural, points, pValue, significant } from "../util/format.ts";
import type { ComparedFigure, ComparedRow } from "./figures.ts";
import type { Reproduction } from "./reproduction.ts";

type Measure = ComparedFigure["measure"];

const say = (value: number, measure: Measure): string => (measure === "accuracy" ? percent(value) : significant(value));

const reportedText = ({ reported, measure }: ComparedFigure): string =>
  typeof reported === "number" ? say(reported, measure) : reported.map((v) => say(v, measure)).join(" … ");

function oursText({ ours, measure }: ComparedFigure): string {
  if (!ours) return "not trained yet";
  if (measure === "accuracy") return percentInterval(ours.mean, ours.halfWidth);
  return ours.halfWidth === null
    ? significant(ours.mean)
    : `${significant(ours.mean)} ± ${significant(ours.halfWidth, 2)}`;
}

function differenceOf({ difference, measure, reported }: ComparedFigure): string {
  if (difference === null) return "";
  if (difference === 0 && typeof reported !== "number") return "0";
  if (measure === "accuracy") return points(difference);
  return `${difference < 0 ? "−" : "+"}${significant(Math.abs(difference), 3)}`;
}

const insideText = ({ inside, ours }: ComparedFigure): string =>
  inside === null ? (ours ? "one seed" : "") : inside ? "inside" : "outside";

const exact = (value: number | undefined | null, text: string): Cell => ({
  text,
  ...(value !== undefined && value !== null && { exact: String(value) }),
});

/** One table for each figure that the report gives: training and test, loss and accuracy. */
export function figureTables({ rows }: Reproduction): Table[] {
  const all = rows.flatMap(({ row, seeds, diverged, figures }) =>
    figures.map((figure) => ({ row, seeds, diverged, figure })),
  );
  return [...groupBy(all, ({ figure }) => `${figure.split} ${figure.measure}`)].map(([name, group]): Table => {
    const unit = name.endsWith("accuracy") ? ", %" : "";
    const others = group.some(({ row }) => row.source !== "report");
    const ended = group.some(({ diverged }) => diverged > 0);
    return {
      caption: `${name[0].toUpperCase()}${name.slice(1)}${unit}`,
      columns: [
        { header: "set-up", align: "left" },
        ...(others ? [{ header: "by", align: "left" as const }] : []),
        { header: `reported${unit}`, align: "right" },
        { header: `ours${unit}`, align: "right" },
        { header: "difference", align: "right" },
        { header: "", align: "left" },
        { header: "seeds", align: "right" },
        ...(ended ? [{ header: "diverged", align: "right" as const }] : []),
      ],
      rows: group.map(({ row, seeds, diverged, figure }) => [
        { text: row.row },
        ...(others ? [{ text: row.source }] : []),
        { text: reportedText(figure) },
        exact(figure.ours?.mean, oursText(figure)),
        exact(figure.difference, differenceOf(figure)),
        { text: insideText(figure) },
        { text: String(seeds) },
        ...(ended ? [{ text: String(diverged) }] : []),
      ]),
    };
  });
}

export const EXPLANATION =
  "Ours: mean over the seeds ± half of its 95 % interval. Inside: the reported figure, of one run, lies where one more run of ours is expected (95 % prediction interval), or our mean within the reported range.";

/** `18 of 28 figures inside, 10 outside`. */
export function figuresSentence(rows: readonly ComparedRow[]): string | null {
  const judged = rows.flatMap(({ figures }) => figures).filter((f) => f.inside !== null);
  if (judged.length === 0) return null;
  const inside = judged.filter((f) => f.inside).length;
  return `${inside} of ${plural(judged.length, "figure")} inside, ${judged.length - inside} outside.`;
}

/** ` (by 0.20 points)`: the least difference that counts, of ≈ the largest. */
const leastText = ({ margin, unit }: Finding): string =>
  margin > 0 ? ` (by ${unit === "points" ? `${percent(margin)} points` : valueText(margin, unit)})` : "";

/** `accuracy(ce) 61.20 % > accuracy(focal(2)) 60.10 %: +1.10 ± 0.40 points, as claimed`. */
export function findingText(finding: Finding): string {
  const { left, operator, right, unit, difference, direction } = finding;
  const side = ({ text, value, trials }: Finding["left"]): string =>
    trials > 0 ? `${text} ${valueText(value, unit)}` : text;
  const missing = [left, right].reduce((n, s) => n + s.without, 0);
  const lost = missing > 0 ? `, ${plural(missing, "trial")} without it` : "";
  return `${side(left)} ${operator} ${side(right)}${leastText(finding)}: ${differenceText(difference, unit)}, ${plural(difference.n, "seed")}${lost}: ${direction}`;
}

/** What becomes of the whole claim, for a column: `supported, p = 0.012`. */
export function verdictText({ claim, verdict, adjustedP }: JudgedClaim): string {
  if (claim.test === undefined) return "see";
  if (adjustedP === null) return verdict;
  return `${verdict}, p ${adjustedP < 0.001 ? "< 0.001" : `= ${pValue(adjustedP)}`}`;
}

/** What became of every claim. */
export const claimsTable = ({ claims }: Reproduction): Table => ({
  caption: "Claims. The verdict is that of t tests at 5 %, corrected by Holm's method for all claims of the report.",
  columns: [
    { header: "", align: "left" },
    { header: "claim", align: "left" },
    { header: "verdict", align: "left" },
  ],
  rows: claims.map((judged) => [
    { text: judged.claim.id },
    { text: judged.claim.claim },
    {
      text: judged.claim.test === undefined ? "not tested" : verdictText(judged),
      strong: judged.verdict !== "undecided",
    },
  ]),
});

const sideText = ({ value, trials }: Finding["left"], unit: Finding["unit"]): string =>
  trials > 0 ? valueText(value, unit) : "";

/** What speaks for and against the claims, one comparison a row. */
export const evidenceTable = ({ claims }: Pick<Reproduction, "claims">): Table => ({
  caption:
    "Evidence. As claimed: the difference's 95 % interval over the seeds lies on the claimed side; the other way: on the other.",
  columns: [
    { header: "", align: "left" },
    { header: "comparison", align: "left" },
    { header: "left", align: "right" },
    { header: "right", align: "right" },
    { header: "left minus right", align: "right" },
    { header: "seeds", align: "right" },
    { header: "direction", align: "left" },
  ],
  rows: claims.flatMap(({ claim, findings }) =>
    findings.map((finding) => {
      const { left, right, unit, difference } = finding;
      return [
        { text: claim.id },
        { text: `${left.text} ${finding.operator} ${right.text}${leastText(finding)}` },
        exact(left.value, sideText(left, unit)),
        exact(right.value, sideText(right, unit)),
        exact(difference.mean, differenceText(difference, unit)),
        { text: String(difference.n) },
        { text: finding.direction, strong: finding.direction !== "undecided" },
      ];
    }),
  ),
});
