/** Lists become factors: every field of a study is turned into the values it takes, each checked once. Pure. */
import { z } from "zod";
import { type ReadClaim, readClaims } from "../claims/claim.ts";
import * as sources from "../data/datasets/index.ts";
import { isOwnPath } from "../data/own/path.ts";
import type { Spec } from "../run/records.ts";
import { UserError } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";
import { isRecord, ownValue } from "../util/record.ts";
import { type Chosen, choose, type Entry } from "../zoo/entry.ts";
import type { Zoo } from "../zoo/index.ts";
import { type Loss, tryOn } from "../zoo/losses/loss.ts";
import { ParameterError, type Problem, problemsOf, shown } from "../zoo/problems.ts";
import {
  type Alternative,
  asSaid,
  combined,
  elements,
  isFactor,
  type Members,
  MOST_VALUES,
  memberAlternatives,
  type Path,
  product,
} from "./alternatives.ts";
import { type Observe, observe, observeFields } from "./observe.ts";
import { pictureKinds } from "./picture-kinds.ts";
import {
  type ConditionField,
  conditionFields,
  type DataSpec,
  dataSchema,
  type EntryField,
  entryFields,
  fuseSchema,
  numberSchema,
  seedsSchema,
  studyFields,
} from "./spec.ts";
import { readTuning, type Tuning } from "./tune/tune.ts";
import { SEEDS, type SequentialDesign, seedList, sequentialDesign } from "./until.ts";

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
  /** All that may be trained. */
  seeds: number[];
  /** How they are added, look by look; null where all are trained. */
  until: SequentialDesign | null;
  /** Whether trials that can train in one graph do. */
  fuse: boolean;
  observe: Observe;
  /** What the study is to decide. */
  claims: ReadClaim[];
  /** Which hyperparameters are chosen for each configuration; null where all are as stated. */
  tuning: Tuning | null;
}

const datasetNames: string[] = Object.values(sources).map((source) => source.name);

type Report = (path: Path, message: string, hint?: string, atName?: boolean) => void;

/** Problems are gathered, so that one reading reports them all, each once. */
function gathering(): { problems: Problem[]; report: Report } {
  const problems: Problem[] = [];
  const known = new Set<string>();
  return {
    problems,
    report(path, message, hint, atName) {
      const key = `${path} ${message}`;
      if (!known.has(key)) problems.push({ path, message, ...(hint && { hint }), ...(atName && { atName }) });
      known.add(key);
    },
  };
}

/**
 * The members named at a place of the study, each checked once.
 * @param examine throws a UserError for a member that will not do for the study's data
 */
