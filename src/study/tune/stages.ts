/**
 * A study that tunes is carried out in stages, each known once those before it are done:
 * candidates → the best of them (as many rounds as the search has) → the comparison, untuned and tuned, on fresh seeds. Pure.
 */
import type { Hyperparameters, Role, Trial } from "../../run/records.ts";
import { type Chosen, choose } from "../../zoo/entry.ts";
import type { Zoo } from "../../zoo/index.ts";
import type { PlannedCohort, PlannedTrial } from "../cohorts.ts";
import { type DataSpec, entryFields } from "../spec.ts";
import { bestOf, bestSome, meanScore, type Scored, scoreOf, type ValidationHistory } from "./choose.ts";
import {
  type Candidate,
  candidates,
  fieldOf,
  parametersOf,
  TUNED_FIELDS,
  type TunedField,
  type Tuning,
} from "./tune.ts";

/** What is trained without waiting for anything. */
export interface Stage {
  /** In progress and tables: `tuning`, `tuning, round 2 of 3`, `comparison`. */
  title: string;
  purpose: "tuning" | "comparison";
  trials: Trial[];
  cohorts: PlannedCohort[];
  /** What each trial is for. */
  roles: ReadonlyMap<string, Role[]>;
}

export interface Stages {
  count: number;
  /** What all will come to; where the best are not known yet, the first of the candidates stand for them. */
  forecast: Stage[];
  /**
   * A stage, 0 being the first.
   * @param known how the trials of the stages before ended; trials without an entry count as diverged
   */
  stage(number: number, known: ReadonlyMap<string, ValidationHistory>): Stage;
}

/** A configuration of the study: what stands for it at each field, but for epochs and seed. */
export interface Cell {
  data: DataSpec;
  members: Record<TunedField, Chosen>;
  epochs: number;
}

/** Makes a cell's trial with other members, epochs and seed than its own. */
export type MakeTrial<C extends Cell> = (
  cell: C,
  changed: { members?: Record<TunedField, Chosen>; epochs: number; seed: number; purpose: Stage["purpose"] },
) => Trial;

/** The cell's members with a candidate's values in place of the stated ones. */
export function withValues(
  members: Record<TunedField, Chosen>,
  { values }: Pick<Candidate, "values">,
  { space }: Pick<Tuning, "space">,
  zoo: Zoo,
): Record<TunedField, Chosen> {
  const changed = { ...members };
  for (const field of TUNED_FIELDS) {
    const own = space.filter((d) => fieldOf(d, members) === field);
    if (own.length === 0) continue;
    const { entry } = members[field];
    const given = Object.fromEntries(own.map((d) => [d.parameter, values[d.name]]));
    const { kind, zoo: of } = entryFields[field];
    changed[field] = choose(kind, zoo[of] as never, { [entry.name]: { ...parametersOf(members[field]), ...given } });
  }
  return changed;
}

/** The values of a candidate that a cell has a use for, by where they stand in its trials. */
const ownValues = ({ members }: Cell, { values }: Candidate, { space }: Tuning): Hyperparameters =>
  Object.fromEntries(
    space.flatMap((d) => {
      const field = fieldOf(d, members);
      return field ? [[`${field}.${d.parameter}`, values[d.name]]] : [];
    }),
  );

