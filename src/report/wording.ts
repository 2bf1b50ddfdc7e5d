/** Clauses that several sections use. */
import { listed, plural } from "../util/format.ts";

/** `A, B and 3 others`: at most `most` names. */
export function named(labels: readonly string[], most = 3): string {
  if (labels.length <= most + 1) return listed(labels);
  return listed([...labels.slice(0, most), plural(labels.length - most, "other")]);
}

/** The verb that fits the number of things. */
export const verb = (things: readonly unknown[], one: string, many: string): string =>
  things.length === 1 ? one : many;
