/** Lists become factors: every field of a study is turned into the values it takes, each checked once. Pure. */
import { z } from "zod";
import * as sources from "../data/datasets/index.ts";
import { isOwnPath } from "../data/own/path.ts";
import type { Spec } from "../run/records.ts";
import { UserError } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";
import {
  type Chosen,
  choose,
  type Entry,
  holdingOf,
  isRecord,
  isWeighted,
  ParameterError,
  type Problem,
  problemsOf,
  readNamed,
} from "../zoo/entry.ts";
import type { Zoo } from "../zoo/index.ts";
import { type Loss, tryOn } from "../zoo/losses/loss.ts";
import { type Observe, observe, observeFields } from "./observe.ts";
import {
  type ConditionField,
  conditionFields,
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
  observe: Observe;
}

const datasetNames: string[] = Object.values(sources).map((source) => source.name);

/** Problems are gathered, so that one reading reports them all. */
type Path = (string | number)[];
type Report = (path: Path, message: string, hint?: string, atName?: boolean) => void;

/** All combinations of one value from each list; the last list varies fastest. */
export function product<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((done, list) => done.flatMap((row) => list.map((value) => [...row, value])), [[]]);
}

/** One of the values that something said stands for. */
interface Alternative {
  value: unknown;
  /** Where a place in the value stands in what was said. */
  place: (path: Path) => Path;
  /** Whether it is a list said without the name of the parameter that it stands for, so that places in it lack that step. */
  bare?: boolean;
}

const asSaid = (value: unknown): Alternative => ({ value, place: (path) => path });

/** Each element of a list, or all that an element stands for. */
const elements = (list: unknown[], of: (value: unknown) => Alternative[] = (value) => [asSaid(value)]): Alternative[] =>
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
function combined(record: Record<string, unknown>, of: (key: string, value: unknown) => Alternative[]): Alternative[] {
  const keys = Object.keys(record);
  return product(keys.map((key) => of(key, record[key]))).map((row) => ({
    value: Object.fromEntries(keys.map((key, k) => [key, row[k].value])),
    place: into((key) => row[keys.indexOf(String(key))]),
  }));
}

const oneOrElements = (value: unknown): Alternative[] => (Array.isArray(value) ? elements(value) : [asSaid(value)]);

/**
 * Whether a list is a factor rather than the value of the parameter: where the parameter does not take such a list, and an element
 * would do alone or all are lists themselves; else it is a value with mistakes in it, if lists are taken at all.
 */
