/** What is wrong with what a study says, in words of its own rather than those of the checks. */
import type { z } from "zod";
import { UserError } from "../util/errors.ts";
import { nearest, suggest } from "../util/nearest.ts";

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

export const shown = (value: unknown): string => {
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
      const near = nearest(String(found), words);
      return [
        {
          path,
          message: `must be one of ${words.join(", ")}, got ${shown(found)}`,
          ...(near && { hint: `did you mean "${near}"?` }),
        },
      ];
    }
    default:
      return [{ path, message: `${issue.message}, got ${shown(found)}` }];
  }
}

export const anA = (type: string): string =>
  type === "array" ? "a list" : /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;

/** Problems of a zod check in our words. `known` are the valid names of the top level. */
export const problemsOf = (error: z.ZodError, input: unknown, known: readonly string[]): Problem[] =>
  error.issues.flatMap((issue) => describeIssue(issue, input, known));