export function stagesOf<C extends Cell>(
  cells: readonly C[],
  tuning: Tuning,
  comparisonSeeds: readonly number[],
  zoo: Zoo,
  makeTrial: MakeTrial<C>,
  cohortsOf: (planned: readonly PlannedTrial[]) => PlannedCohort[],
): Stages {
  const all = candidates(tuning);
  const { search, trials } = tuning;
  const rounds = cells.map(({ epochs }) => search.entry.rounds(trials, epochs, search.params));
  const most = Math.max(...rounds.map((r) => r.length));
  /** The cell's last round is the last of all: a cell with fewer epochs has fewer rounds, and begins later. */
  const roundOf = (cell: number, stage: number): number => stage - (most - rounds[cell].length);

  const made = new Map<string, Trial>();
  const candidateTrial = (cell: number, round: number, number: number, seed: number): Trial => {
    const key = `${cell} ${round} ${number} ${seed}`;
    const before = made.get(key);
    if (before) return before;
    const members = withValues(cells[cell].members, all[number], tuning, zoo);
    const { epochs } = rounds[cell][round];
    const trial = makeTrial(cells[cell], { members, epochs, seed, purpose: "tuning" });
    made.set(key, trial);
    return trial;
  };

  /** Chooses for each cell and round the candidates that train. */
  type Choose = (cell: number, round: number) => number[];
  const firstOnes: Choose = (cell, round) =>
    round === 0 ? all.map((c) => c.number) : all.slice(0, rounds[cell][round].candidates).map((c) => c.number);

  const scored = (cell: number, round: number, numbers: readonly number[], known: Known): Scored[] =>
    numbers.map((number) => {
      const histories = tuning.seeds.map((seed) => known.get(candidateTrial(cell, round, number, seed).id));
      const scores = histories.map((h) => (h ? scoreOf(h, tuning) : null));
      return { number, point: all[number].point, score: meanScore(scores) };
    });

  const collect = (title: string, purpose: Stage["purpose"], each: (add: Add) => void): Stage => {
    const planned: PlannedTrial[] = [];
    const roles = new Map<string, Role[]>();
    each((cell, trial, role) => {
      const before = roles.get(trial.id);
      if (before) before.push(role);
      else {
        roles.set(trial.id, [role]);
        planned.push({ trial, data: cells[cell].data });
      }
    });
    return { title, purpose, trials: planned.map(({ trial }) => trial), cohorts: cohortsOf(planned), roles };
  };

  const tuningStage = (number: number, choose: Choose): Stage =>
    collect(most > 1 ? `tuning, round ${number + 1} of ${most}` : "tuning", "tuning", (add) => {
      for (const cell of cells.keys()) {
        const round = roundOf(cell, number);
        if (round < 0) continue;
        for (const candidate of choose(cell, round)) {
          const values = ownValues(cells[cell], all[candidate], tuning);
          for (const seed of tuning.seeds)
            add(cell, candidateTrial(cell, round, candidate, seed), {
              stage: "tuning",
              cell,
              candidate,
              round,
              values,
            });
        }
      }
    });

  const comparison = (chosen: (cell: number) => number | null): Stage =>
    collect("comparison", "comparison", (add) => {
      for (const [cell, own] of cells.entries()) {
        const { epochs } = own;
        const purpose = "comparison";
        for (const seed of tuning.untuned ? comparisonSeeds : [])
          add(cell, makeTrial(own, { epochs, seed, purpose }), { stage: "untuned", cell });
        const candidate = chosen(cell);
        if (candidate === null) continue; // none of its candidates trained to the end
        const members = withValues(own.members, all[candidate], tuning, zoo);
        const values = ownValues(own, all[candidate], tuning);
        for (const seed of comparisonSeeds)
          add(cell, makeTrial(own, { members, epochs, seed, purpose }), { stage: "tuned", cell, candidate, values });
      }
    });

  /** The candidates of a cell's round: those that were best in the round before. */
  const survivors = (cell: number, round: number, known: Known): number[] =>
    round === 0
      ? all.map((c) => c.number)
      : bestSome(scored(cell, round - 1, survivors(cell, round - 1, known), known), rounds[cell][round].candidates);
  /** Where all that came to a round diverged in it, the best of those that had stayed behind. */
  const chosenOf = (cell: number, known: Known): number | null => {
    const lost = new Set<number>();
    for (let round = rounds[cell].length - 1; round >= 0; round--) {
      const left = survivors(cell, round, known).filter((number) => !lost.has(number));
      const best = bestOf(scored(cell, round, left, known));
      if (best !== null) return best;
      for (const number of left) lost.add(number);
    }
    return null;
  };

  return {
    count: most + 1,
    forecast: [...Array.from({ length: most }, (_, number) => tuningStage(number, firstOnes)), comparison(() => 0)],
    stage: (number, known) =>
      number < most
        ? tuningStage(number, (cell, round) => survivors(cell, round, known))
        : comparison((cell) => chosenOf(cell, known)),
  };
}

type Known = ReadonlyMap<string, ValidationHistory>;
type Add = (cell: number, trial: Trial, role: Role) => void;
