/** Which trials a claim speaks of. */
import * as sources from "../data/datasets/index.ts";
import * as imbalances from "../data/imbalance/index.ts";
import * as noises from "../data/noise/index.ts";
import type { Spec, Trial } from "../run/records.ts";
import { UserError } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";
import type { Entry } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import type { Argument, Selector, Value } from "./grammar.ts";

type Kind = Readonly<Record<string, Entry>>;

const NONE: Spec = { none: {} };

/** Fields of a study that name a member: the members there are, and that of a trial; fresh weights and no condition go without saying. */
const MEMBERS: Record<string, { kind: Kind; of: (trial: Trial) => Spec }> = {
  model: { kind: zoo.models, of: (t) => t.model },
  activation: { kind: zoo.activations, of: (t) => t.activation },
  loss: { kind: zoo.losses, of: (t) => t.loss },
  optimizer: { kind: zoo.optimizers, of: (t) => t.optimizer },
  clip: { kind: zoo.clippings, of: (t) => t.clip ?? NONE },
  augment: { kind: zoo.augmentations, of: (t) => t.augment ?? NONE },
  schedule: { kind: zoo.schedules, of: (t) => t.schedule },
  warmStart: { kind: zoo.warmStarts, of: (t) => t.warmStart ?? { fresh: {} } },
  labelNoise: { kind: noises as unknown as Kind, of: (t) => (t.data.labelNoise as Spec) ?? NONE },
  imbalance: { kind: imbalances as unknown as Kind, of: (t) => (t.data.imbalance as Spec) ?? NONE },
};

/** Fields that are plain values. */
const PLAIN: Record<string, (trial: Trial) => unknown> = {
  epochs: (t) => t.epochs,
  batchSize: (t) => t.batchSize,
  seed: (t) => t.seed,
  ema: (t) => t.ema ?? 0,
  data: (t) => t.data.set ?? t.data.name,
  train: (t) => t.data.train,
  validation: (t) => t.data.validation,
  scale: (t) => t.data.scale,
};

const FIELDS = [...Object.keys(MEMBERS), ...Object.keys(PLAIN)];

const kinds = Object.values(MEMBERS).map(({ kind }) => kind);
const zooNames = kinds.flatMap((members) => Object.keys(members));
const datasetNames: string[] = Object.values(sources).map((source) => source.name);

const same = (stored: unknown, wanted: Value): boolean =>
  Array.isArray(stored) && Array.isArray(wanted)
    ? stored.length === wanted.length && stored.every((v, i) => same(v, wanted[i]))
    : stored === wanted || String(stored) === wanted;

/** The parameter that a value alone stands for. */
function primaryOf(name: string): string {
  const primary = kinds
    .flatMap((members) => (Object.hasOwn(members, name) ? [members[name].primary] : []))
    .find(Boolean);
  if (primary) return primary;
  throw new UserError(`${name} has no parameter that a value alone could stand for`, undefined, "parameter=value");
}

const isMember = (spec: Spec, name: string, args: readonly Argument[]): boolean =>
  Object.hasOwn(spec, name) && args.every(({ key, value }) => same(spec[name][key ?? primaryOf(name)], value));

/** Whether a trial is one of those that a selector names. */
export function selects(selector: Selector, trial: Trial): boolean {
  const { args } = selector;
  if (selector.kind === "field") {
    const { field, value } = selector;
    return Object.hasOwn(MEMBERS, field)
      ? isMember(MEMBERS[field].of(trial), String(value), args)
      : same(PLAIN[field](trial), value);
  }
  const { name } = selector;
  if (trial.data.set === name) return args.length === 0;
  return Object.values(MEMBERS).some(({ of }) => isMember(of(trial), name, args));
}

/** Parameters that none of the members of this name has. */
function checkArguments(name: string, args: readonly Argument[], among: readonly Kind[]): void {
  const members = among.flatMap((kind) => (Object.hasOwn(kind, name) ? [kind[name]] : []));
  for (const { key } of args) {
    const parameter = key ?? primaryOf(name);
    if (members.length > 0 && members.every(({ params, others }) => !(parameter in params) && !others)) {
      const known = members.flatMap(({ params }) => Object.keys(params));
      throw new UserError(`${name} has no parameter "${parameter}"`, undefined, suggest(parameter, known));
    }
  }
}

/**
 * Finds mistakes in a selector that no trial would show.
 * @param trials whose own losses and data sets are known, too
 */
export function checkSelector(selector: Selector, trials: readonly Trial[]): void {
  const { args } = selector;
  const named = (fields: readonly string[]) => trials.flatMap((t) => fields.flatMap((f) => Object.keys(MEMBERS[f].of(t)))); // biome-ignore format: one line
  if (selector.kind === "field") {
    const { field, value } = selector;
    if (!FIELDS.includes(field)) throw new UserError(`trials have no "${field}" to select by`, undefined, suggest(field, FIELDS)); // biome-ignore format: one line
    if (!Object.hasOwn(MEMBERS, field)) {
      if (args.length > 0) throw new UserError(`${field} is a plain value, without parameters`);
      return;
    }
    const { kind } = MEMBERS[field];
    const known = [...new Set([...Object.keys(kind), ...named([field]), ...(field in { labelNoise: 0, imbalance: 0 } ? ["none"] : [])])]; // biome-ignore format: one line
    if (!known.includes(String(value)))
      throw new UserError(`there is no ${field} "${value}"`, undefined, suggest(String(value), known));
    checkArguments(String(value), args, [kind]);
    return;
  }
  const { name } = selector;
  if (name === "none") throw new UserError("none of what?", undefined, "say the field: labelNoise=none");
  const known = [...new Set([...zooNames, ...datasetNames, ...named(Object.keys(MEMBERS)), ...trials.map((t) => String(t.data.set))])]; // biome-ignore format: one line
  if (!known.includes(name))
    throw new UserError(
      `there is no loss, activation, optimizer or the like called "${name}"`,
      undefined,
      suggest(name, known),
    );
  checkArguments(name, args, kinds);
}
