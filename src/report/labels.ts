/** Names of losses, activations, optimizers, models and data as people say them. Titles and defaults are the zoo's own. */
import * as sources from "../data/datasets/index.ts";
import type { Spec, Trial } from "../run/records.ts";
import { type ConditionField, conditionFields } from "../study/spec.ts";
import { canonicalJson } from "../util/hash.ts";
import type { Entry } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import * as layers from "../zoo/layers/index.ts";
import { groupBy } from "./group-by.ts";

const text = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(text).join("-")
    : value !== null && typeof value === "object"
      ? canonicalJson(value)
      : String(value);

const symbol = (sign: string) => (value: unknown) =>
  typeof value === "string" ? `${sign} ${value}` : `${sign}=${text(value)}`;
const word = (name: string) => (value: unknown) => `${name} ${text(value)}`;
const flag = (name: string) => (value: unknown) => (value ? name : `not ${name}`);

/** `conv2d filters 8 → activation → flatten → dense units 10` */
const chain = (layers: readonly (string | Spec)[]): string =>
  layers.map((layer) => specLabel(typeof layer === "string" ? { [layer]: {} } : layer)).join(" → ");
/** Lists of layers; other parameters have these names too. */
const ofLayers = (say: (chain: string) => string, name: string) => (value: unknown) =>
  Array.isArray(value) ? say(chain(value)) : word(name)(value);

/** Parameters whose names people shorten, whichever member has them; others are said by their names. */
const SPELLINGS: Record<string, (value: unknown) => string> = {
  gamma: symbol("γ"),
  delta: symbol("Δ"),
  alpha: symbol("α"),
  beta: symbol("β"),
  tau: symbol("τ"),
  epsilon: symbol("ε"),
  q: symbol("q"),
  t1: symbol("t₁"),
  t2: symbol("t₂"),
  margin: symbol("m"),
  maxMargin: symbol("m"),
  scale: symbol("s"),
  logZero: symbol("A"),
  index: symbol("a"),
  order: symbol("N"),
  gammaTarget: symbol("γ₊"),
  gammaOthers: symbol("γ₋"),
  alphaPosition: word("α"),
  labelSmoothing: word("smoothing"),
  smoothing: word("ε to"),
  smoothingPosition: word("smoothing"),
  kind: text,
  scaled: flag("scaled"),
  on: (value) => `on ${value === "probabilities" ? "softmax" : text(value)}`,
  classes: (value) => `${text(value)} over classes`,
  squared: flag("squared"),
  amsgrad: (value) => (value ? "AMSGrad" : "no AMSGrad"),
  depth: text,
  nesterov: (value) => (value ? "Nesterov" : "no Nesterov"),
  learningRate: word("lr"),
  weightDecay: word("decay"),
  hidden: text,
  max: text,
  list: ofLayers((layers) => layers, "list"),
  layers: ofLayers((layers) => `(${layers})`, "layers"),
  shortcut: ofLayers((layers) => `shortcut (${layers})`, "shortcut"),
  rate: text,
  ratio: text,
  flips: (value) =>
    Object.entries(value as object)
      .map(([from, to]) => `${from}→${to}`)
      .join(" "),
  matrix: (value) => `${(value as unknown[]).length} × ${(value as unknown[]).length}`,
  rare: (value) => (value === "random" ? "of random classes" : `of the ${text(value)} classes`),
  validation: (value) => (value ? "validation too" : "training alone"),
};

/** Fields of `data` whose values are members with parameters. */
const conditions = Object.keys(conditionFields) as ConditionField[];

const kinds: Record<string, Entry>[] = [
  zoo.losses,
  zoo.activations,
  zoo.optimizers,
  zoo.clippings,
  zoo.augmentations,
  zoo.schedules,
  zoo.warmStarts,
  zoo.models,
  layers as Record<string, Entry>,
];

/** The zoo's member of a name; a store may name others, of a user's own or of another version. */
const memberOf = (name: string): Entry | undefined => kinds.find((kind) => Object.hasOwn(kind, name))?.[name];

/** What stands for "nothing to say" where no member tells its defaults. */
const nothing: readonly unknown[] = [null, undefined, false, 0, "none"];

/** Whether a value goes without saying: it is the default, and not what the member is chosen for. */
function isUsual(member: Entry | undefined, parameter: string, value: unknown): boolean {
  const schema = member?.params[parameter];
  if (!member || !schema) return nothing.includes(value);
  const chosenAsSuch = [zoo.activations, zoo.schedules].some(
    (kind) => (kind as Record<string, Entry>)[member.name] === member,
  );
  if (parameter === member.primary && !chosenAsSuch) return false;
  const byDefault = schema.safeParse(undefined);
  return (byDefault.success && text(byDefault.data) === text(value)) || parameter === "init";
}

