/** Members of the zoo as controls and as words of an address. */
import { z } from "zod";
import type { Spec } from "../../../src/run/records.ts";
import { UserError } from "../../../src/util/errors.ts";
import { type Chosen, choose, type Entry } from "../../../src/zoo/entry.ts";
import type { Field } from "../state.ts";
import { read, write } from "../words.ts";
import { problemOf } from "./problem.ts";

export type Members = Readonly<Record<string, Entry>>;

/** Specs without the parameters that are as by default. */
export function brief(kind: string, members: Members, spec: Spec): Spec {
  const [[name, given]] = Object.entries(spec);
  const usual = checked(kind, members, name);
  if ("problem" in usual) return spec; // something has to be said
  const byDefault = usual.spec[name];
  const own = Object.entries(given).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(byDefault[key]));
  return { [name]: Object.fromEntries(own) };
}

/** A member's parameters where nothing is said; its first example where something must be. */
export function defaults(kind: string, members: Members, name: string): Record<string, unknown> {
  const [example = {}] = members[name].examples ?? [];
  try {
    return choose(kind, members, name).spec[name];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return choose(kind, members, { [name]: example }).spec[name];
  }
}

/** Members that an address names, one after the other, with all their parameters. */
export const membersField = (
  kind: string,
  members: Members,
  byDefault: readonly Spec[],
  most: number,
): Field<Spec[]> => ({
  byDefault: byDefault.map((spec) => choose(kind, members, spec).spec),
  read(texts) {
    if (texts.length > most) throw new UserError(`is said ${texts.length} times, at most ${most} fit`);
    return texts.map((text) => choose(kind, members, read(text)).spec);
  },
  write: (specs) => specs.map((spec) => write(brief(kind, members, spec))),
});

/** One member that an address names. */
export function memberField(kind: string, members: Members, byDefault: Spec): Field<Spec> {
  const many = membersField(kind, members, [byDefault], 1);
  return { byDefault: many.byDefault[0], read: (texts) => many.read(texts)[0], write: (spec) => many.write([spec]) };
}

interface Range {
  kind: "number";
  low: number;
  high: number;
  step: number;
  integer: boolean;
}

/** What a parameter is set with. */
export type Control =
  | Range
  /** A number, or words that mean something else: α of the focal loss. */
  | { kind: "either"; range: Range }
  | { kind: "words"; words: readonly string[] }
  | { kind: "flag" }
  | { kind: "text" };

interface JsonSchema {
  type?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  enum?: unknown[];
  default?: unknown;
  description?: string;
  anyOf?: JsonSchema[];
}

const schemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;

/** A slider's range where a parameter has no bound: some multiples of its default. */
const MULTIPLES = 5;
const STEPS = 100;
/** The same where the default is no number. */
const USUAL = 2;

/** Values that a slider has, all of which the parameter may have. */
function rangeOf({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema, usual: number): Range {
  const integer = type === "integer";
  const bounded = (bound: number | undefined, otherwise: number): number =>
    bound === undefined || Math.abs(bound) > 1e6 ? otherwise : bound;
  const most = bounded(maximum ?? exclusiveMaximum, usual);
  const least = bounded(minimum ?? exclusiveMinimum, -usual);
  const step = integer ? 1 : 10 ** Math.round(Math.log10((most - least) / STEPS));
  const low = exclusiveMinimum === least ? least + step : least;
  const high = exclusiveMaximum === most ? most - step : most;
  return { kind: "number", low, high, step, integer };
}

const isNumeric = ({ type }: JsonSchema): boolean => type === "number" || type === "integer";

export function controlOf(schema: z.ZodType): Control {
  const said = schemaOf(schema);
  const { type, enum: words, default: byDefault, anyOf = [] } = said;
  if (words) return { kind: "words", words: words.map(String) };
  if (type === "boolean") return { kind: "flag" };
  if (isNumeric(said)) return rangeOf(said, MULTIPLES * Math.max(1, Math.abs(Number(byDefault ?? 1))));
  const number = anyOf.find(isNumeric);
  return number ? { kind: "either", range: rangeOf(number, USUAL) } : { kind: "text" };
}

/** A parameter's default in the words of a study file; empty where there is none. */
export function defaultOf(schema: z.ZodType): string {
  const { default: byDefault } = schemaOf(schema);
  return byDefault === undefined || byDefault === null ? "" : write(byDefault);
}

export const descriptionOf = (schema: z.ZodType): string => schemaOf(schema).description ?? "";

/** A member with one of its parameters changed, or why it cannot be. */
export function changed(
  kind: string,
  members: Members,
  spec: Spec,
  key: string,
  value: unknown,
): Chosen | { problem: string } {
  const [[name, params]] = Object.entries(spec);
  return checked(kind, members, { [name]: { ...params, [key]: value } });
}

export function checked(kind: string, members: Members, said: unknown): Chosen | { problem: string } {
  try {
    return choose(kind, members, said);
  } catch (error) {
    return problemOf(error);
  }
}
