/** What lists stand for: something said becomes the values that it means, each with the way back to where it was said. Pure. */
import { z } from "zod";
import { UserError } from "../util/errors.ts";
import { isRecord, ownValue } from "../util/record.ts";
import { type Entry, readNamed } from "../zoo/entry.ts";
import { holdingOf, isWeighted } from "../zoo/within.ts";

export type Path = (string | number)[];

/** More combinations are no study that could be trained, and could exhaust the memory. */
const MOST_COMBINATIONS = 1_000_000;
/** Values of one field, each of which is tried on the study's data before anything is trained. */
export const MOST_VALUES = 20_000;

/** All combinations of one value from each list; the last list varies fastest. */
export function product<T>(lists: readonly (readonly T[])[], most = MOST_COMBINATIONS): T[][] {
  const count = lists.reduce((n, list) => n * list.length, 1);
  if (count > most)
    throw new UserError(`the lists of the study come to ${count} combinations; at most ${most} are taken`);
  return lists.reduce<T[][]>((done, list) => done.flatMap((row) => list.map((value) => [...row, value])), [[]]);
}

/** One of the values that something said stands for. */
export interface Alternative {
  value: unknown;
  /** Where a place in the value stands in what was said. */
  place: (path: Path) => Path;
  /** Whether it is a list said without the name of the parameter that it stands for, so that places in it lack that step. */
  bare?: boolean;
}

export const asSaid = (value: unknown): Alternative => ({ value, place: (path) => path });

/** Each element of a list, or all that an element stands for. */
export const elements = (
  list: unknown[],
  of: (value: unknown) => Alternative[] = (value) => [asSaid(value)],
): Alternative[] =>
  list.flatMap((value, i) => of(value).map((a) => ({ ...a, place: (path) => [i, ...a.place(path)] })));

/** Follows a path into the alternative at its first step. */
const into =
  (at: (step: string | number) => Alternative | undefined) =>
  ([step, ...rest]: Path): Path => {
    if (step === undefined) return [];
    const { place = (path: Path) => path, bare } = at(step) ?? {};
    return bare && typeof rest[0] === "number" ? place(rest) : [step, ...place(rest)];
  };

/** All combinations of the alternatives of a record's values. */
export function combined(
  record: Record<string, unknown>,
  of: (key: string, value: unknown) => Alternative[],
): Alternative[] {
  const keys = Object.keys(record);
  return product(
    keys.map((key) => of(key, record[key])),
    MOST_VALUES,
  ).map((row) => ({
    value: Object.fromEntries(keys.map((key, k) => [key, row[k].value])),
    place: into((key) => row[keys.indexOf(String(key))]),
  }));
}

const oneOrElements = (value: unknown): Alternative[] => (Array.isArray(value) ? elements(value) : [asSaid(value)]);

/**
 * Whether a list is a factor rather than the value of the parameter: where the parameter does not take such a list, and an element
 * would do alone or all are lists themselves; else it is a value with mistakes in it, if lists are taken at all.
 */
export function isFactor(schema: z.ZodType | undefined, list: unknown[]): boolean {
  if (!schema || list.length === 0) return false;
  const holding = holdingOf(schema);
  if (holding) return holding.as === "one" || list.every(Array.isArray);
  const takes = (value: unknown): boolean => schema.safeParse(value).success;
  if (takes(list)) return false;
  if (list.some(takes) || list.every(Array.isArray)) return true;
  const { type, anyOf = [] } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return ![{ type }, ...anyOf].some((kind) => typeof kind === "object" && kind.type === "array");
}

/** The members of one kind, from which alternatives are made. */
export interface Members {
  kind: string;
  zoo: Record<string, Entry>;
}

/** A list of members within a member: each may stand for several, alone or beside its weight. */
function listAlternatives(list: unknown[], weighted: boolean, members: Members): Alternative[] {
  const { kind } = members;
  const ofTerm = (term: unknown): Alternative[] => {
    if (!weighted) return memberAlternatives(term, members);
    if (isWeighted(kind, term))
      return combined(term, (key, value) => (key === kind ? memberAlternatives(value, members) : oneOrElements(value)));
    return memberAlternatives(term, members).map((a) => ({ ...a, place: ([_, ...path]) => a.place(path) }));
  };
  return product(list.map(ofTerm)).map((row) => ({
    value: row.map((a) => a.value),
    place: into((i) => row[Number(i)]),
  }));
}

/** The members that something said stands for: a list is a factor, wherever no parameter takes a list as its value. */
export function memberAlternatives(said: unknown, members: Members): Alternative[] {
  if (Array.isArray(said) && said.length > 0) return elements(said, (value) => memberAlternatives(value, members));
  const reading = isRecord(said) ? readNamed(members.zoo, said) : undefined;
  if (!reading || !Object.hasOwn(members.zoo, reading.name) || !isRecord(reading.given)) return [asSaid(said)];
  const { name, given } = reading;
  const { params, others, primary } = members.zoo[name];
  const ofParameter = (key: string, value: unknown): Alternative[] => {
    const schema = ownValue(params, key) ?? others;
    const holding = holdingOf(schema);
    const inner = holding && { kind: holding.kind, zoo: holding.zoo?.() ?? members.zoo };
    const ofValue = (value: unknown): Alternative[] => {
      if (!inner) return [asSaid(value)];
      if (holding.as === "one") return memberAlternatives(value, inner);
      return Array.isArray(value) ? listAlternatives(value, holding.as === "weighted", inner) : [asSaid(value)];
    };
    if (Array.isArray(value) && isFactor(schema, value)) return elements(value, ofValue);
    // A list that stands for the primary parameter has its places under the member's name: model.layers[2].
    const bare = key === primary && Array.isArray(value) && !isRecord((said as Record<string, unknown>)[name]);
    return ofValue(value).map((a) => ({ ...a, bare }));
  };
  return combined(given, ofParameter).map((a) => ({ value: { [name]: a.value }, place: into(() => a) }));
}