function expandMembers(
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
  const alternatives = memberAlternatives(said, members);
  if (alternatives.length > MOST_VALUES) {
    report(at, `comes to ${alternatives.length} values; at most ${MOST_VALUES} are taken`);
    return [];
  }
  return alternatives.flatMap(({ value, place }) => {
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
  return expandMembers({ kind: word, zoo: kinds as Record<string, Entry> }, said, path, report).map(({ spec }) => spec);
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
    Array.isArray(value) && isFactor(ownValue<z.ZodType>(dataSchema, key), value) ? elements(value) : [asSaid(value)];
  const specs = combined(plain, ofField).flatMap(({ value, place }) => {
    const at = (...steps: Path): Path => [...path, ...place(steps)];
    const parsed = z.strictObject(dataSchema).safeParse(value);
    if (!parsed.success) {
      for (const p of problemsOf(parsed.error, value, known)) report(at(...p.path), p.message, p.hint, p.atName);
      return [];
    }
    const { set } = parsed.data;
    if (isOwnPath(set)) {
      if (parsed.data.spread !== undefined) report(at("spread"), "is only for points in the plane", undefined, true);
      return [parsed.data];
    }
    if (!datasetNames.includes(set)) {
      const own = `data of your own are named by their path: ./${set}`;
      report(at("set"), `there is no data set "${set}"`, `${suggest(set, datasetNames)}; ${own}`);
    }
    for (const field of OWN_FIELDS) {
      if (parsed.data[field] !== undefined)
        report(at(field), `is only for data of your own, and ${set} is not`, undefined, true);
    }
    const source = Object.values(sources).find(({ name }) => name === set);
    if (source && parsed.data.spread !== undefined && source.spread === undefined)
      report(at("spread"), `is only for points in the plane, and ${set} has none`, undefined, true);
    return source ? [parsed.data] : [];
  });
  const noises = expandCondition("labelNoise", labelNoise, [...path, "labelNoise"], report);
  const imbalances = expandCondition("imbalance", imbalance, [...path, "imbalance"], report);
  return product<unknown>([specs, noises, imbalances]).map((row) => {
    const [spec, labelNoise, imbalance] = row as [DataSpec, Spec?, Spec?];
    return { ...spec, ...(labelNoise && { labelNoise }), ...(imbalance && { imbalance }) };
  });
}

function expandUntil(first: readonly number[], said: unknown, report: Report): SequentialDesign | null {
  try {
    return sequentialDesign(first, said);
  } catch (error) {
    if (error instanceof ParameterError) {
      for (const p of error.problems) report(["until", ...p.path], p.message, p.hint, p.atName);
    } else if (error instanceof UserError) report(["until"], error.message, error.hint);
    else throw error;
    return null;
  }
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

/** The losses that something said stands for, as at the field `loss` of a study about so many classes, or all that is wrong with them. */
export function expandLosses(
  said: unknown,
  zoo: Zoo,
  classes: number,
): { losses: Chosen<Loss>[]; problems: Problem[] } {
  const { problems, report } = gathering();
  const members = { kind: "loss", zoo: zoo.losses };
  const chosen = expandMembers(members, said, ["loss"], report, (one) => tryOn(one as Chosen<Loss>, classes));
  return { losses: chosen as Chosen<Loss>[], problems };
}

/** The study's fields as lists of checked values, or all that is wrong with it. */
export function expand(said: unknown, zoo: Zoo): { study: ExpandedStudy | null; problems: Problem[] } {
  const { problems, report } = gathering();
  if (!isRecord(said)) {
    report([], "a study is a list of fields such as name, data, model, loss; found something else");
    return { study: null, problems };
  }
  const known = ["name", "description", ...studyFields, "until", ...observeFields, "claims", "tune"];
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
    Object.entries(entryFields).map(([field, { kind, zoo: members, byDefault }]) => [
      field,
      expandMembers(
        { kind, zoo: zoo[members] as Record<string, Entry> },
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
  const parsedSeeds = seedsSchema.safeParse(said.seeds ?? SEEDS);
  if (!parsedSeeds.success)
    report(["seeds"], `must be a number of seeds >= 1 or a list of whole numbers >= 0, got ${shown(said.seeds)}`);
  const first = parsedSeeds.success ? seedList(parsedSeeds.data) : [];
  const until = said.until === undefined || !parsedSeeds.success ? null : expandUntil(first, said.until, report);

  const fuse = fuseSchema.safeParse(said.fuse);
  if (!fuse.success) report(["fuse"], `must be true or false, got ${JSON.stringify(said.fuse)}`);

  const pictures =
    said.pictures === undefined
      ? []
      : expandMembers({ kind: "picture", zoo: pictureKinds }, said.pictures, ["pictures"], report);

  const asked = observe(
    said,
    data,
    (attacks, path) =>
      expandMembers({ kind: "attack", zoo: zoo.attacks as Record<string, Entry> }, attacks, path, report),
    report,
  );

  const noise = pictures.find(({ entry }) => entry.name === "noise");
  if (noise && asked.training.testNoise === undefined)
    report(
      noise.path ?? ["pictures"],
      "draws the test set under noise, which is not measured",
      "measure: { testNoise: 1 }",
    );
  if (said.tune !== undefined && said.until !== undefined)
    report(
      ["until"],
      "cannot stand beside tune: seeds are added to a comparison whose hyperparameters are known",
      "tune first, then state what was chosen",
      true,
    );
  const tuning = readTuning(said.tune, entries, data, first, report);

  const { claims, problems: wrong } = readClaims(said.claims);
  for (const p of wrong) report(["claims", ...p.path], p.message, p.hint, p.atName);

  const repeated = (path: string, values: readonly unknown[]): void => {
    const texts = new Set<string>(); // a text that it has already leaves its size as it is
    const twice = values.map((v) => JSON.stringify(v)).find((text) => texts.size === texts.add(text).size);
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
  repeated("seeds", first);

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
      seeds: [...(until?.looks.at(-1) ?? first)],
      until,
      fuse: fuse.data ?? true,
      observe: asked,
      claims,
      tuning,
    },
    problems,
  };
}
