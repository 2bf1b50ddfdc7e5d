/** How long seeds are added, in a study's words: `until: { decided: 30 }`, or `until: { decided: { maxSeeds: 30, spending: pocock } }`. */
import type { z } from "zod";
import type { Design, Spending } from "../stats/group-sequential.ts";
import { spendingFunctions } from "../stats/group-sequential.ts";
import { UserError } from "../util/errors.ts";
import { choice, choose, type Entry, number } from "../zoo/entry.ts";
import { seedsSchema } from "./spec.ts";

export const stoppingRules = {
  decided: {
    name: "decided",
    title: "until decided",
    summary: "Seeds are added in blocks until every claim, or else the study's answer, is decided.",
    reference: "Lan and DeMets, 1983; Liu and Anderson, 2008; Maurer and Bretz, 2013",
    primary: "maxSeeds",
    params: {
      maxSeeds: number("the most seeds", { default: 30, min: 2, max: 1000, integer: true }),
      perLook: number("seeds that are added for each look; 0: as many as the study begins with", {
        default: 0,
        min: 0,
        integer: true,
      }),
      spending: choice(
        "when the level is used up: late, or alike at all looks",
        Object.keys(spendingFunctions) as [Spending, ...Spending[]],
      ),
      futility: choice("what follows when more seeds would hardly decide anything: it is said, or the study stops", [
        "say",
        "stop",
      ]),
    },
  },
} as const satisfies Record<string, Entry<Record<string, z.ZodType>>>;

/** When a study looks at its trials, stated before the first of them. */
export interface SequentialDesign extends Design {
  /** Seeds of each look: those of the look before and a block more. */
  looks: readonly (readonly number[])[];
  futility: "say" | "stop";
}

/** The seeds that a study says: 0, 1, … or a list. */
export const seedList = (said: z.output<typeof seedsSchema>): number[] =>
  typeof said === "number" ? Array.from({ length: said }, (_, i) => i) : said;

/** More cost more to plan for than they save. */
const MOST_LOOKS = 50;

/** The usual number of seeds. */
export const SEEDS = 3;

/**
 * @param first the seeds that the study begins with; those that are added count on from the largest
 * @throws ParameterError for words that make no sense; UserError when there is nothing to add
 */
export function sequentialDesign(first: readonly number[], said: unknown): SequentialDesign {
  const { params } = choose<Entry>("stopping rule", stoppingRules, said);
  const { maxSeeds, perLook, spending, futility } = params as {
    maxSeeds: number;
    perLook: number;
    spending: Spending;
    futility: "say" | "stop";
  };
  if (maxSeeds <= first.length)
    throw new UserError(`is ${maxSeeds} seeds at most, and the study begins with ${first.length}`);
  const block = perLook || first.length;
  const largest = Math.max(...first);
  const all = [...first, ...Array.from({ length: maxSeeds - first.length }, (_, i) => largest + 1 + i)];
  const sizes = [first.length];
  while (sizes[sizes.length - 1] < maxSeeds) sizes.push(Math.min(maxSeeds, sizes[sizes.length - 1] + block));
  if (sizes.length > MOST_LOOKS)
    throw new UserError(`comes to ${sizes.length} looks, and ${MOST_LOOKS} are the most`, undefined, "raise perLook");
  const looks = sizes.map((n) => all.slice(0, n));
  return { looks, fractions: sizes.map((n) => n / maxSeeds), spending, futility };
}

/** That of a study as the store keeps it; null where the number of seeds was fixed. */
export const designOf = ({ seeds = SEEDS, until }: Readonly<Record<string, unknown>>): SequentialDesign | null =>
  until === undefined ? null : sequentialDesign(seedList(seedsSchema.parse(seeds)), until);
