import type { Trial } from "../run/records.ts";
import { canonicalJson } from "../util/hash.ts";
import { configurationLabels } from "./labels.ts";

/** The label of each trial's configuration, by the trial's id: what varies in the study, without the seed. */
export function trialLabels(trials: readonly Trial[]): Map<string, string> {
  const keys = trials.map(({ id: _, seed: __, ...parts }) => canonicalJson(parts));
  const distinct = [...new Set(keys)];
  const labels = configurationLabels(distinct.map((key) => trials[keys.indexOf(key)]));
  const byKey = new Map(distinct.map((key, i) => [key, labels[i]]));
  return new Map(trials.map(({ id }, i) => [id, byKey.get(keys[i])!]));
}
