/** What every member of the zoo says of itself, and how a study file's words become its parameters. */
import { z } from "zod";
import { UserError } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";

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
}

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

/**
 * Another member of the zoo as a parameter: a model's initializer, a layer of a block. It is made canonical, and its problems keep
 * their paths.
 * @param zoo asked only when there is a name to look up, for members may be made of each other
 */
export const member = (kind: string, zoo: () => Readonly<Record<string, Entry>>) =>
  z
    .union([z.string(), z.record(z.string(), z.unknown())], { error: `must be the name of ${aKind(kind)}` })
    .transform((said, context) => {
      try {
        return choose(kind, zoo(), said).spec;
      } catch (error) {
        if (!(error instanceof ParameterError)) throw error;
        for (const problem of error.problems) {
          context.addIssue({ code: "custom", path: problem.path, message: problem.message, params: { problem } });
        }
        return z.NEVER;
      }
    });

// ---- from a study file's words to an entry with all its parameters

/** A zoo entry named in a study, with all parameters explicit. */
export interface Chosen<E extends Entry = Entry> {
  entry: E;
  params: Record<string, unknown>;
  /** The canonical form, as the store and `--json` have it: `{ focal: { gamma: 2, … } }`. */
  spec: Record<string, Record<string, unknown>>;
  /** Where a study says it. */
  path?: (string | number)[];
}

/** What zod found wrong, told in our words, with the path below the entry. */
export interface Problem {
  path: (string | number)[];
  message: string;
  hint?: string;
  /** Whether the last step of the path is wrong itself, rather than the value there. */
  atName?: boolean;
}

export class ParameterError extends UserError {
  constructor(
    readonly problems: Problem[],
    where: string,
  ) {
    super(
      problems.map((p) => `${[where, ...p.path].join(".")}: ${p.message}${p.hint ? ` (${p.hint})` : ""}`).join("\n"),
    );
  }
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text === undefined ? "nothing" : text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

function describeIssue(issue: z.core.$ZodIssue, input: unknown, known: readonly string[]): Problem[] {
  const path = issue.path.map((p) => (typeof p === "symbol" ? String(p) : p));
  const found = path.reduce<unknown>((v, key) => (v as Record<string | number, unknown>)?.[key], input);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        atName: true,
        message: `there is no parameter "${key}"`,
        hint: known.length > 0 ? suggest(key, known) : "it takes no parameters",
      }));
    case "invalid_type":
      return [
        { path, message: found === undefined ? "is missing" : `must be ${anA(issue.expected)}, got ${shown(found)}` },
      ];
    case "too_small":
      if (issue.origin === "array") return [{ path, message: `must have at least ${issue.minimum} of them, got none` }];
      return [
        { path, message: `must be ${issue.inclusive === false ? ">" : ">="} ${issue.minimum}, got ${shown(found)}` },
      ];
    case "too_big":
      return [
        { path, message: `must be ${issue.inclusive === false ? "<" : "<="} ${issue.maximum}, got ${shown(found)}` },
      ];
    case "invalid_value": {
      const words = issue.values.map(String);
      return [
        {
          path,
          message: `must be one of ${words.join(", ")}, got ${shown(found)}`,
          hint: suggest(String(found), words),
        },
      ];
    }
    case "custom": {
      // Found by `choose` within: already in our words.
      const { problem } = (issue.params ?? {}) as { problem?: Problem };
      return [problem ? { ...problem, path } : { path, message: `${issue.message}, got ${shown(found)}` }];
    }
    default:
      return [{ path, message: `${issue.message}, got ${shown(found)}` }];
  }
}

const aKind = (kind: string): string => `${anA(kind)} or { name: { parameters } }`;

const anA = (type: string): string => (type === "array" ? "a list" : /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`);

/** Problems of a zod check in our words. `known` are the valid names of the top level. */
export const problemsOf = (error: z.ZodError, input: unknown, known: readonly string[]): Problem[] =>
  error.issues.flatMap((issue) => describeIssue(issue, input, known));

/**
 * Reads `name`, `{ name: value of the primary parameter }` or `{ name: { parameter: value, … } }`.
 * @param kind what is looked for, for messages: "loss"
 * @throws ParameterError with every problem and its path
 */
export function choose<E extends Entry>(kind: string, zoo: Readonly<Record<string, E>>, said: unknown): Chosen<E> {
  const fail = (message: string, hint?: string, path: (string | number)[] = []): never => {
    throw new ParameterError([{ path, message, ...(hint && { hint }) }], kind);
  };
  const example = Object.keys(zoo)[0];
  let name: string;
  let given: unknown = {};
  if (typeof said === "string") name = said;
  else if (said && typeof said === "object" && !Array.isArray(said)) {
    const keys = Object.keys(said);
    if (keys.length !== 1) {
      return fail(
        `must name one ${kind}, such as ${example} or { ${example}: { … } }, got the keys ${keys.join(", ") || "none"}`,
      );
    }
    name = keys[0];
    given = (said as Record<string, unknown>)[name] ?? {};
  } else return fail(`must be the name of ${aKind(kind)}, got ${shown(said)}`);

  if (!Object.hasOwn(zoo, name)) return fail(`there is no ${kind} "${name}"`, suggest(name, Object.keys(zoo)));
  const entry = zoo[name];
  const isRecord = given !== null && typeof given === "object" && !Array.isArray(given);
  if (!isRecord) {
    if (!entry.primary) fail(`takes its parameters by name, got ${shown(given)}`, undefined, [name]);
    given = { [entry.primary!]: given };
  }
  const parsed = z.strictObject(entry.params).safeParse(given);
  if (!parsed.success) {
    const problems = problemsOf(parsed.error, given, Object.keys(entry.params));
    throw new ParameterError(
      problems.map((p) => ({ ...p, path: [name, ...p.path] })),
      kind,
    );
  }
  const params = parsed.data as Record<string, unknown>;
  return { entry, params, spec: { [name]: params } };
}