function isFactor(schema: z.ZodType | undefined, list: unknown[]): boolean {
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
interface Members {
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
function memberAlternatives(said: unknown, members: Members): Alternative[] {
  if (Array.isArray(said) && said.length > 0) return elements(said, (value) => memberAlternatives(value, members));
  const reading = isRecord(said) ? readNamed(members.zoo, said) : undefined;
  if (!reading || !Object.hasOwn(members.zoo, reading.name) || !isRecord(reading.given)) return [asSaid(said)];
  const { name, given } = reading;
  const { params, others, primary } = members.zoo[name];
  const ofParameter = (key: string, value: unknown): Alternative[] => {
    const schema = params[key] ?? others;
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

/**
 * The members named at a place of the study, each checked once.
 * @param examine throws a UserError for a member that will not do for the study's data
 */
function expandEntry(
  members: Members,
  said: unknown,
  at: Path,
  report: Report,
  examine: (chosen: Chosen) => void = () => {},
): Chosen[] {
  if (Array.isArray(said) && said.length === 0) {
    report(at, "is an empty list");
    return [];
  }
  return memberAlternatives(said, members).flatMap(({ value, place }) => {
    try {
      const path = [...at, ...place(isRecord(value) ? Object.keys(value) : [])];
      const chosen = { ...choose(members.kind, members.zoo, value), path };
      examine(chosen);
      return [chosen];
    } catch (error) {
      if (error instanceof ParameterError) {
        for (const p of error.problems) report([...at, ...place(p.path)], p.message, p.hint, p.atName);
      } else if (error instanceof UserError) report([...at, ...place([])], error.message, error.hint);
      else throw error;
      return [];
    }
  });
}

/** The conditions that stand at a field of `data`; `none` is no condition, as if the field were not there. */
function expandCondition(field: ConditionField, said: unknown, path: Path, report: Report): (Spec | undefined)[] {
  if (said === undefined || said === "none") return [undefined];
  if (Array.isArray(said) && said.length > 0) {
    return said.flatMap((value, i) => expandCondition(field, value, [...path, i], report));
  }
  const { word, kinds } = conditionFields[field];
  return expandEntry({ kind: word, zoo: kinds as Record<string, Entry> }, said, path, report).map(({ spec }) => spec);
}

/** Fields that only data of one's own have. */
const OWN_FIELDS = ["label", "ignore", "resize"] as const;

function expandData(said: unknown, path: Path, report: Report): DataSpec[] {
  if (Array.isArray(said)) return said.flatMap((value, i) => expandData(value, [...path, i], report));
  const record = typeof said === "string" ? { set: said } : said === undefined ? {} : said;
  if (!isRecord(record)) {
    report(path, `must be the name of a data set or { set: …, validation: … }, got ${JSON.stringify(said)}`);
    return [];
  }
  const { labelNoise, imbalance, ...plain } = record;
  const known = [...Object.keys(dataSchema), ...Object.keys(conditionFields)];
  const ofField = (key: string, value: unknown): Alternative[] =>
    Array.isArray(value) && isFactor(dataSchema[key as keyof typeof dataSchema], value)
      ? elements(value)
      : [asSaid(value)];
  const specs = combined(plain, ofField).flatMap(({ value, place }) => {
    const at = (...steps: Path): Path => [...path, ...place(steps)];
    const parsed = z.strictObject(dataSchema).safeParse(value);
    if (!parsed.success) {
      for (const p of problemsOf(parsed.error, value, known)) report(at(...p.path), p.message, p.hint, p.atName);
      return [];
    }
    const { set } = parsed.data;
    if (isOwnPath(set)) return [parsed.data];
    if (!datasetNames.includes(set)) {
      const own = `data of your own are named by their path: ./${set}`;
      report(at("set"), `there is no data set "${set}"`, `${suggest(set, datasetNames)}; ${own}`);
    }
    for (const field of OWN_FIELDS) {
      if (parsed.data[field] !== undefined)
        report(at(field), `is only for data of your own, and ${set} is not`, undefined, true);
    }
    return datasetNames.includes(set) ? [parsed.data] : [];
  });
  const noises = expandCondition("labelNoise", labelNoise, [...path, "labelNoise"], report);
  const imbalances = expandCondition("imbalance", imbalance, [...path, "imbalance"], report);
  return product<unknown>([specs, noises, imbalances]).map((row) => {
    const [spec, labelNoise, imbalance] = row as [DataSpec, Spec?, Spec?];
    return { ...spec, ...(labelNoise && { labelNoise }), ...(imbalance && { imbalance }) };
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
  const known = ["name", "description", ...studyFields, ...observeFields];
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
  const sizes = Object.values(sources).flatMap(({ name, classes }) =>
    data.some((d) => d.set === name) ? classes.length : [],
  );
  const classes = [...new Set(sizes)];
  const entries = Object.fromEntries(
    Object.entries(entryFields).map(([field, { zoo: kind, byDefault }]) => [
      field,
      expandEntry(
        { kind: field, zoo: zoo[kind] as Record<string, Entry> },
        said[field] ?? byDefault,
        [field],
        report,
        (chosen) => {
          if (field === "loss") for (const n of classes) tryOn(chosen as Chosen<Loss>, n);
        },
      ),
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

  const asked = observe(
    said,
    data,
    (attacks, path) =>
      expandEntry({ kind: "attack", zoo: zoo.attacks as Record<string, Entry> }, attacks, path, report),
    report,
  );

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
      observe: asked,
    },
    problems,
  };
}