/** The one name in a spec and its parameters. */
export function unpack(spec: Spec): [name: string, parameters: Record<string, unknown>] {
  const name = Object.keys(spec)[0] ?? "none";
  return [name, spec[name] ?? {}];
}

/** Which parameters a label mentions beside those that always are: `undefined` leaves the choice to their usual values. */
export type Mention = (parameter: string, value: unknown) => boolean | undefined;

/**
 * `CE`, `focal γ=2`, `hinge Δ=0.5 on softmax`, `SGD lr 0.01, momentum 0.9`. A name that is not known here is said as it is, with the
 * parameters that are not nought, none or false. What is made of other members says itself how: `NCE + 0.5 MAE`.
 */
export function specLabel(
  spec: Spec,
  mention: Mention = () => undefined,
  member: Entry | undefined = memberOf(unpack(spec)[0]),
): string {
  const [name, parameters] = unpack(spec);
  if (member?.label) return member.label(parameters, (within) => specLabel(within));
  const mentioned: string[] = [];
  for (const parameter of Object.keys({ ...member?.params, ...parameters })) {
    if (!(parameter in parameters)) continue;
    const value = parameters[parameter];
    if (mention(parameter, value) ?? !isUsual(member, parameter, value)) {
      mentioned.push(SPELLINGS[parameter]?.(value) ?? spelled(parameter, value));
    }
  }
  return mentioned.reduce(
    (label, m, i) => `${label}${i === 0 || m.startsWith("on ") ? " " : ", "}${m}`,
    member?.title ?? name,
  );
}

/** `size 6`; `batch norm` and `no batch norm`. */
const spelled = (parameter: string, value: unknown): string =>
  typeof value === "boolean" ? `${value ? "" : "no "}${plain(parameter)}` : `${plain(parameter)} ${text(value)}`;

/** `labelNoise` to `label noise`. */
export const plain = (name: string): string =>
  name.replace(/([a-z0-9])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);

const titles = new Map(Object.values(sources).map(({ name, title }) => [name, title]));

/** `MNIST`, from `{ name: "mnist", … }`, `{ dataset: "mnist" }` or `{ mnist: { … } }`; `flowers` from `{ set: "./flowers" }`. */
export function dataTitle(data: Record<string, unknown>): string {
  const named = data.name ?? data.dataset ?? data.set ?? Object.keys(data)[0] ?? "unnamed data";
  return typeof named === "string" ? (titles.get(named) ?? named.replace(/^\.\//, "")) : text(named);
}

/** What may be said of data: the version follows from the rest, the set goes by its title and conditions by their labels. */
export function saidOfData({ version: _, ...data }: Record<string, unknown>): Record<string, unknown> {
  const key = ["name", "dataset", "set"].find((k) => typeof data[k] === "string");
  const labelled = conditions.flatMap((field) => {
    const spec = data[field];
    if (spec === null || typeof spec !== "object") return [];
    const members = conditionFields[field].kinds as Record<string, Entry>;
    return [[field, specLabel(spec as Spec, undefined, members[unpack(spec as Spec)[0]])]];
  });
  return { ...data, ...(key && { [key]: dataTitle(data) }), ...Object.fromEntries(labelled) };
}

/** `MNIST, symmetric noise 0.4`: a set and the conditions under which it is trained on. */
export function dataLabel(data: Record<string, unknown>): string {
  const said = saidOfData(data);
  return [dataTitle(data), ...conditions.flatMap((field) => (typeof said[field] === "string" ? said[field] : []))].join(
    ", ",
  );
}

/** `{ a: { b: 1 } }` to `a.b` → `1`. Lists are values. */
function flatten(value: unknown, path: string[], into: Map<string, string>): Map<string, string> {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) flatten(inner, [...path, key], into);
    if (Object.keys(value).length === 0) into.set(path.join("."), "{}");
  } else into.set(path.join("."), text(value));
  return into;
}

/** What a trial without a word on clipping or augmentation has. */
export const NONE: Spec = { none: {} };

/** What a trial without a word on its start has. */
export const FRESH: Spec = { fresh: {} };

/** What a configuration is made of: a trial without its seed. */
export type Parts = Omit<Trial, "id" | "seed">;

/** More than two thirds: what most configurations have in common is left unsaid in the labels of the others. */
function prevailing(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1);
  return [...counts].find(([, n]) => n > (2 / 3) * values.length)?.[0];
}

const varies = (values: readonly string[]): boolean => values.some((v) => v !== values[0]);

