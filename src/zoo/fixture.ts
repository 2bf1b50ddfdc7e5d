/** Settings of the zoo's members for tests, drawn from the schemas of their parameters. */
import { z } from "zod";
import { random } from "../util/random.ts";
import type { Entry } from "./entry.ts";

/** The part of JSON Schema that the zoo's parameters use. */
interface Schema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  /** A member within. */
  $ref?: string;
  items?: Schema;
  anyOf?: Schema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

/** How far a drawn number goes beyond its one bound, and how near it comes to an open one. */
const REACH = 10;
const NEAR = 0.01;

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): [low: number, high: number] {
  // Integers have the bounds of exact numbers, which are none.
  const bounded = (value: number | undefined) => (Math.abs(value ?? Infinity) > 1e15 ? undefined : value);
  const above = bounded(minimum) ?? (exclusiveMinimum === undefined ? undefined : exclusiveMinimum + NEAR);
  const below = bounded(maximum) ?? (exclusiveMaximum === undefined ? undefined : exclusiveMaximum - NEAR);
  const low = above ?? (below === undefined ? -REACH : below - REACH);
  return [low, below ?? low + REACH];
}

/** Values of a parameter: all words, numbers at the bounds and between them, a list for the classes. */
function valuesOf(schema: Schema, classes: number, draw: (i: number) => number, members: readonly string[]): unknown[] {
  const someMember = (i: number): string => members[Math.floor(draw(i) * members.length)];
  if (schema.$ref) return [0, 1, 2].map(someMember);
  if (schema.items?.anyOf) return [[0], [1, 2], [3, 4, 5]].map((list) => list.map(someMember));
  if (schema.anyOf) return schema.anyOf.flatMap((one) => valuesOf(one, classes, draw, members));
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum) return schema.enum;
  if (schema.type === "string") return [];
  if (schema.type === "boolean") return [false, true];
  if (schema.type === "array") return [Array.from({ length: classes }, (_, k) => 0.25 + draw(k))];
  const [low, high] = bounds(schema);
  const between = [Math.min(1, high - low), high - low].map((range, i) => low + range * draw(i));
  return [low, high, ...between].map((value) => (schema.type === "integer" ? Math.round(value) : value));
}

/** A member's parameters as far as it needs them: its first example, or none. */
export const leastOf = ({ examples = [{}] }: Entry): Record<string, unknown> => examples[0];

/**
 * The member's examples or its defaults, then with each parameter alone at each of its values, then with all drawn at random.
 * @param skip parameters that stay as they are
 * @param members names of members that may stand within this one
 */
export function settingsOf(
  entry: Entry,
  { classes = 3, skip = [] as readonly string[], members = [] as readonly string[] } = {},
): Record<string, unknown>[] {
  const stream = random(5, entry.name);
  const all = Object.entries(entry.params)
    .filter(([name]) => !skip.includes(name))
    .map(([name, schema], p) => {
      const said = z.toJSONSchema(schema, { io: "input" }) as Schema;
      return { name, values: valuesOf(said, classes, (i) => stream.uniform(100 * p + i), members) };
    })
    .filter(({ values }) => values.length > 0);
  const alone = all.flatMap(({ name, values }) => values.map((value) => ({ [name]: value })));
  const mixed = [0, 1, 2, 3].map((round) =>
    Object.fromEntries(
      all.map(({ name, values }, p) => [name, values[stream.uint32(1000 + 10 * p + round) % values.length]]),
    ),
  );
  const drawn = [...alone, ...mixed].map((setting) => ({ ...leastOf(entry), ...setting }));
  const settings = [...(entry.examples ?? [{}]), ...drawn];
  return [...new Map(settings.map((setting) => [JSON.stringify(setting), setting])).values()];
}
