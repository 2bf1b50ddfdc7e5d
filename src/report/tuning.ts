/** What came of tuning, from the records alone: each configuration's candidates, what was chosen, and the comparison without and with it. */
import type { Hyperparameters, RunResults, TrialResult } from "../run/records.ts";
import { type Summary, summary } from "../stats/summary.ts";
import { meanScore, scoreOf, type ValidationHistory } from "../study/tune/choose.ts";
import { masked } from "../study/tune/mask.ts";
import { type HyperValue, type Range, readRange } from "../study/tune/range.ts";
import { type JudgedBy, type TuneInput, tuneSchema } from "../study/tune/tune.ts";
import { isRecord } from "../util/record.ts";
import { lastEpoch, over, styles } from "./configurations.ts";
import { groupBy } from "./group-by.ts";
import { configurationLabels } from "./labels.ts";
import type { SeriesStyle } from "./palette.ts";
import { roleOf, tunes } from "./stages.ts";

/** A candidate of a configuration after a round of the search. */
export interface CandidateResult {
  number: number;
  round: number;
  epochs: number;
  values: Hyperparameters;
  /** What it is judged by, mean over the tuning seeds, 0 … 1; null when it diverged or has not trained to the end. */
  score: number | null;
  diverged: boolean;
}

/** A configuration of the study, as it is tuned. */
export interface TunedCell {
  label: string;
  style: SeriesStyle;
  /** After each round that they were in. */
  candidates: CandidateResult[];
  /** The one that the comparison has; null when none has trained to the end, or tuning goes on. */
  chosen: CandidateResult | null;
  /** Test accuracy on the comparison's seeds. */
  untuned: Summary | null;
  tuned: Summary | null;
  /** Tuned minus untuned, seed by seed. */
  gain: Summary | null;
  /** Hyperparameters of the chosen one that no candidate on one side of it had: a better one may lie beyond. */
  edges: { name: string; value: number; side: "lowest" | "highest"; range: string | null }[];
}

export interface TuningResults {
  cells: TunedCell[];
  /** Candidates of each configuration, and trials that were spent on all. */
  candidates: number;
  trials: number;
  rounds: number;
  seeds: number[];
  measure: JudgedBy;
  at: "last" | "best";
  search: string;
  /** Hyperparameters by where they stand in trials, with their ranges as the study says them. */
  space: { key: string; range: Range | null }[];
}

/** A trial as those see it who choose. */
const seen = ({ status, history }: TrialResult): ValidationHistory => ({
  status,
  validation: history.flatMap(({ validation }) =>
    validation === null
      ? []
      : [{ accuracy: validation.accuracy, balancedAccuracy: validation.macro.recall, macroF1: validation.macro.f1 }],
  ),
});

/** What a study says of its tuning, with what it leaves unsaid. */
function settingsOf(said: unknown): Pick<TuningResults, "measure" | "at" | "search"> & { said: TuneInput } {
  const tune = (isRecord(said) ? said : {}) as TuneInput;
  const { measure, at } = tuneSchema;
  const search = tune.search ?? "quasiRandom";
  return {
    said: tune,
    measure: measure.parse(tune.measure),
    at: at.parse(tune.at),
    search: typeof search === "string" ? search : Object.keys(search)[0],
  };
}

/** The tuning of a run; null where its study tunes nothing. */
export function tuningResults(results: RunResults): TuningResults | null {
  if (!tunes(results)) return null;
  const { said, ...settings } = settingsOf(results.run.spec.tune);
  const { trials } = results;
  const named = trials.flatMap((t) => roleOf(t, "untuned") ?? roleOf(t, "tuning") ?? []);
  const cells = [...new Set(named.map((role) => role.cell))].sort((a, b) => a - b);
  const ofStage = (cell: number, stage: "untuned" | "tuned"): TrialResult[] =>
    trials.filter((t) => roleOf(t, stage)?.cell === cell);
  const parts = cells.map((cell) => {
    const [stated] = ofStage(cell, "untuned");
    if (stated) return stated.trial;
    const candidate = trials.find((t) => roleOf(t, "tuning")?.cell === cell)!;
    return masked(candidate.trial, roleOf(candidate, "tuning")!.values);
  });
  const [labels, look] = [configurationLabels(parts), styles(parts)];
  const searched = trials.filter((t) => roleOf(t, "tuning"));
  const keys = [...new Set(searched.flatMap((t) => Object.keys(roleOf(t, "tuning")!.values)))];
  const space = keys.map((key) => {
    const range = said[key] ?? said[key.slice(key.indexOf(".") + 1)];
    return { key, range: readRange(range).range };
  });

  const candidatesOf = (cell: number): CandidateResult[] => {
    const own = searched.flatMap((t) =>
      t.roles!.flatMap((role) => (role.stage === "tuning" && role.cell === cell ? [{ t, role }] : [])),
    );
    return [...groupBy(own, ({ role }) => `${role.round} ${role.candidate}`).values()].map((same) => {
      const [{ t, role }] = same;
      const score = meanScore(same.map((one) => scoreOf(seen(one.t), settings)));
      return {
        number: role.candidate,
        round: role.round,
        epochs: t.trial.epochs,
        values: role.values,
        score,
        diverged: same.some(({ t }) => t.status === "diverged"),
      };
    });
  };

  const accuracy = (t: TrialResult): number | undefined =>
    t.status === "done" ? lastEpoch(t)?.test.accuracy : undefined;
  const made = cells.map((cell, i): TunedCell => {
    const candidates = candidatesOf(cell);
    const [before, after] = [ofStage(cell, "untuned"), ofStage(cell, "tuned")];
    const role = after[0] && roleOf(after[0], "tuned");
    const chosen = role ? (candidates.filter((c) => c.number === role.candidate).at(-1) ?? null) : null;
    const bySeed = new Map(before.map((t) => [t.trial.seed, accuracy(t)]));
    const gains = after.flatMap((t) => {
      const [now, then] = [accuracy(t), bySeed.get(t.trial.seed)];
      return now === undefined || then === undefined ? [] : [now - then];
    });
    return {
      label: labels[i],
      style: look[i],
      candidates,
      chosen,
      untuned: over(before, accuracy),
      tuned: over(after, accuracy),
      gain: gains.length > 0 ? summary(gains) : null,
      edges: chosen ? edgesOf(chosen, candidates, space) : [],
    };
  });
  const seeds = [...new Set(searched.map((t) => t.trial.seed))].sort((a, b) => a - b);
  const all = made.flatMap((c) => c.candidates);
  return {
    ...settings,
    cells: made,
    candidates: new Set(all.map((c) => c.number)).size,
    trials: searched.length,
    rounds: Math.max(0, ...all.map((c) => c.round + 1)),
    seeds,
    space,
  };
}

const isNumber = (value: HyperValue | undefined): value is number => typeof value === "number";

/** Where the chosen candidate is the outermost of all. Two values have no inside, and a choice has no outside. */
function edgesOf(
  chosen: CandidateResult,
  all: readonly CandidateResult[],
  space: TuningResults["space"],
): TunedCell["edges"] {
  return space.flatMap(({ key, range }) => {
    const value = chosen.values[key];
    const values = [...new Set(all.map((c) => c.values[key]))].filter(isNumber);
    if (!isNumber(value) || values.length < 3 || range?.scale === null) return [];
    const side = value === Math.min(...values) ? "lowest" : value === Math.max(...values) ? "highest" : null;
    return side ? [{ name: key.slice(key.indexOf(".") + 1), value, side, range: range?.text ?? null }] : [];
  });
}
