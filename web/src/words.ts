/**
 * Members of the zoo in an address, short and readable: `ce`, `focal(gamma=0.5)`, `mlp(hidden=[16,16])`, `sum(terms=[ce,mae])`,
 * `formula(expression="-log(p)")`. The same as `{ focal: { gamma: 0.5 } }` in a study file.
 */
import { UserError } from "../../src/util/errors.ts";
import { isRecord } from "../../src/util/record.ts";

export type Words = string | number | boolean | null | Words[] | { [key: string]: Words };

const NAME = /^[A-Za-z_][\w-]*$/;

export function write(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  if (typeof value === "string")
    return NAME.test(value) && !["true", "false", "null"].includes(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  const entries = Object.entries(value as Record<string, unknown>);
  // Parameters that are no member's have no name before them.
  const [[name, inner]] = entries.length === 1 && isRecord(entries[0][1]) ? entries : [["", value]];
  const parameters = Object.entries(inner as Record<string, unknown>);
  if (parameters.length === 0) return name;
  return `${name}(${parameters.map(([key, v]) => `${key}=${write(v)}`).join(",")})`;
}

/**
 * Reads what `write` has written.
 * @throws UserError that says where it ends to make sense
 */
export function read(text: string): Words {
  let at = 0;
  const fail = (expected: string): never => {
    const found = at < text.length ? `"${text.slice(at, at + 12)}"` : "the end";
    throw new UserError(`expected ${expected} at character ${at + 1}, found ${found}`, text);
  };
  const take = (pattern: RegExp): string | undefined => {
    const [found] = new RegExp(pattern, "y").exec(text.slice(at)) ?? [];
    if (found !== undefined) at += found.length;
    return found;
  };
  const list = (end: string): Words[] => {
    const values: Words[] = [];
    if (take(new RegExp(`\\${end}`))) return values;
    for (;;) {
      values.push(value());
      if (take(new RegExp(`\\${end}`))) return values;
      if (!take(/,/)) fail(`"," or "${end}"`);
    }
  };
  const parameters = (): Record<string, Words> => {
    const found: Record<string, Words> = {};
    for (;;) {
      const key = take(/[A-Za-z_][\w-]*/) ?? fail("a parameter's name");
      if (!take(/=/)) fail('"="');
      if (Object.hasOwn(found, key)) fail(`"${key}" once`);
      found[key] = value();
      if (take(/\)/)) return found;
      if (!take(/,/)) fail('"," or ")"');
    }
  };
  const value = (): Words => {
    if (take(/\[/)) return list("]");
    const quoted = take(/"(?:[^"\\]|\\.)*"/);
    if (quoted !== undefined) {
      try {
        return JSON.parse(quoted) as string;
      } catch {
        return fail("a text in quotes");
      }
    }
    const number = take(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/i);
    if (number !== undefined) return Number(number);
    if (take(/\(/)) return parameters(); // parameters without a name
    const name = take(/[A-Za-z_][\w-]*/) ?? fail("a name, a number, a text in quotes or a list");
    if (name === "true" || name === "false") return name === "true";
    if (name === "null") return null;
    return take(/\(/) ? { [name]: parameters() } : name;
  };
  const result = value();
  if (at < text.length) fail("the end");
  return result;
}
