/** Which trials a claim speaks of. */
import * as sources from "../data/datasets/index.ts";
import type { Spec, Trial } from "../run/records.ts";
import { UserError } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";
import type { Entry } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import type { Selector, Value } from "./grammar.ts";

const FIELDS = ["epochs", "batchSize", "seed"] as const;
type Field = (typeof FIELDS)[number];

const kinds = Object.values(zoo) as Record<string, Entry>[];
const zooNames = kinds.flatMap((members) => Object.keys(members));
const datasetNames: string[] = Object.values(sources).map((source) => source.name);

/** The members that a trial names; fresh weights go without saying. */
const specsOf = ({ model, activation, loss, optimizer, clip, schedule, warmStart = { fresh: {} } }: Trial): Spec[] => [
  model,
  activation,
  loss,
  optimizer,
  schedule,
  warmStart,
  ...(clip ? [clip] : []),
];

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

/** Whether a trial is one of those that a selector names. */
export function selects(selector: Selector, trial: Trial): boolean {
  if (selector.kind === "field") return same(trial[selector.field as Field], selector.value);
  const { name, args } = selector;
  if (trial.data.set === name) return args.length === 0;
  return specsOf(trial).some(
    (spec) =>
      Object.hasOwn(spec, name) && args.every(({ key, value }) => same(spec[name][key ?? primaryOf(name)], value)),
  );
}

/**
 * Finds mistakes in a selector that no trial would show.
 * @param trials whose own losses and data sets are known, too
 */
export function checkSelector(selector: Selector, trials: readonly Trial[]): void {
  if (selector.kind === "field") {
    const { field } = selector;
    if (!FIELDS.includes(field as Field))
      throw new UserError(`trials have no "${field}" to select by`, undefined, suggest(field, [...FIELDS]));
    return;
  }
  const { name, args } = selector;
  const named = trials.flatMap((trial) => [...specsOf(trial).flatMap(Object.keys), String(trial.data.set)]);
  const known = [...new Set([...zooNames, ...datasetNames, ...named])];
  if (!known.includes(name))
    throw new UserError(`there is no loss, activation or optimizer "${name}"`, undefined, suggest(name, known));
  const members = kinds.flatMap((kind) => (Object.hasOwn(kind, name) ? [kind[name]] : []));
  for (const { key } of args) {
    const parameter = key ?? primaryOf(name);
    if (members.length > 0 && members.every(({ params, others }) => !(parameter in params) && !others))
      throw new UserError(
        `${name} has no parameter "${parameter}"`,
        undefined,
        suggest(
          parameter,
          members.flatMap(({ params }) => Object.keys(params)),
        ),
      );
  }
}
