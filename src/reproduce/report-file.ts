/** What a written report says of experiments: its figures and its claims, as data beside the studies that repeat them. */
import { z } from "zod";
import { claimSchema, type ReadClaim, readClaim } from "../claims/claim.ts";
import { attempts } from "../study/attempts.ts";
import { located, readYaml } from "../study/parse.ts";
import { problemsOf } from "../zoo/problems.ts";

/** A number, or the two that it is said to lie between. */
const figure = z.union([z.number(), z.tuple([z.number(), z.number()])]);
const figures = z.strictObject({ loss: figure.optional(), accuracy: figure.optional() });

/** A member of the zoo in a study's words, or a plain value: what a trial must have. */
const wanted = z.union([z.string(), z.number(), z.record(z.string(), z.unknown())]);

const rowSchema = z.strictObject({
  row: z.string().min(1).describe("the set-up as the report calls it"),
  study: z.string().describe("the preset that repeats it"),
  where: z.record(z.string(), wanted).describe("which of the study's configurations it is"),
  epoch: z.number().int().min(1).optional().describe("after which epoch; the last, if it does not say"),
  source: z.string().default("report").describe("whose figures these are"),
  note: z.string().optional(),
  train: figures.optional(),
  test: figures.optional(),
});

const reportSchema = z.strictObject({
  report: z.string().regex(/^[a-z]$/),
  title: z.string(),
  studies: z.array(z.string()).min(1).describe("presets, in the order in which they are run"),
  reported: z.array(rowSchema).default([]),
  claims: z.array(claimSchema).default([]),
});

export type Figure = z.output<typeof figure>;
export type ReportedRow = z.output<typeof rowSchema>;
export interface WrittenReport extends Omit<z.output<typeof reportSchema>, "claims"> {
  claims: ReadClaim[];
}

/**
 * Reads a report's file.
 * @throws UserErrors with the places of all that is wrong
 */
export function readReport(text: string, file: string): WrittenReport {
  const read = readYaml(text, file);
  const parsed = reportSchema.safeParse(read.said);
  if (!parsed.success) throw located(problemsOf(parsed.error, read.said, Object.keys(reportSchema.shape)), read);
  const { attempt, refuse, end } = attempts(read);
  const claims = parsed.data.claims.flatMap((claim, i) => attempt(["claims", i], () => readClaim(claim)));
  for (const { study } of parsed.data.reported)
    if (!parsed.data.studies.includes(study)) refuse(`${study} is none of the report's studies`, file);
  end();
  return { ...parsed.data, claims };
}
