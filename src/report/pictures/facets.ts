/** Configurations in frames by a part of theirs, such as the optimizer. */
import { canonicalJson } from "../../util/hash.ts";
import type { Configuration } from "../configurations.ts";
import { groupBy } from "../group-by.ts";
import { configurationLabels, specLabel } from "../labels.ts";

export interface Facet {
  /** Empty where there is one frame for all. */
  heading: string;
  configurations: readonly Configuration[];
  /** Names within the frame: what the heading says is left out. */
  labels: readonly string[];
}

type Part = "loss" | "optimizer" | "activation" | "model" | "batchSize";

const said = (configuration: Configuration, part: Part): string =>
  part === "batchSize" ? `batch ${configuration.batchSize}` : specLabel(configuration[part]);

export function facets(configurations: readonly Configuration[], by: string): Facet[] {
  if (by === "all") return [{ heading: "", configurations, labels: configurations.map((c) => c.label) }];
  const part = by as Part;
  const groups = groupBy(configurations, (c) => canonicalJson(c[part]));
  return [...groups.values()].map((own) => ({
    heading: said(own[0], part),
    configurations: own,
    labels: configurationLabels(own),
  }));
}
