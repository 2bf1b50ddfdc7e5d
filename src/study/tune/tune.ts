/** The field `tune` of a study: which hyperparameters are chosen for each configuration by itself, and with how much effort. */
import { z } from "zod";
import { MOST_DIMENSIONS } from "../../util/halton.ts";
import { suggest } from "../../util/nearest.ts";
import { isRecord, ownValue } from "../../util/record.ts";
import { type Chosen, choose } from "../../zoo/entry.ts";
import { ParameterError, type Problem, problemsOf, shown } from "../../zoo/problems.ts";
import type { DataSpec, EntryField } from "../spec.ts";
import { type HyperValue, type Range, readRange } from "./range.ts";
import * as searches from "./searches/index.ts";
import type { Search } from "./searches/search.ts";

/** Fields whose members have hyperparameters, in the order in which a name is looked for. */
export const TUNED_FIELDS = ["optimizer", "loss"] as const satisfies readonly EntryField[];
export type TunedField = (typeof TUNED_FIELDS)[number];

/** What candidates are judged by, on the validation split; higher is better. */
export const JUDGED_BY = ["accuracy", "balancedAccuracy", "macroF1"] as const;
export type JudgedBy = (typeof JUDGED_BY)[number];

/** One hyperparameter that is looked for. */
export interface Dimension {
  /** As the study says it: `learningRate`, `loss.gamma`. */
  name: string;
  /** Only in members of this field; null for the first that has it. */
  field: TunedField | null;
  parameter: string;
  range: Range;
}

export interface Tuning {
  space: Dimension[];
  /** Candidates, the same for every configuration. */
  trials: number;
  search: Chosen<Search>;
  /** With which each candidate trains; none of the comparison's. */
  seeds: number[];
  measure: JudgedBy;
  at: "last" | "best";
  /** Whether the comparison also has the hyperparameters that the study states. */
  untuned: boolean;
}

/** Seeds of candidates are counted from here, far from those of comparisons. */
export const FIRST_TUNING_SEED = 1_000_000;

export const tuneSchema = {
  trials: z.number().int().min(2).max(10_000).default(16).describe("candidates of each configuration"),
  seeds: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .describe("seeds with which each candidate trains; the comparison has others"),
  measure: z
    .enum(JUDGED_BY)
    .default("accuracy")
    .describe("what candidates are judged by, on the validation split: accuracy, balancedAccuracy, macroF1"),
  untuned: z
    .boolean()
    .default(true)
    .describe("whether the comparison also has the hyperparameters that the study states"),
  at: z.enum(["last", "best"]).default("last").describe("after the last epoch, or after each candidate's best"),
};

const settings = [...Object.keys(tuneSchema), "search"];

/** `tune` as TypeScript has it. */
export type TuneInput = { [K in keyof typeof tuneSchema]?: z.input<(typeof tuneSchema)[K]> } & {
  search?: string | Record<string, Record<string, unknown>>;
} & { [hyperparameter: string]: unknown };

type Report = (path: Problem["path"], message: string, hint?: string, atName?: boolean) => void;
type Members = Record<TunedField, readonly Chosen[]>;

/** A member's parameters, those that have names of the user's own among them. */
export const parametersOf = ({ entry, spec }: Chosen): Record<string, unknown> => spec[entry.name];

/** The members of a field that have the dimension's parameter. */
const having = ({ field, parameter }: Pick<Dimension, "field" | "parameter">, members: Members, of: TunedField) =>
  field !== null && field !== of ? [] : members[of].filter((m) => Object.hasOwn(parametersOf(m), parameter));

/** `loss.gamma` is gamma of the loss alone. */
function splitName(name: string): Pick<Dimension, "field" | "parameter"> {
  const field = TUNED_FIELDS.find((f) => name.startsWith(`${f}.`)) ?? null;
  return { field, parameter: field ? name.slice(field.length + 1) : name };
}

function dimension(name: string, said: unknown, members: Members, report: Report): Dimension[] {
  const path = ["tune", name];
  const place = splitName(name);
  const found = TUNED_FIELDS.flatMap((field) => having(place, members, field));
  if (found.length === 0) {
    const all = TUNED_FIELDS.flatMap((field) => members[field].flatMap((m) => Object.keys(parametersOf(m))));
    const known = [...new Set([...all, ...settings])];
    const none = all.length === 0; // the members themselves have mistakes
    if (!none) report(path, `no optimizer or loss of the study has a parameter "${name}"`, suggest(name, known), true);
    return [];
  }
  const { range, problem } = readRange(said);
  if (problem) report(path, problem.message, problem.hint ?? nearbyRange(said));
  return range ? [{ name, ...place, range }] : [];
}

