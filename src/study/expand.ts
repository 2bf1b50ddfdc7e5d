/** Lists become factors: every field of a study is turned into the values it takes, each checked once. Pure. */
import { z } from "zod";
import * as sources from "../data/datasets/index.ts";
import { suggest } from "../util/nearest.ts";
import { type Chosen, choose, type Entry, ParameterError, type Problem, problemsOf } from "../zoo/entry.ts";
import type { Zoo } from "../zoo/index.ts";
import {
  type DataSpec,
  dataSchema,
  type EntryField,
  entryFields,
  numberSchema,
  seedsSchema,
  studyFields,
} from "./spec.ts";

/** A study whose fields are lists of checked values. */
export interface ExpandedStudy {
  name: string;
  description: string;
  /** The study as it was said. */
  said: Record<string, unknown>;
  data: DataSpec[];
  entries: Record<EntryField, Chosen[]>;
  epochs: number[];
  batchSize: number[];
  ema: number[];
  seeds: number[];
}

const datasetNames: string[] = Object.values(sources).map((source) => source.name);

/** Problems are gathered, so that one reading reports them all. */
type Report = (path: (string | number)[], message: string, hint?: string, atName?: boolean) => void;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** All combinations of one value from each list; the last list varies fastest. */
export function product<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((done, list) => done.flatMap((row) => list.map((value) => [...row, value])), [[]]);
}

/** A record with some lists as values becomes the records with one of their elements each. */
function alternatives(
  record: Record<string, unknown>,
  isValue: (key: string, list: unknown[]) => boolean,
): { value: Record<string, unknown>; origin: Record<string, number> }[] {
  const keys = Object.keys(record);
  const lists = keys.map((key) => {
    const value = record[key];
    return Array.isArray(value) && !isValue(key, value)
      ? value.map((v, i) => ({ v, i: i as number | undefined }))
      : [{ v: value, i: undefined }];
  });
  return product(lists).map((row) => ({
    value: Object.fromEntries(keys.map((key, k) => [key, row[k].v])),
    origin: Object.fromEntries(keys.flatMap((key, k) => (row[k].i === undefined ? [] : [[key, row[k].i]]))),
  }));
}

/**
 * Whether a list is the value of a parameter rather than a factor: where the parameter takes such a list. A list that it does not take
 * is a factor when an element would do alone, or is a list itself; else it is a value with mistakes in it, if lists are taken at all.
 */
function isOneValue(schema: z.ZodType, list: unknown[]): boolean {
  const takes = (value: unknown): boolean => schema.safeParse(value).success;
  if (list.length === 0 || takes(list)) return true;
  if (list.some(takes) || list.every(Array.isArray)) return false;
  const { type, anyOf = [] } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return [{ type }, ...anyOf].some((kind) => typeof kind === "object" && kind.type === "array");
}

/** Puts the place in a list back into a path: gamma becomes gamma[1]. */
const withOrigin = (path: (string | number)[], origin: Record<string, number>): (string | number)[] =>
  path.flatMap((step) => (typeof step === "string" && step in origin ? [step, origin[step]] : [step]));

function expandEntry(
  field: EntryField,
  members: Record<string, Entry>,
  said: unknown,
  path: (string | number)[],
  report: Report,
): Chosen[] {
  if (Array.isArray(said)) {
    if (said.length === 0) report(path, "is an empty list");
    return said.flatMap((value, i) => expandEntry(field, members, value, [...path, i], report));
  }
  const name = isRecord(said) && Object.keys(said).length === 1 ? Object.keys(said)[0] : undefined;
  const check = (value: unknown, asSaid = (p: Problem["path"]) => p): Chosen[] => {
    try {
      return [{ ...choose(field, members, value), path: name === undefined ? path : [...path, name] }];
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
      for (const p of error.problems) report([...path, ...asSaid(p.path)], p.message, p.hint, p.atName);
      return [];
    }
  };
  if (name === undefined || !Object.hasOwn(members, name)) return check(said);
  const entry = members[name];
  const given = (said as Record<string, unknown>)[name];
  const params = isRecord(given) ? given : entry.primary && given !== null ? { [entry.primary]: given } : undefined;
  if (!params) return check(said);
  const isValue = (key: string, list: unknown[]): boolean =>
    !(key in entry.params) || isOneValue(entry.params[key], list);
  return alternatives(params, isValue).flatMap(({ value, origin }) =>
    check({ [name]: value }, (p) => {
      // A list that stands for the primary parameter has its places under the member's name: model.layers[2].
      const isList = !isRecord(given) && p[1] === entry.primary && typeof p[2] === "number" && !(p[1] in origin);
      return isList ? [name, ...p.slice(2)] : withOrigin(p, origin);
    }),
  );
}

