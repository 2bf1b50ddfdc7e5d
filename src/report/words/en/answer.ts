import {
  distanceOf,
  type Estimate,
  name,
  percentOf,
  pointsOf,
  pointsSize,
  type Text,
  t,
  type Who,
} from "../../text.ts";
import type { Compared, Outcomes, Rated } from "../kinds.ts";
import { outcomesText, seedsText } from "./common.ts";
import { counted, inBrackets, is, named, some } from "./grammar.ts";

interface Reached extends Rated {
  seeds: number;
  lost: Outcomes | null;
}

interface Ahead {
  who: Who;
  distance: Estimate;
}

const compared = ({ who, difference, lost }: Compared): Text =>
  t`${name(who)}${inBrackets([t`${pointsOf(difference, who)} points`, ...(lost ? [outcomesText(lost)] : [])])}`;

const accuracy = ({ who, value, seeds, lost }: Reached): Text =>
  t`${percentOf(value, who)} test accuracy${basis({ seeds, lost })}`;
const basis = ({ seeds, lost }: Pick<Reached, "seeds" | "lost">): Text =>
  inBrackets([seedsText(seeds), ...(lost ? [outcomesText(lost)] : [])]);
const ahead = (other: Ahead | null): Text =>
  other ? t`, ${distanceOf(other.distance, other.who)} points ahead of ${name(other.who)}` : t``;

/** The answer, clause by clause, and what stands against it. */
export const answer = {
  heading: "Answer",
  nothingYet: "No trial has finished yet.",
  tuned: "This compares the configurations with hyperparameters that were tuned for each by itself (see Tuning).",
  untuned: "With those that the study states, untuned:",
  allDiverged: ({ trials }: { trials: number }) =>
    t`No configuration gave a result: ${trials === 1 ? "the only trial" : t`all ${trials} trials`} diverged`,
  reaches: (reached: Reached) => t`${name(reached.who)} reaches ${accuracy(reached)}`,
  first: ({ before, ...reached }: Reached & { before: Ahead | null }) =>
    t`${name(reached.who)} is first with ${accuracy(reached)}${ahead(before)}`,
  highest: ({ before, ...reached }: Reached & { before: Ahead | null }) =>
    t`${name(reached.who)} has the highest test accuracy, ${percentOf(reached.value, reached.who)}${basis(reached)}${ahead(before)}, but one seed cannot decide the order`,
  equal: ({ whos }: { whos: readonly Who[] }) =>
    t`${named(whos, 2)} ${is(whos, "gives", "give")} the same accuracy in every seed`,
  equivalent: ({ rows, margin }: { rows: readonly Compared[]; margin: number }) =>
    t`${some(rows.map(compared), 2)} ${is(rows, "is", "are")} equivalent to it within ${pointsSize(margin)} points`,
  undecided: ({ rows, seedsNeeded }: { rows: readonly Compared[]; seedsNeeded: number | null }) => {
    const needed = seedsNeeded === null ? t`` : t` (about ${counted(seedsNeeded, "seed")} would decide)`;
    return t`whether ${some(rows.map(compared), 2)} ${is(rows, "is", "are")} behind is undecided${needed}`;
  },
  behind: ({ rows }: { rows: readonly Compared[] }) =>
    t`${some(rows.map(compared), 2)} ${is(rows, "is", "are")} behind`,
  atChance: ({ kind, rows }: { kind: "stays" | "ends"; rows: readonly Rated[] }) => {
    const names = rows.map(({ who, value }) => t`${name(who)} (${percentOf(value.mean, who)})`);
    return t`${some(names)} ${kind === "stays" ? is(rows, "stays", "stay") : is(rows, "ends", "end")} at chance`;
  },
  diverged: ({ whos }: { whos: readonly Who[] }) => t`${named(whos)} diverged in every trial`,
  withoutResult: ({ whos }: { whos: readonly Who[] }) => t`${named(whos)} ${is(whos, "has", "have")} no finished trial`,
  selection: ({ who, value, same }: Rated & { same: boolean }) =>
    t`At the epoch with the best validation accuracy instead of the last, ${name(who)} ${same ? "is first as well" : "would be first"} (${percentOf(value, who)})`,
  lost: ({ n, trials, whos, finished }: { n: number; trials: number; whos: readonly Who[]; finished: boolean }) =>
    t`${n} of ${counted(trials, "trial")} diverged (${named(whos)})${finished ? "; means are over the trials that finished" : ""}`,
  resolution: ({ seeds, size }: { seeds: number; size: number }) =>
    t`With ${seedsText(seeds)}, differences below about ${pointsSize(size)} points cannot be told from noise here`,
};
