/** What a study varies: factors with levels, when every combination of them was trained. */
import type { Spec } from "../run/records.ts";
import { canonicalJson } from "../util/hash.ts";
import { type Configuration, partsOf } from "./configurations.ts";
import { conditionLabels, configurationLabels, type Parts, plain, unpack } from "./labels.ts";

export interface Factor {
  /** The field of trials, and the parameter of its member where only that varies. */
  field: string;
  parameter?: string;
  /** `loss`, `optimizer: learning rate`. */
  name: string;
  /** Labels of its values, in the study's order. */
  levels: string[];
  /** Which level a configuration has. */
  levelOf(configuration: Configuration): number;
}

type Field = keyof Parts;
/** What is only measured changes no training. */
const MEASURED: readonly string[] = ["measure", "observe"];

/** What all trials of a configuration share. */
const own = (c: Configuration): Parts => partsOf(c.trials[0].trial);

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

function factor(
  { field, parameter }: { field: string; parameter?: string },
  all: readonly Configuration[],
  keyOf: (c: Configuration) => string,
  labels: (keys: string[]) => string[],
): Factor {
  const keys = distinct(all.map(keyOf));
  return {
    field,
    ...(parameter !== undefined && { parameter }),
    name: [field, parameter].flatMap((part) => (part === undefined ? [] : plain(part))).join(": "),
    levels: labels(keys),
    levelOf: (c) => keys.indexOf(keyOf(c)),
  };
}

/** A field as one factor, its levels labelled as configurations that differ in it alone. */
function whole(field: Field, all: readonly Configuration[]): Factor {
  const keyOf = (c: Configuration): string => canonicalJson(c[field] ?? null);
  return factor({ field }, all, keyOf, (keys) => {
    const some = keys.map((key) => all.find((c) => keyOf(c) === key)!);
    return field === "data"
      ? conditionLabels(some.map((c) => c.data))
      : configurationLabels(some.map((c) => ({ ...own(all[0]), [field]: c[field] })));
  });
}

/** A field whose members have one name and differ in several parameters: each of these is a factor, if they were crossed. */
function split(field: Field, all: readonly Configuration[]): Factor[] | null {
  const specs = all.map((c) => c[field] as Spec | undefined);
  if (
    field === "data" ||
    specs.some((s) => typeof s !== "object") ||
    distinct(specs.map((s) => unpack(s!)[0])).length > 1
  )
    return null;
  const parameterOf = (c: Configuration, parameter: string): string =>
    canonicalJson(unpack(c[field] as Spec)[1][parameter] ?? null);
  const parameters = distinct(specs.flatMap((s) => Object.keys(unpack(s!)[1])));
  const varying = parameters.filter((p) => distinct(all.map((c) => parameterOf(c, p))).length > 1);
  if (varying.length < 2) return null;
  const factors = varying.map((p) =>
    factor(
      { field, parameter: p },
      all,
      (c) => parameterOf(c, p),
      (keys) => keys.map((key) => `${plain(p)} ${JSON.parse(key)}`),
    ),
  );
  return crossed(factors, distinct(specs.map(canonicalJson)).length) ? factors : null;
}

const crossed = (factors: readonly Factor[], combinations: number): boolean =>
  factors.reduce((product, f) => product * f.levels.length, 1) === combinations;

/** What differs between configurations, whether or not all combinations were trained. */
export function varying(all: readonly Configuration[]): Factor[] {
  const fields = distinct(all.flatMap((c) => Object.keys(own(c)))).filter((f) => !MEASURED.includes(f)) as Field[];
  return fields
    .filter((field) => distinct(all.map((c) => canonicalJson(c[field] ?? null))).length > 1)
    .flatMap((field) => split(field, all) ?? whole(field, all));
}

/** The factors of a study whose configurations are all of their combinations; null of any other study, and where nothing varies. */
export function factors(all: readonly Configuration[]): Factor[] | null {
  const found = varying(all);
  return found.length > 0 && crossed(found, all.length) ? found : null;
}