function expandData(said: unknown, path: (string | number)[], report: Report): DataSpec[] {
  if (Array.isArray(said)) return said.flatMap((value, i) => expandData(value, [...path, i], report));
  const record = typeof said === "string" ? { set: said } : said === undefined ? {} : said;
  if (!isRecord(record)) {
    report(path, `must be the name of a data set or { set: …, validation: … }, got ${JSON.stringify(said)}`);
    return [];
  }
  return alternatives(record, () => false).flatMap(({ value, origin }) => {
    const parsed = z.strictObject(dataSchema).safeParse(value);
    if (!parsed.success) {
      for (const p of problemsOf(parsed.error, value, Object.keys(dataSchema))) {
        report([...path, ...withOrigin(p.path, origin)], p.message, p.hint, p.atName);
      }
      return [];
    }
    if (!datasetNames.includes(parsed.data.set)) {
      report(
        [...path, ...withOrigin(["set"], origin)],
        `there is no data set "${parsed.data.set}"`,
        suggest(parsed.data.set, datasetNames),
      );
      return [];
    }
    return [parsed.data];
  });
}

function expandNumber(key: keyof typeof numberSchema, said: unknown, report: Report): number[] {
  const list = Array.isArray(said) ? said : [said];
  return list.flatMap((value, i) => {
    const parsed = numberSchema[key].safeParse(value);
    if (parsed.success) return [parsed.data];
    for (const p of problemsOf(parsed.error, value, []))
      report(Array.isArray(said) ? [key, i] : [key], p.message, p.hint);
    return [];
  });
}

/** The study's fields as lists of checked values, or all that is wrong with it. */
export function expand(said: unknown, zoo: Zoo): { study: ExpandedStudy | null; problems: Problem[] } {
  const problems: Problem[] = [];
  const report: Report = (path, message, hint, atName) => {
    const known = problems.some((p) => p.message === message && String(p.path) === String(path));
    if (!known) problems.push({ path, message, ...(hint && { hint }), ...(atName && { atName }) });
  };
  if (!isRecord(said)) {
    report([], "a study is a list of fields such as name, data, model, loss; found something else");
    return { study: null, problems };
  }
  const known = ["name", "description", ...studyFields];
  for (const key of Object.keys(said)) {
    if (!known.includes(key)) report([key], `there is no field "${key}"`, suggest(key, known), true);
  }
  const { name, description = "" } = said;
  if (typeof name !== "string" || !/^[\w-]+$/.test(name)) {
    report(
      ["name"],
      name === undefined ? "is missing" : "must be letters, digits and dashes",
      'for example "my-study"',
    );
  }
  if (typeof description !== "string") report(["description"], "must be a text");

  const data = expandData(said.data, ["data"], report);
  const entries = Object.fromEntries(
    Object.entries(entryFields).map(([field, { zoo: kind, byDefault }]) => [
      field,
      expandEntry(field as EntryField, zoo[kind] as Record<string, Entry>, said[field] ?? byDefault, [field], report),
    ]),
  ) as Record<EntryField, Chosen[]>;
  const epochs = expandNumber("epochs", said.epochs, report);
  const batchSize = expandNumber("batchSize", said.batchSize, report);
  const ema = expandNumber("ema", said.ema, report);
  const parsedSeeds = seedsSchema.safeParse(said.seeds ?? 3);
  if (!parsedSeeds.success)
    report(["seeds"], `${parsedSeeds.error.issues[0].message}, got ${JSON.stringify(said.seeds)}`);
  const seeds = !parsedSeeds.success
    ? []
    : typeof parsedSeeds.data === "number"
      ? Array.from({ length: parsedSeeds.data }, (_, i) => i)
      : parsedSeeds.data;

  const repeated = (path: string, values: readonly unknown[]): void => {
    const texts = values.map((v) => JSON.stringify(v));
    const twice = texts.find((text, i) => texts.indexOf(text) !== i);
    if (twice) report([path], `the value ${twice} stands there twice`, "a comparison has each value once");
  };
  for (const [field, chosen] of Object.entries(entries))
    repeated(
      field,
      chosen.map((c) => c.spec),
    );
  repeated("data", data);
  repeated("epochs", epochs);
  repeated("batchSize", batchSize);
  repeated("ema", ema);
  repeated("seeds", seeds);

  if (problems.length > 0) return { study: null, problems };
  return {
    study: {
      name: name as string,
      description: description as string,
      said,
      data,
      entries,
      epochs,
      batchSize,
      ema,
      seeds,
    },
    problems,
  };
}
