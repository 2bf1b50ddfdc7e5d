/** Which loss to use, from a comparison of tuned losses on the examples that no choice has seen. Pure. */

import { groupBy } from "../report/group-by.ts";
import { specLabel } from "../report/labels.ts";
import { roleOf } from "../report/stages.ts";
import type { Predictions } from "../run/observations.ts";
import { readPredictions } from "../run/predictions.ts";
import type { RunResults, Spec, TrialResult } from "../run/records.ts";
import { holm } from "../stats/adjust.ts";
import { type DifferenceOnExamples, pairedOnExamples, partsOf } from "../stats/paired-on-examples.ts";
import { canonicalJson } from "../util/hash.ts";

/** Half a point: a smaller difference matters to nobody. */
export const MARGIN = 0.005;
export const LEVEL = 0.05;

export type Judgement = "better" | "worse" | "same" | "open";

/** One loss and how it does beside the baseline. */
export interface Standing {
  label: string;
  loss: Spec;
  /** What it was trained with. */
  values: Settings;
  /** Mean of the measure on the test split, 0 … 1; null when a trial diverged or none trained. */
  mean: number | null;
  /** To the baseline, with both sources of chance; null of itself and where there is no mean. */
  difference: DifferenceOnExamples | null;
  /** Corrected for all losses; of one that is ahead the largest, of the baseline with any setting that suits it as well or better. */
  adjustedP: number | null;
  adjustedEquivalenceP: number | null;
  judgement: Judgement | null;
  /** Settings with which the baseline is not surely behind, of a loss that would be better without them; else none. */
  contestedBy: Settings[];
}

type Settings = Record<string, number | string | boolean>;

/** The baseline with settings that were not chosen. */
interface Rival {
  values: Settings;
  hits: Hits;
}

export interface Verdict {
  measure: "accuracy" | "balancedAccuracy";
  /** `better`: another loss beats the baseline. `same`: none differs by what matters. `open`: more is needed. */
  kind: "better" | "same" | "open";
  recommended: Standing;
  baseline: Standing;
  /** Best mean first. */
  standings: Standing[];
  /** Losses that beat the baseline too and cannot be told apart from the recommended one. */
  alike: string[];
  /** What would settle the largest open difference; null where nothing is open. */
  needed: Needed | null;
}

/** More of either would do, if the difference is as it looks; null where no number of it would. So much more of both always would. */
export interface Needed {
  label: string;
  seeds: number | null;
  examples: number | null;
  both: { seeds: number; examples: number };
}

/** Hits of each of a loss's trials, by seed. */
interface Hits {
  bySeed: Map<number, Uint8Array>;
  labels: Uint8Array;
}

const answerOf = ({ observations }: TrialResult): Predictions | undefined =>
  observations.findLast((o) => o.question.kind === "predictions")?.answer as Predictions | undefined;

function hitsOf(trials: readonly TrialResult[]): Hits | null {
  const bySeed = new Map<number, Uint8Array>();
  let labels: Uint8Array | null = null;
  for (const t of trials) {
    const answer = t.status === "done" ? answerOf(t) : undefined;
    if (!answer) return null; // a loss that diverges with one seed of several is none to recommend
    const read = readPredictions(answer);
    labels = read.labels;
    bySeed.set(
      t.trial.seed,
      read.predicted.map((p, i) => (p === read.labels[i] ? 1 : 0)),
    );
  }
  return labels && { bySeed, labels };
}

/** The measure of some hits: the mean over all examples, or over those of each class first. */
function meanOf({ bySeed, labels }: Hits, balanced: boolean): number {
  const parts = partsOf(labels.length, (i) => (balanced ? labels[i] : 0));
  const one = (hits: Uint8Array): number =>
    parts.reduce((sum, part) => sum + part.reduce((n, i) => n + hits[i], 0) / part.length, 0) / parts.length;
  const all = [...bySeed.values()].map(one);
  return all.reduce((a, b) => a + b, 0) / all.length;
}

function compared(a: Hits, b: Hits, balanced: boolean): DifferenceOnExamples | null {
  const seeds = [...a.bySeed.keys()].filter((s) => b.bySeed.has(s));
  if (seeds.length < 2) return null;
  return pairedOnExamples(
    seeds.map((s) => a.bySeed.get(s)!),
    seeds.map((s) => b.bySeed.get(s)!),
    { margin: MARGIN, ...(balanced && { strata: a.labels }) },
  );
}

/** How sure it is that a loss is ahead of the baseline with a setting, as a p value; 1 where it is behind. */
function pAgainst(hits: Hits, rival: Rival, balanced: boolean): number {
  const difference = compared(hits, rival.hits, balanced);
  return difference && difference.mean > 0 ? difference.p : 1;
}

/**
 * The baseline's trials by their settings; such that diverged with a seed contest nothing.
 * @param keys of the settings: `optimizer.learningRate`
 */
function rivalsIn({ trials }: RunResults, keys: readonly string[]): Rival[] {
  const settings = groupBy(trials, ({ trial }) => canonicalJson([trial.loss, trial.optimizer]));
  return [...settings.values()].flatMap((own) => {
    const hits = hitsOf(own);
    const values = keys.map((key) => {
      const [field, parameter] = key.split(".") as ["loss" | "optimizer", string];
      const [parameters] = Object.values(own[0].trial[field]) as Settings[];
      return [key, parameters[parameter]];
    });
    return hits ? [{ values: Object.fromEntries(values), hits }] : [];
  });
}

