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
import { rankingPlot } from "../plots/ranking-plot.ts";
import { render } from "../render.ts";

/** What the study claims, and what its trials say to it. */
export async function claimsSection(context: ReportContext): Promise<Section | null> {
  const claims = judgedClaims(context.results);
  if (claims.length === 0) return null;
  const sentence = claimsSentence(claims);
  const blocks: Block[] = [...(sentence ? [prose(sentence)] : []), { kind: "table", table: table(claims) }];
  const shown = claims.flatMap((claim) =>
    claim.findings.filter((f) => f.difference.n > 0).map((finding) => ({ claim, finding })),
  );
  if (shown.length > 0) blocks.push({ kind: "picture", picture: await picture(context, shown) });
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

async function picture(
  { basis }: ReportContext,
  shown: readonly { claim: JudgedClaim; finding: Finding }[],
): Promise<Picture> {
  const panels = [];
  for (const [unit, rows] of groupBy(shown, ({ finding }) => finding.unit)) {
    const { title, factor } = AXES[unit];
    const points = rows.map(({ claim, finding: { difference, left, right } }) => ({
      label: `${claim.claim.id}  ${left.text} − ${right.text}`,
      style: { color: COLORS[claim.verdict], dash: [], shape: "circle" as const },
      value: factor * difference.mean,
      halfWidth: difference.halfWidth === null ? null : factor * difference.halfWidth,
      text: differenceText(difference, unit),
    }));
    const ends = rows.flatMap(({ finding: { difference: d } }) => [d.mean - (d.halfWidth ?? 0), d.mean + (d.halfWidth ?? 0), 0]); // biome-ignore format: one line
    const fit: [number, number] = [factor * Math.min(...ends), factor * Math.max(...ends)];
    const draw = (width: number) =>
      render(rankingPlot(points, { width, title: `left minus right, ${title}`, fit, rule: { value: 0, label: "" } }));
    panels.push({ heading: "", svg: await draw(940), narrow: await draw(350) });
  }
  const decided = shown.filter(({ claim }) => claim.verdict !== "undecided").length;
  return {
    id: "claims",
    title: `${decided} of ${shown.length} ${shown.length === 1 ? "comparison belongs" : "comparisons belong"} to claims that are decided`,
    subtitle: `${basis} · left minus right by seed, mean and 95 % interval · green: the claim is supported, red: contradicted, grey: undecided`,
    alt: shown.map(({ claim, finding }) => `${claim.claim.id}: ${differenceText(finding.difference, finding.unit)}, ${claim.verdict}`).join("; "), // biome-ignore format: one line
    views: [{ name: "", panels }],
    csv: csv(
      ["claim", "left", "operator", "right", "margin", "unit", "seeds", "difference", "half_width_95", "p", "p_holm", "verdict"], // biome-ignore format: one line
      shown.map(({ claim, finding: f }) => [
        claim.claim.id,
        f.left.text,
        f.operator,
        f.right.text,
        f.margin,
        f.unit,
        f.difference.n,
        f.difference.mean,
        f.difference.halfWidth,
        claim.p,
        claim.adjustedP,
        claim.verdict,
      ]),
    ),
  };
}
