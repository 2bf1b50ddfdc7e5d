/** A question over several studies, as data: the set-ups in which it is answered, and what may explain that answers differ. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { claimSchema, type ReadClaim, readClaim } from "../claims/claim.ts";
import { parseSelection, type Selector } from "../claims/grammar.ts";
import { namesIn, presetFolder } from "../lab/study.ts";
import { attempts } from "../study/attempts.ts";
import { located, readYaml } from "../study/parse.ts";
import { UserError } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";
import { problemsOf } from "../zoo/problems.ts";

const settingSchema = z.strictObject({
  setting: z.string().min(1).describe("the set-up in words"),
  study: z.string().describe("the study whose trials are compared"),
  select: z.string().optional().describe("which of them, as a claim selects: adam, sgd(0.1)"),
  reports: z.string().optional().describe("the reports whose set-up it is"),
});

const reasonSchema = z.strictObject({
  why: z.string().min(1),
  says: z.string().min(1).describe("the explanation; what the trials say to it stands below"),
  seeds: z.boolean().default(false).describe("whether the seeds' own orders speak to it"),
  tuning: z.boolean().default(false).describe("whether stated and tuned hyperparameters side by side speak to it"),
  claims: z.array(claimSchema).default([]),
});

const schema = z.strictObject({
  title: z.string().min(1),
  settings: z.array(settingSchema).min(1),
  reasons: z.array(reasonSchema).default([]),
});

export interface Setting extends Omit<z.output<typeof settingSchema>, "select"> {
  select: Selector[];
}

export interface Reason extends Omit<z.output<typeof reasonSchema>, "claims"> {
  claims: ReadClaim[];
}

export interface VerdictQuestion {
  title: string;
  settings: Setting[];
  reasons: Reason[];
}

/** @throws UserErrors with the places of all that is wrong */
export function readQuestion(text: string, file: string): VerdictQuestion {
  const read = readYaml(text, file);
  const parsed = schema.safeParse(read.said);
  if (!parsed.success) throw located(problemsOf(parsed.error, read.said, Object.keys(schema.shape)), read);
  const { attempt, refuse, end } = attempts(read);
  const settings = parsed.data.settings.flatMap(({ select, ...setting }, i) =>
    attempt(["settings", i, "select"], () => ({
      ...setting,
      select: select === undefined ? [] : parseSelection(select),
    })),
  );
  const reasons = parsed.data.reasons.map((reason, i) => ({
    ...reason,
    claims: reason.claims.flatMap((claim, k) => attempt(["reasons", i, "claims", k], () => readClaim(claim))),
  }));
  for (const { claim } of reasons.flatMap(({ claims }) => claims))
    if (claim.in === undefined) refuse("says not of which studies (in)", `${file}, claim ${claim.id}`);
  end();
  return { title: parsed.data.title, settings, reasons };
}

const folder = (): string => join(presetFolder(), "verdicts");

/** The questions that come with losslab. */
export const questionNames = (): string[] => namesIn(folder());

export function question(name: string): VerdictQuestion {
  const names = questionNames();
  if (!names.includes(name)) throw new UserError(`there is no question "${name}"`, undefined, suggest(name, names));
  const file = join(folder(), `${name}.yaml`);
  return readQuestion(readFileSync(file, "utf8"), file);
}

/** All studies that a question speaks of. */
export const studiesOf = ({ settings, reasons }: VerdictQuestion): string[] => [
  ...new Set([
    ...settings.map(({ study }) => study),
    ...reasons.flatMap(({ claims }) => claims.flatMap(({ claim }) => claim.in ?? [])),
  ]),
];