/**
 * Judges each loss by its difference to the baseline, all together at 5 % (Holm). Recommended is, of those that are better, the one with
 * the highest mean; else the baseline. Better is only what also beats the baseline with those of its settings that would have suited it
 * better, in all tests (intersection-union test, Berger, 1982): then no bad luck of its tuning explains it.
 * @param baseline the loss that the others are compared with, as trials have it
 * @param rivals trials of the baseline with its other settings, if it has any
 * @throws Error where the baseline has no result
 */
export function verdictOf(
  { trials }: RunResults,
  measure: Verdict["measure"],
  baseline: string,
  rivals: RunResults | null = null,
): Verdict {
  const balanced = measure === "balancedAccuracy";
  const byLoss = groupBy(
    trials.filter((t) => roleOf(t, "tuned")),
    ({ trial }) => canonicalJson(trial.loss),
  );
  const found = [...byLoss.values()].map((own) => {
    const { loss } = own[0].trial;
    const hits = hitsOf(own);
    return { loss, label: specLabel(loss), hits, values: roleOf(own[0], "tuned")!.values };
  });
  const reference = found.find(({ loss }) => canonicalJson(loss) === baseline);
  if (!reference?.hits) throw new Error(`the baseline ${baseline} has no result`);
  const base = reference.hits;
  const others = found.filter((f) => f !== reference);
  const differences = new Map(others.map((f) => [f, f.hits ? compared(f.hits, base, balanced) : null]));
  /** Settings that suit the baseline better; those that suit it less say nothing for it, however uncertain they are. */
  const contesting = (rivals ? rivalsIn(rivals, Object.keys(reference.values)) : []).filter(
    (rival) => meanOf(rival.hits, balanced) > meanOf(base, balanced),
  );
  /** Of a loss that is ahead, how sure it is to be ahead of each of these too. */
  const against = others.map((f) =>
    f.hits && (differences.get(f)?.mean ?? 0) > 0 ? contesting.map((rival) => pAgainst(f.hits!, rival, balanced)) : [],
  );
  const p = holm(others.map((f, i) => Math.max(differences.get(f)?.p ?? 1, ...against[i])));
  const q = holm(others.map((f) => differences.get(f)?.equivalenceP ?? 1));
  const standings = found.map((f): Standing => {
    const { label, loss, values, hits } = f;
    const mean = hits && meanOf(hits, balanced);
    const difference = differences.get(f) ?? null;
    if (!difference)
      return { label, loss, values, mean, difference, adjustedP: null, adjustedEquivalenceP: null, judgement: null, contestedBy: [] }; // biome-ignore format: one line
    const i = others.indexOf(f);
    const judgement = p[i] <= LEVEL ? (difference.mean > 0 ? "better" : "worse") : q[i] <= LEVEL ? "same" : "open";
    const isAhead = difference.mean > 0 && difference.p <= LEVEL && judgement !== "better";
    const contestedBy = contesting.filter((_, k) => isAhead && against[i][k] > LEVEL).map((rival) => rival.values);
    return {
      label,
      loss,
      values,
      mean,
      difference,
      adjustedP: p[i],
      adjustedEquivalenceP: q[i],
      judgement,
      contestedBy,
    };
  });
  standings.sort((a, b) => (b.mean ?? -1) - (a.mean ?? -1));
  const own = standings.find((s) => s.loss === reference.loss)!;
  const winners = standings.filter((s) => s.judgement === "better");
  const open = standings.filter((s) => s.judgement === "open");
  const recommended = winners[0] ?? own;
  const hitsBy = new Map(found.map((f) => [f.loss, f.hits]));
  const alike = winners.slice(1).filter((w) => {
    const d = compared(hitsBy.get(recommended.loss)!, hitsBy.get(w.loss)!, balanced);
    return d !== null && d.p > LEVEL;
  });
  const unsettled = open.filter((s) => s.contestedBy.length === 0); // with more seeds the settings would still differ
  const likeliest = unsettled.filter((s) => s.difference!.mean > 0)[0] ?? unsettled[0];
  return {
    measure,
    kind: winners.length > 0 ? "better" : open.length > 0 ? "open" : "same",
    recommended,
    baseline: own,
    standings,
    alike: alike.map((w) => w.label),
    needed: winners.length === 0 && likeliest ? neededFor(likeliest, others.length) : null,
  };
}

/** Standard errors between nothing and what is found with a power of 80 % at 5 %: two-sided, and of two one-sided tests. */
const TO_FIND = 1.96 + 0.84;
const TO_EXCLUDE = 1.645 + 1.28;
const MOST_SEEDS = 1000;

/** Seeds, or test examples, with which the difference would be found or excluded, whichever takes less, if it is as it looks. */
function neededFor({ label, difference }: Standing, family: number): Needed {
  const { mean, ofSeeds, ofExamples, seeds, examples } = difference!;
  const away = Math.abs(mean);
  // Holm's correction asks more of the first of several; roughly, half a standard error for a handful.
  const more = family > 1 ? 0.5 : 0;
  const allowed = Math.max(away / (TO_FIND + more), (MARGIN - away) / (TO_EXCLUDE + more)) ** 2;
  const wantedSeeds = allowed > ofExamples ? Math.ceil((ofSeeds * seeds) / (allowed - ofExamples)) : null;
  const wantedExamples = allowed > ofSeeds ? Math.ceil((ofExamples * examples) / (allowed - ofSeeds)) : null;
  const times = Math.max(1, (ofSeeds + ofExamples) / allowed);
  return {
    label,
    both: { seeds: Math.ceil(times * seeds), examples: Math.ceil(times * examples) },
    seeds: wantedSeeds !== null && wantedSeeds <= MOST_SEEDS ? Math.max(seeds + 1, wantedSeeds) : null,
    examples: wantedExamples !== null ? Math.max(examples + 1, wantedExamples) : null,
  };
}
