/** What every member of the zoo says of itself, and how a study file's words become its parameters. */
import { z } from "zod";
import { suggest } from "../util/nearest.ts";
import { isRecord } from "../util/record.ts";
import { anA, ParameterError, type Problem, problemsOf, shown } from "./problems.ts";
import { Named } from "./within.ts";

export type ParameterSchemas = Record<string, z.ZodType>;
export type Parameters<S extends ParameterSchemas> = { [K in keyof S]: z.output<S[K]> };

/** A member of the zoo: a loss, an activation, an optimizer, a layer, a model, an initializer, a schedule. */
export interface Entry<S extends ParameterSchemas = ParameterSchemas> {
  /** The name in study files. */
  readonly name: string;
  /** The name in tables and pictures. */
  readonly title: string;
  /** One line: what it is. */
  readonly summary: string;
  readonly formula?: string;
  /** Paper and equation. */
  readonly reference?: string;
  readonly params: S;
  /** The parameter that a bare value stands for: `{ focal: 2 }` is `{ focal: { gamma: 2 } }`. */
  readonly primary?: keyof S & string;
  /**
   * What parameters under names of the user's own must be, where there may be such. They may stand beside the member's name:
   * `{ formula: "-log(p)^g", g: 2 }` is `{ formula: { expression: "-log(p)^g", g: 2 } }`.
   */
  readonly others?: z.ZodType;
  /** Parameters that show what it is for; needed where some have no defaults. Tests begin with them. */
  readonly examples?: readonly Record<string, unknown>[];
  /**
   * What tables and pictures call the member with these parameters, where title and parameters one after the other would not do.
   * @param labelOf the label of a member within
   */
  // biome-ignore lint/suspicious/noExplicitAny: parameters as they are stored, of any type
  readonly label?: (params: any, labelOf: (spec: MemberSpec) => string) => string;
}

/** A member with all its parameters, as the store and `--json` have it: `{ focal: { gamma: 2, … } }`. */
export type MemberSpec = Record<string, Record<string, unknown>>;

// ---- kinds of parameters

interface NumberOptions {
  default?: number;
  min?: number;
  max?: number;
  /** An open lower bound. */
  above?: number;
  /** An open upper bound. */
  below?: number;
  integer?: boolean;
}

/** A number within bounds. */
export function number(description: string, options: NumberOptions = {}) {
  let schema = options.integer ? z.number().int() : z.number();
  if (options.min !== undefined) schema = schema.min(options.min);
  if (options.max !== undefined) schema = schema.max(options.max);
  if (options.above !== undefined) schema = schema.gt(options.above);
  if (options.below !== undefined) schema = schema.lt(options.below);
  return schema.default(options.default ?? 0).describe(description);
}

/** A number that must be given. */
export const requiredNumber = (description: string, options: Omit<NumberOptions, "default"> = {}) =>
  number(description, options).unwrap().describe(description);

export const flag = (description: string, byDefault = false) => z.boolean().default(byDefault).describe(description);

/** One of several words; the first is the default. */
export const choice = <const W extends readonly [string, ...string[]]>(description: string, words: W) =>
  z
    .enum(words)
    .default(words[0] as never)
    .describe(description);

// ---- from a study file's words to an entry with all its parameters

/** A zoo entry named in a study, with all parameters explicit. */
export interface Chosen<E extends Entry = Entry> {
  entry: E;
  params: Record<string, unknown>;
  /** The canonical form. */
  spec: MemberSpec;
  /** Where a study says it. */
  path?: (string | number)[];
}

/** The name in a member's words, and its parameters as far as they are a record. */
export interface Reading {
  name: string;
  given: unknown;
}

