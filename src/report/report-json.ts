/** The report as data: everything that it states, with the numbers unrounded and the facts behind its sentences. */
import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { RunResults } from "../run/records.ts";
import { jsonNumber } from "../util/format.ts";
import type { Block, Cell, ReportDocument, Said, Table } from "./document.ts";
import { finite, toJson } from "./json.ts";
import { plainText } from "./text.ts";

/** Raised when a field changes its meaning or goes. */
export const REPORT_SCHEMA = "losslab report 1";

const number = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]).describe("not finite as text");

const sentence = z.object({
  text: z.string(),
  numbers: z
    .array(
      z.object({
        text: z.string().describe("as the sentence says it"),
        value: number.describe("unrounded; accuracies and their differences as fractions"),
        halfWidth: number.optional().describe("of the 95 % interval"),
        configuration: z.string().optional().describe("key of the configuration that it is of"),
      }),
    )
    .describe("numbers that the sentence says, in its order"),
  facts: z
    .array(z.object({ sentence: z.string(), values: z.unknown() }))
    .describe("names of the sentence and of its clauses, with what each was told"),
});

const cell = z.object({
  text: z.string(),
  value: number.optional().describe("unrounded, of cells that are one number or a mean"),
  halfWidth: number.optional(),
  n: z.number().optional().describe("seeds behind a mean"),
  exact: z.string().optional().describe("what is known more exactly, in words"),
  configuration: z.string().optional().describe("of a row's first cell: key of the configuration that the row is of"),
});

type BlockJson =
  | ({ kind: "prose"; lead: boolean } & z.infer<typeof sentence>)
  | { kind: "list"; items: z.infer<typeof sentence>[] }
  | {
      kind: "table";
      caption: z.infer<typeof sentence>;
      columns: { header: string; align: "left" | "right" }[];
      rows: z.infer<typeof cell>[][];
    }
  | {
      kind: "picture";
      id: string;
      title: z.infer<typeof sentence>;
      subtitle: z.infer<typeof sentence>;
      alt: z.infer<typeof sentence>;
      data: { columns: string[]; rows: (string | number | null)[][] };
    }
  | { kind: "code"; language: string; text: string }
  | { kind: "fold"; heading: string; blocks: BlockJson[] };

const block: z.ZodType<BlockJson> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    sentence.extend({ kind: z.literal("prose"), lead: z.boolean().describe("the answer itself") }),
    z.object({ kind: z.literal("list"), items: z.array(sentence) }),
    z.object({
      kind: z.literal("table"),
      caption: sentence,
      columns: z.array(z.object({ header: z.string(), align: z.enum(["left", "right"]) })),
      rows: z.array(z.array(cell)),
    }),
    z.object({
      kind: z.literal("picture"),
      id: z.string(),
      title: sentence,
      subtitle: sentence,
      alt: sentence,
      data: z
        .object({
          columns: z.array(z.string()),
          rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
        })
        .describe("what is drawn, as in its CSV file"),
    }),
    z.object({ kind: z.literal("code"), language: z.string(), text: z.string() }),
    z.object({ kind: z.literal("fold"), heading: z.string(), blocks: z.array(block) }),
  ]),
);

export const reportSchema = z.object({
  schema: z.literal(REPORT_SCHEMA),
  title: z.string().describe("name of the study"),
  language: z.enum(["en", "zh"]),
  question: z.string().nullable(),
  facts: z.array(z.string()).describe("run, date, state and trials in words"),
  sections: z.array(z.object({ id: z.string(), heading: z.string(), blocks: z.array(block) })),
  results: z.record(z.string(), z.unknown()).describe("as `losslab results --json` prints them"),
});

export type ReportJson = z.infer<typeof reportSchema>;

const sentenceJson = (said: Said): z.infer<typeof sentence> => {
  if (typeof said === "string") return { text: said, numbers: [], facts: [] };
  return {
    text: plainText(said),
    numbers: said.parts.flatMap((part) =>
      typeof part === "string" || part.value === undefined
        ? []
        : [
            {
              text: part.text,
              value: jsonNumber(part.value) as z.infer<typeof number>,
              ...(part.halfWidth != null && { halfWidth: jsonNumber(part.halfWidth) as z.infer<typeof number> }),
              ...(part.of !== undefined && { configuration: part.of }),
            },
          ],
    ),
    facts: said.facts.map(({ sentence: name, values }) => ({ sentence: name, values: finite(values) })),
  };
};

/** A cell's number, where it is one: a mean, or what stands behind its rounded text. */
function cellJson({ text, exact, estimate, of }: Cell): z.infer<typeof cell> {
  const own = exact !== undefined && exact.trim() !== "" && Number.isFinite(Number(exact)) ? Number(exact) : undefined;
  return {
    text,
    ...(estimate
      ? { value: estimate.mean, n: estimate.n, ...(estimate.halfWidth !== null && { halfWidth: estimate.halfWidth }) }
      : own !== undefined
        ? { value: own }
        : exact !== undefined && { exact }),
    ...(of !== undefined && { configuration: of }),
  };
}

const tableJson = ({ caption, columns, rows }: Table): BlockJson => ({
  kind: "table",
  caption: sentenceJson(caption),
  columns: columns.map(({ header, align }) => ({ header, align })),
  rows: rows.map((row) => row.map(cellJson)),
});

/** Fields that are numbers become numbers, empty ones null. */
function dataJson(csv: string): { columns: string[]; rows: (string | number | null)[][] } {
  const [columns, ...rows] = parse(csv) as string[][];
  const value = (field: string): string | number | null =>
    field === "" ? null : /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(field) ? Number(field) : field;
  return { columns, rows: rows.map((row) => row.map(value)) };
}

function blockJson(b: Block): BlockJson {
  switch (b.kind) {
    case "prose":
      return { kind: "prose", ...sentenceJson(b.text), lead: b.lead ?? false };
    case "list":
      return { kind: "list", items: b.items.map(sentenceJson) };
    case "table":
      return tableJson(b.table);
    case "picture": {
      const { id, title, subtitle, alt, csv } = b.picture;
      const [said, drawn, seen] = [title, subtitle, alt].map(sentenceJson);
      return { kind: "picture", id, title: said, subtitle: drawn, alt: seen, data: dataJson(csv) };
    }
    case "code":
      return b;
    case "fold":
      return { kind: "fold", heading: b.heading, blocks: b.blocks.map(blockJson) };
  }
}

export const reportJson = (
  { title, language = "en", question, facts, sections }: ReportDocument,
  results: RunResults,
): ReportJson => ({
  schema: REPORT_SCHEMA,
  title,
  language,
  question,
  facts,
  sections: sections.map(({ id, heading, blocks }) => ({ id, heading, blocks: blocks.map(blockJson) })),
  results: toJson(results, { history: false }),
});
