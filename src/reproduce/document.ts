/** A reproduction as a document: tables of figures, claims with their evidence, pictures of the studies. */
import { type Block, prose, type ReportDocument, type Section } from "../report/document.ts";
import { plural } from "../util/format.ts";
import type { Reproduction } from "./reproduction.ts";
import { claimsTable, EXPLANATION, evidenceTable, figuresSentence, figureTables } from "./tables.ts";

/** `3 supported, 1 contradicted, 2 undecided`. */
function claimsSentence({ claims }: Reproduction): string {
  const tested = claims.filter(({ claim }) => claim.test !== undefined).map(({ verdict }) => verdict);
  const counts = (["supported", "contradicted", "undecided"] as const).map(
    (word) => `${tested.filter((t) => t === word).length} ${word}`,
  );
  return `${plural(tested.length, "tested claim")}: ${counts.join(", ")}.`;
}

/** @param pictures of the studies, by the study's name */
export function reproductionDocument(found: Reproduction, pictures: ReadonlyMap<string, Block[]>): ReportDocument {
  const { report, rows, claims } = found;
  const read = claims.filter(({ claim }) => claim.reads !== undefined);
  const seen = claims.filter(({ claim }) => claim.see !== undefined);
  const sections: (Section | null)[] = [
    rows.length === 0
      ? null
      : {
          id: "figures",
          heading: "Figures",
          blocks: [
            prose([figuresSentence(rows), EXPLANATION].filter(Boolean).join(" ")),
            ...figureTables(found).map((table): Block => ({ kind: "table", table })),
          ],
        },
    {
      id: "claims",
      heading: "Claims",
      blocks: [
        prose(claimsSentence(found)),
        { kind: "table", table: claimsTable(found) },
        { kind: "table", table: evidenceTable(found) },
        ...(seen.length > 0
          ? [
              prose("Claims without a test, and where to look:"),
              { kind: "list" as const, items: seen.map(({ claim }) => `${claim.id}: ${claim.see}`) },
            ]
          : []),
        ...(read.length > 0
          ? [
              prose("How loose sentences were made exact:"),
              { kind: "list" as const, items: read.map(({ claim }) => `${claim.id}: ${claim.reads}`) },
            ]
          : []),
      ],
    },
    ...[...pictures].map(([study, blocks]): Section => ({ id: study, heading: study, blocks })),
  ];
  return {
    title: `Report ${report.report.toUpperCase()}: ${report.title}`,
    question: null,
    facts: [`losslab reproduce ${report.report}`, ...report.studies],
    sections: sections.filter((s) => s !== null),
  };
}
