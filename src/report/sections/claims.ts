import type { Finding } from "../../claims/evidence.ts";
import type { JudgedClaim, Verdict } from "../../claims/verdict.ts";
import { signedText } from "../../claims/words.ts";
import { claimsSentence, differenceOf, groundsText, judgedClaims } from "../claims.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import { type Block, type Picture, prose, type Section, type Table } from "../document.ts";
import { groupBy } from "../group-by.ts";
import { SERIES_COLORS } from "../palette.ts";
import { claimPlot } from "../plots/claim-plot.ts";
import { render } from "../render.ts";
import type { Words } from "../words/index.ts";
import { left } from "./cells.ts";

/** What the study claims, and what its trials say to it. */
export async function claimsSection(context: ReportContext): Promise<Section | null> {
  const claims = judgedClaims(context.results);
  if (claims.length === 0) return null;
  const sentence = claimsSentence(claims, context.words);
  const blocks: Block[] = [
    ...(sentence ? [prose(sentence)] : []),
    { kind: "table", table: table(claims, context.words) },
  ];
  for (const [i, claim] of claims.entries())
    if (claim.findings.some((f) => f.difference.n > 0))
      blocks.push({ kind: "picture", picture: await picture(context, claim, `claim-${i + 1}`) });
  if (sentence) blocks.push(prose(context.words.claims.methods));
  return { id: "claims", heading: context.words.claims.heading, blocks };
}

const comparisonText = ({ left, operator, right, margin, unit }: Finding, { claims }: Words): string =>
  claims.by({ comparison: `${left.text} ${operator} ${right.text}`, margin, unit });

function table(claims: readonly JudgedClaim[], words: Words): Table {
  const { caption, columns, verdicts, see, exactP, and } = words.claims;
  return {
    caption,
    columns: [left(""), left(columns.claim), left(columns.verdict), left(columns.difference), left(columns.test)],
    rows: claims.map((c) => [
      { text: c.claim.id },
      { text: c.claim.claim },
      { text: c.findings.length > 0 ? verdicts[c.verdict] : see, strong: c.verdict !== "undecided" },
      { text: groundsText(c, words), ...(c.p !== null && { exact: exactP({ p: c.p, adjusted: c.adjustedP }) }) },
      { text: c.findings.map((f) => comparisonText(f, words)).join(and) },
    ]),
  };
}

const COLORS: Record<Verdict, string> = {
  supported: SERIES_COLORS[4],
  contradicted: SERIES_COLORS[2],
  undecided: SERIES_COLORS[9],
};
/** Where left minus right lies if a comparison holds. */
function claimedRange({ operator, margin }: Finding): [number, number] {
  if (operator === "≈") return [-margin, margin];
  if (operator === "=") return [0, 0];
  return operator.startsWith(">") ? [margin, Number.POSITIVE_INFINITY] : [Number.NEGATIVE_INFINITY, -margin];
}

/** A claim's differences by seed before what it claims; one panel for each unit. */
async function picture({ basis, words }: ReportContext, claim: JudgedClaim, id: string): Promise<Picture> {
  const { claims: say } = words;
  const shown = claim.findings.filter((f) => f.difference.n > 0);
  const named = (f: Finding): string => `${f.left.text} − ${f.right.text}`;
  const panels = [];
  for (const [unit, rows] of groupBy(shown, (finding) => finding.unit)) {
    const title = say.axes[unit];
    const factor = unit === "points" ? 100 : 1;
    const drawn = rows.map((finding) => ({
      label: named(finding),
      seeds: [...finding.differences.values()].map((d) => factor * d),
      mean: factor * finding.difference.mean,
      halfWidth: finding.difference.halfWidth === null ? null : factor * finding.difference.halfWidth,
      claimed: claimedRange(finding).map((end) => factor * end) as [number, number],
      claimedText: say.claimed({ operator: finding.operator, margin: finding.margin, unit }),
      text: signedText(finding.difference, unit),
    }));
    const draw = (width: number) => render(claimPlot(drawn, { width, title, color: COLORS[claim.verdict] }));
    panels.push({ heading: "", svg: await draw(620), narrow: await draw(350) });
  }
  return {
    id,
    title: say.title({ id: claim.claim.id, verdict: claim.verdict, claim: claim.claim.claim }),
    subtitle: say.subtitle({ basis, comparisons: shown.length }),
    alt: say.alt({ rows: shown.map((f) => ({ comparison: named(f), difference: differenceOf(f) })) }),
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
