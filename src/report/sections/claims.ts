import type { Finding } from "../../claims/evidence.ts";
import type { JudgedClaim, Verdict } from "../../claims/verdict.ts";
import { signedText } from "../../claims/words.ts";
import { claimsSentence, differenceOf, groundsText, judgedClaims } from "../claims.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import { type Block, type Picture, prose, type Section, type Table } from "../document.ts";
import { groupBy } from "../group-by.ts";
import { SERIES_COLORS } from "../palette.ts";
import { rankingPlot } from "../plots/ranking-plot.ts";
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
  const shown = claims.flatMap((claim) =>
    claim.findings.filter((f) => f.difference.n > 0).map((finding) => ({ claim, finding })),
  );
  if (shown.length > 0) blocks.push({ kind: "picture", picture: await picture(context, shown) });
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
async function picture(
  { basis, words }: ReportContext,
  shown: readonly { claim: JudgedClaim; finding: Finding }[],
): Promise<Picture> {
  const panels = [];
  for (const [unit, rows] of groupBy(shown, ({ finding }) => finding.unit)) {
    const title = words.claims.axes[unit];
    const factor = unit === "points" ? 100 : 1;
    const points = rows.map(({ claim, finding: { difference, left, right } }) => ({
      label: `${claim.claim.id}  ${left.text} − ${right.text}`,
      style: { color: COLORS[claim.verdict], dash: [], shape: "circle" as const },
      value: factor * difference.mean,
      halfWidth: difference.halfWidth === null ? null : factor * difference.halfWidth,
      text: signedText(difference, unit),
    }));
    const ends = rows.flatMap(({ finding: { difference: d } }) => [d.mean - (d.halfWidth ?? 0), d.mean + (d.halfWidth ?? 0), 0]); // biome-ignore format: one line
    const fit: [number, number] = [factor * Math.min(...ends), factor * Math.max(...ends)];
    const draw = (width: number) => render(rankingPlot(points, { width, title, fit, rule: { value: 0, label: "" } }));
    panels.push({ heading: "", svg: await draw(940), narrow: await draw(350) });
  }
  const decided = shown.filter(({ claim }) => claim.verdict !== "undecided").length;
  return {
    id: "claims",
    title: words.claims.title({ decided, of: shown.length }),
    subtitle: words.claims.subtitle({ basis }),
    alt: words.claims.alt({
      rows: shown.map(({ claim: { claim, verdict }, finding }) => ({
        claim: claim.id,
        difference: differenceOf(finding),
        verdict,
      })),
    }),
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
