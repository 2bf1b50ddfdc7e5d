import type { Finding } from "../../claims/evidence.ts";
import type { Unit } from "../../claims/measures.ts";
import type { JudgedClaim, Verdict } from "../../claims/verdict.ts";
import { differenceText, valueText } from "../../claims/words.ts";
import { percent } from "../../util/format.ts";
import { claimsSentence, groundsText, judgedClaims } from "../claims.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import { type Block, type Picture, prose, type Section, type Table } from "../document.ts";
import { groupBy } from "../group-by.ts";
import { SERIES_COLORS } from "../palette.ts";
import { claimPlot } from "../plots/claim-plot.ts";
import { render } from "../render.ts";

/** What the study claims, and what its trials say to it. */
export async function claimsSection(context: ReportContext): Promise<Section | null> {
  const claims = judgedClaims(context.results);
  if (claims.length === 0) return null;
  const sentence = claimsSentence(claims);
  const blocks: Block[] = [...(sentence ? [prose(sentence)] : []), { kind: "table", table: table(claims) }];
  for (const [i, claim] of claims.entries())
    if (claim.findings.some((f) => f.difference.n > 0))
      blocks.push({ kind: "picture", picture: await picture(context, claim, `claim-${i + 1}`) });
  if (sentence) blocks.push(prose(METHODS));
  return { id: "claims", heading: "Claims", blocks };
}

const METHODS =
  "A claim is supported or contradicted when t tests over the seeds say so at 5 %, corrected by Holm's method for all claims; a claim of several comparisons is supported when all are as claimed, and contradicted when one is the other way. By: the least difference that counts, and of ≈ the largest.";

const comparisonText = ({ left, operator, right, margin, unit }: Finding): string => {
  const by = margin > 0 ? ` by ${unit === "points" ? `${percent(margin)} points` : valueText(margin, unit)}` : "";
  return `${left.text} ${operator} ${right.text}${by}`;
};

function table(claims: readonly JudgedClaim[]): Table {
  const left = (header: string) => ({ header, align: "left" as const });
  return {
    caption: "Claims, and the differences by seed that speak for or against them, with their 95 % intervals.",
    columns: [left(""), left("claim"), left("verdict"), left("left minus right"), left("test")],
    rows: claims.map((c) => [
      { text: c.claim.id },
      { text: c.claim.claim },
      { text: c.findings.length > 0 ? c.verdict : "see", strong: c.verdict !== "undecided" },
      { text: groundsText(c), ...(c.p !== null && { exact: `p ${c.p}, corrected ${c.adjustedP}` }) },
      { text: c.findings.map(comparisonText).join(" and ") },
    ]),
  };
}

const COLORS: Record<Verdict, string> = {
  supported: SERIES_COLORS[4],
  contradicted: SERIES_COLORS[2],
  undecided: SERIES_COLORS[9],
};
const AXES: Record<Unit, { title: string; factor: number }> = {
  points: { title: "points", factor: 100 },
  loss: { title: "loss", factor: 1 },
  epochs: { title: "epochs", factor: 1 },
  seconds: { title: "seconds", factor: 1 },
  percent: { title: "percent", factor: 1 },
  number: { title: "difference", factor: 1 },
};

/** Where left minus right lies if a comparison holds. */
function claimedRange({ operator, margin }: Finding): [number, number] {
  if (operator === "≈") return [-margin, margin];
  if (operator === "=") return [0, 0];
  return operator.startsWith(">") ? [margin, Number.POSITIVE_INFINITY] : [Number.NEGATIVE_INFINITY, -margin];
}

/** `claimed: > 1.00 points` */
function claimedText({ operator, margin, unit }: Finding): string {
  const size = unit === "points" ? `${percent(margin)} points` : valueText(margin, unit);
  if (operator === "≈") return `claimed: ± ${size}`;
  if (operator === "=") return "claimed: 0";
  return `claimed: ${operator.replace("<=", "≤").replace(">=", "≥")} ${margin === 0 ? "0" : operator.startsWith(">") ? size : `−${size}`}`;
}

/** A claim's differences by seed before what it claims; one panel for each unit. */
async function picture({ basis }: ReportContext, claim: JudgedClaim, id: string): Promise<Picture> {
  const shown = claim.findings.filter((f) => f.difference.n > 0);
  const panels = [];
  for (const [unit, rows] of groupBy(shown, (finding) => finding.unit)) {
    const { title, factor } = AXES[unit];
    const drawn = rows.map((finding) => ({
      label: `${finding.left.text} − ${finding.right.text}`,
      seeds: [...finding.differences.values()].map((d) => factor * d),
      mean: factor * finding.difference.mean,
      halfWidth: finding.difference.halfWidth === null ? null : factor * finding.difference.halfWidth,
      claimed: claimedRange(finding).map((end) => factor * end) as [number, number],
      claimedText: claimedText(finding),
      text: differenceText(finding.difference, unit),
    }));
    const draw = (width: number) =>
      render(claimPlot(drawn, { width, title: `left minus right, ${title}`, color: COLORS[claim.verdict] }));
    panels.push({ heading: "", svg: await draw(620), narrow: await draw(350) });
  }
  return {
    id,
    title: `${claim.claim.id} is ${claim.verdict}: ${claim.claim.claim}`,
    subtitle: `${basis} · left minus right of ${shown.length === 1 ? "the comparison" : "each comparison"}: a dot for each seed, mean and 95 % interval below · shaded: where the mean lies if the claim holds`,
    alt: shown.map((f) => `${f.left.text} − ${f.right.text}: ${differenceText(f.difference, f.unit)}`).join("; "),
    views: [{ name: "", panels }],
    csv: csv(
      ["left", "operator", "right", "margin", "unit", "seed", "difference", "mean", "half_width_95"],
      shown.flatMap((f) =>
        [...f.differences].map(([seed, difference]) => [
          f.left.text,
          f.operator,
          f.right.text,
          f.margin,
          f.unit,
          seed,
          difference,
          f.difference.mean,
          f.difference.halfWidth,
        ]),
      ),
    ),
  };
}