/** Reads `name`, `{ name: given }` or `{ name: given, <names of the user's own>: … }`; undefined for anything else. */
export function readNamed(zoo: Readonly<Record<string, Entry>>, said: unknown): Reading | undefined {
  if (typeof said === "string") return { name: said, given: {} };
  if (!isRecord(said)) return undefined;
  const keys = Object.keys(said);
  const open = keys.filter((key) => Object.hasOwn(zoo, key) && zoo[key].others);
  const name = keys.length === 1 ? keys[0] : open.length === 1 ? open[0] : undefined;
  if (name === undefined) return undefined;
  const { [name]: own, ...beside } = said;
  const primary = Object.hasOwn(zoo, name) ? zoo[name].primary : undefined;
  const given = isRecord(own) || own === null || own === undefined || !primary ? own : { [primary]: own };
  return { name, given: keys.length === 1 ? (given ?? {}) : { ...(given as object), ...beside } };
}

/**
 * Reads a member's name with its parameters, and those of the members within.
 * @param kind what is looked for, for messages: "loss"
 * @throws ParameterError with every problem and its path
 */
export function choose<E extends Entry>(kind: string, zoo: Readonly<Record<string, E>>, said: unknown): Chosen<E> {
  const fail = (message: string, hint?: string, path: (string | number)[] = []): never => {
    throw new ParameterError([{ path, message, ...(hint && { hint }) }], kind);
  };
  const reading = readNamed(zoo, said);
  if (!reading) {
    if (!isRecord(said))
      return fail(`must be the name of ${anA(kind)} or { name: { parameters } }, got ${shown(said)}`);
    const example = Object.keys(zoo)[0];
    const keys = Object.keys(said).join(", ") || "none";
    return fail(`must name one ${kind}, such as ${example} or { ${example}: { … } }, got the keys ${keys}`);
  }
  const { name, given } = reading;
  if (!Object.hasOwn(zoo, name)) return fail(`there is no ${kind} "${name}"`, suggest(name, Object.keys(zoo)));
  const entry = zoo[name];
  if (!isRecord(given)) return fail(`takes its parameters by name, got ${shown(given)}`, undefined, [name]);
  const schema = entry.others ? z.object(entry.params).catchall(entry.others) : z.strictObject(entry.params);
  const parsed = schema.safeParse(given);
  const problems = parsed.success ? [] : problemsOf(parsed.error, given, Object.keys(entry.params));
  // The members within are looked up even beside mistakes, so that all mistakes are told.
  const data = parsed.success ? parsed.data : sound(entry.params, given);
  const { params, spec } = lookedUp(data, zoo, [], problems);
  if (problems.length > 0) {
    throw new ParameterError(
      problems.map((p) => ({ ...p, path: [name, ...p.path] })),
      kind,
    );
  }
  return { entry, params: params as Record<string, unknown>, spec: { [name]: spec as Record<string, unknown> } };
}

/** Those of the parameters that have no mistakes. */
const sound = (params: ParameterSchemas, given: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(params).flatMap(([key, schema]) => {
      const { success, data } = schema.safeParse(given[key]);
      return success ? [[key, data]] : [];
    }),
  );

/**
 * Parameters with the members within them chosen, and the same in their canonical form.
 * @param problems is added to
 */
function lookedUp(
  value: unknown,
  own: Readonly<Record<string, Entry>>,
  path: (string | number)[],
  problems: Problem[],
): { params: unknown; spec: unknown } {
  if (value instanceof Named) {
    const { kind, zoo = () => own } = value.home;
    try {
      const chosen = choose(kind, zoo(), value.said);
      return { params: chosen, spec: chosen.spec };
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
      problems.push(...error.problems.map((p) => ({ ...p, path: [...path, ...p.path] })));
      return { params: undefined, spec: undefined };
    }
  }
  if (Array.isArray(value)) {
    const all = value.map((v, i) => lookedUp(v, own, [...path, i], problems));
    return { params: all.map((v) => v.params), spec: all.map((v) => v.spec) };
  }
  if (!isRecord(value)) return { params: value, spec: value };
  const all = Object.entries(value).map(([key, v]) => [key, lookedUp(v, own, [...path, key], problems)] as const);
  return {
    params: Object.fromEntries(all.map(([key, v]) => [key, v.params])),
    spec: Object.fromEntries(all.map(([key, v]) => [key, v.spec])),
  };
}