/** YAML ends a text at a comma within braces; a range without its end hints at that. */
const nearbyRange = (said: unknown): string | undefined =>
  typeof said === "string" && /\([^)]*$/.test(said) ? `quotes keep it together: "${said}, …)"` : undefined;

/** Values of a range that a member refuses. */
function checkValues(
  { name, parameter, range, field }: Dimension,
  values: readonly HyperValue[],
  members: Members,
  report: Report,
) {
  for (const of of TUNED_FIELDS) {
    for (const { entry } of having({ field, parameter }, members, of)) {
      const schema = ownValue(entry.params, parameter) ?? entry.others;
      for (const value of values) {
        const parsed = schema?.safeParse(value);
        if (!parsed || parsed.success) continue;
        const [problem] = problemsOf(parsed.error, value, []);
        report(
          ["tune", name],
          `${range.text} leads to ${shown(value)}; ${parameter} of ${entry.name} ${problem.message}`,
        );
        return;
      }
    }
  }
}

/**
 * The field `tune`, checked; null where the study has none or where there is a problem.
 * @param members what the study names, checked before
 * @param comparison seeds of the comparison
 */
export function readTuning(
  said: unknown,
  members: Members,
  data: readonly DataSpec[],
  comparison: readonly number[],
  report: Report,
): Tuning | null {
  if (said === undefined) return null;
  if (!isRecord(said)) {
    report(
      ["tune"],
      `must name hyperparameters with their ranges, got ${shown(said)}`,
      "{ learningRate: logUniform(1e-4, 1) }",
    );
    return null;
  }
  const own = Object.fromEntries(Object.entries(said).filter(([key]) => Object.hasOwn(tuneSchema, key)));
  const parsed = z.strictObject(tuneSchema).safeParse(own);
  if (!parsed.success)
    for (const p of problemsOf(parsed.error, own, settings)) report(["tune", ...p.path], p.message, p.hint);
  const names = Object.keys(said).filter((key) => !settings.includes(key));
  const space = names.flatMap((name) => dimension(name, said[name], members, report));
  if (names.length === 0) report(["tune"], "names no hyperparameter to tune", "learningRate: logUniform(1e-4, 1)");
  if (names.length > MOST_DIMENSIONS)
    report(["tune"], `tunes ${names.length} hyperparameters; at most ${MOST_DIMENSIONS} can be`);
  for (const [i, spec] of data.entries()) {
    if (spec.validation === 0)
      report(
        data.length > 1 ? ["data", i] : ["data"],
        "has no validation split, by which tuning would choose",
        "validation: 0.1",
      );
  }
  const search = chosenSearch(said.search ?? "quasiRandom", report);
  if (!parsed.success || !search || space.length < names.length || names.length === 0) return null;
  const seeds = Array.from({ length: parsed.data.seeds }, (_, i) => FIRST_TUNING_SEED + i);
  const shared = seeds.find((seed) => comparison.includes(seed));
  if (shared !== undefined) report(["seeds"], `${shared} is a seed of the tuning; the comparison needs others`);
  const tuning: Tuning = { ...parsed.data, space, search, seeds };
  for (const d of space)
    checkValues(
      d,
      candidates(tuning).map((c) => c.values[d.name]),
      members,
      report,
    );
  return tuning;
}

function chosenSearch(said: unknown, report: Report): Chosen<Search> | null {
  try {
    return choose<Search>("search", searches as unknown as Record<string, Search>, said);
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    for (const p of error.problems) report(["tune", "search", ...p.path], p.message, p.hint, p.atName);
    return null;
  }
}

/** A point of the space, with its hyperparameters by their names in the study. */
export interface Candidate {
  /** From 0. */
  number: number;
  /** Where it stands in the unit cube. */
  point: number[];
  values: Record<string, HyperValue>;
}

/** The candidates: the same for every configuration, so that none has better luck with its points. */
export function candidates({ space, trials, search }: Pick<Tuning, "space" | "trials" | "search">): Candidate[] {
  const pointAt = search.entry.points(0, space.length);
  return Array.from({ length: trials }, (_, number) => {
    const point = pointAt(number);
    return { number, point, values: Object.fromEntries(space.map(({ name, range }, d) => [name, range.at(point[d])])) };
  });
}

/** Which of a configuration's members have the dimension: the field, or null where neither has it. */
export const fieldOf = (dimension: Dimension, members: Record<TunedField, Chosen>): TunedField | null =>
  TUNED_FIELDS.find((f) => having(dimension, { optimizer: [members.optimizer], loss: [members.loss] }, f).length > 0) ??
  null;