/** The labels of one kind of part, one for each of `specs`; undefined where it is not worth a mention. */
function partLabels(
  specs: readonly Spec[],
  kind: "what is compared" | "context",
  members?: Record<string, Entry>,
): (string | undefined)[] {
  const whole = specs.map(canonicalJson);
  if (!varies(whole)) return specs.map(() => undefined);
  const names = specs.map((s) => unpack(s)[0]);
  const most = prevailing(whole);
  return specs.map((spec, i) => {
    if (kind === "context" && whole[i] === most) return undefined;
    const [name, own] = unpack(spec);
    const siblings = specs.filter((_, j) => names[j] === name).map((s) => unpack(s)[1]);
    const mention: Mention = (parameter) => {
      const values = siblings.map((s) => text(s[parameter]));
      if (kind === "context") return varies(values) && text(own[parameter]) !== prevailing(values);
      return varies(values) || undefined;
    };
    return specLabel(spec, mention, members ? members[name] : memberOf(name));
  });
}

/** One label for each configuration: names only what varies among them; no two are equal unless the configurations are. */
export function configurationLabels(configurations: readonly Parts[]): string[] {
  const part = (
    f: (p: Parts) => Spec,
    kind: "what is compared" | "context",
    members?: Record<string, Entry>,
  ): (string | undefined)[] => partLabels(configurations.map(f), kind, members);
  const plainPart = (f: (p: Parts) => number, say: (value: string) => string) => {
    const values = configurations.map((c) => String(f(c)));
    const most = prevailing(values);
    return values.map((v) => (varies(values) && v !== most ? say(v) : undefined));
  };
  const dataLabels = differences(configurations.map((c) => flatten(saidOfData(c.data), [], new Map())));
  const columns = [
    part((c) => c.model, "context"),
    part((c) => c.activation, "what is compared"),
    part((c) => c.loss, "what is compared"),
    part((c) => c.optimizer, "context"),
    part((c) => c.clip ?? NONE, "context"),
    part((c) => c.augment ?? NONE, "context", zoo.augmentations),
    part((c) => c.schedule, "context"),
    part((c) => c.warmStart ?? FRESH, "context"),
    plainPart(
      (c) => c.epochs,
      (v) => `${v} epochs`,
    ),
    plainPart(
      (c) => c.batchSize,
      (v) => `batch ${v}`,
    ),
    plainPart(
      (c) => c.ema ?? 0,
      (v) => (v === "0" ? "no average" : `average ${v}`),
    ),
    dataLabels,
  ];
  const labels = configurations.map(
    (c, i) => columns.flatMap((column) => column[i] ?? []).join(" · ") || specLabel(c.loss),
  );
  return distinct(labels, configurations);
}

/** Their values say what they are by themselves. */
const NAMES = new Set<string>(["name", "dataset", "set", ...conditions]);

/** For each of several flattened records what sets it apart: `noise 0.2`. */
function differences(flat: readonly Map<string, string>[]): (string | undefined)[] {
  const paths = [...new Set(flat.flatMap((f) => [...f.keys()]))];
  const varying = paths.filter((p) => varies(flat.map((f) => f.get(p) ?? "")));
  return flat.map((f) => {
    const said = varying.flatMap((p) =>
      NAMES.has(p) && f.has(p) ? f.get(p)! : f.has(p) ? `${plain(p.slice(p.lastIndexOf(".") + 1))} ${f.get(p)}` : [],
    );
    return said.length > 0 ? said.join(", ") : undefined;
  });
}

/** One label for each of several data of one set: the set's title where nothing sets them apart, as without a condition. */
export function conditionLabels(data: readonly Record<string, unknown>[]): string[] {
  const apart = differences(data.map((d) => flatten(saidOfData(d), [], new Map())));
  return data.map((d, i) => apart[i] ?? dataTitle(d));
}

/** Adds to equal labels what sets their configurations apart and, where words cannot tell them apart, a number. */
function distinct(labels: readonly string[], configurations: readonly Parts[]): string[] {
  const result = [...labels];
  const clashes = () => {
    return [...groupBy(result.keys(), (i) => result[i]).values()].filter((p) => p.length > 1);
  };
  for (const clash of clashes()) {
    const more = differences(clash.map((i) => flatten(configurations[i], [], new Map())));
    clash.forEach((i, k) => {
      if (more[k]) result[i] = `${result[i]} (${more[k]})`;
    });
  }
  for (let numbered = clashes(); numbered.length > 0; numbered = clashes()) {
    for (const clash of numbered) for (const [k, i] of clash.entries()) result[i] = `${result[i]} #${k + 1}`;
  }
  return result;
}
