/** What is seen of a selection of runs, as the page asks for it. Numbers and words are those of the report. */

import { readClaims } from "../claims/claim.ts";
import { answers } from "../report/answer.ts";
import { groundsText, judgedClaims } from "../report/claims.ts";
import { bestValidationEpoch, type Configuration, lastEpoch } from "../report/configurations.ts";
import { type CurvePoint, curveOf } from "../report/curves.ts";
import { dataTitle } from "../report/labels.ts";
import { DECISIONS, OF_PROBABILITIES, probabilitiesOf } from "../report/measures.ts";
import { rankingsByData } from "../report/ranking.ts";
import { plainText } from "../report/text.ts";
import type { Words } from "../report/words/index.ts";
import type { TrialResult } from "../run/records.ts";
import type { Series, Store } from "../store/store.ts";
import type {
  ClaimsView,
  ConfigurationView,
  CurvesView,
  CurveView,
  PairsView,
  RankingView,
  RunRow,
  RunView,
  SingleView,
  TrialsView,
} from "./api.ts";
import { METRICS, type MetricSeries, metricOf, readMetric } from "./metrics.ts";
import { numeric } from "./numbers.ts";
import type { Selection } from "./selection.ts";

/** What the list of runs says of one beside what the store counts. */
export interface RunFacts {
  epochs: number;
  best: RunRow["best"];
}

export function factsOf({ results, configurations }: Selection): RunFacts {
  const first = configurations.reduce<Configuration | undefined>((best, c) => {
    const [own, other] = [c.summaries.testAccuracy?.mean, best?.summaries.testAccuracy?.mean];
    return own !== undefined && (other === undefined || own > other) ? c : best;
  }, undefined);
  return {
    epochs: results.trials.reduce((sum, t) => sum + t.trial.epochs, 0),
    best: first ? { label: first.label, accuracy: first.summaries.testAccuracy! } : null,
  };
}

/** All but its rows in the list of runs, which it names instead. */
export function runView(selection: Selection): Omit<RunView, "runs"> & { ids: readonly string[] } {
  const { configurations, factors, results, ids, runs } = selection;
  const levels = (c: Configuration): number[] => factors.map((f) => f.levelOf(c));
  const has = { validation: false, noisy_test: false };
  for (const { history } of results.trials) {
    const last = history.at(-1);
    has.validation ||= Boolean(last?.validation);
    has.noisy_test ||= Boolean(last?.noisyTest);
  }
  const metrics = METRICS.map((m) => ({
    ...m,
    splits: m.splits.filter((s) => s === "train" || s === "test" || has[s]),
  }));
  const seeds = configurations.map((c) => c.trials.length);
  const data = [...new Set(configurations.map((c) => dataTitle(c.data)))].join(", ");
  return {
    ids,
    configurations: configurations.map(
      (c): ConfigurationView => ({
        key: c.key,
        label: c.label,
        style: c.style,
        trials: c.trials.map((t) => ({ id: t.trial.id, seed: t.trial.seed, status: t.status })),
        done: c.done.length,
        diverged: c.diverged.length,
        accuracy: c.summaries.testAccuracy,
        levels: levels(c),
      }),
    ),
    factors: factors.map(({ name, levels }) => ({ name, levels })),
    metrics,
    epochs: Math.max(1, ...configurations.map((c) => c.epochs)),
    chance: selection.chance,
    data,
    seeds: [Math.min(...seeds), Math.max(...seeds)],
    claims: runs.reduce((n, run) => n + readClaims(run.spec.claims).claims.length, 0),
  };
}

/** Trials that are drawn as they train: all but those whose end is no result. */
const drawn = ({ status }: TrialResult): boolean => status === "done" || status === "running" || status === "planned";

/** Seconds from the beginning to the end of each epoch. */
function elapsed(seconds: Series): number[] {
  let sum = 0;
  return Array.from(seconds, (s) => (sum += s ?? 0));
}

const meanAt = (all: readonly (readonly number[])[], epoch: number): number => {
  const there = all.flatMap((own) => own[epoch - 1] ?? []);
  return there.reduce((a, b) => a + b, 0) / Math.max(1, there.length);
};

function curveView({ key, trials }: Configuration, { values, seconds }: MetricSeries): CurveView {
  const own = trials.filter(drawn);
  const points: CurvePoint[] = curveOf(own, (t) => values.get(t.trial.id) ?? []);
  const times = seconds && own.map((t) => elapsed(seconds.get(t.trial.id) ?? []));
  return {
    key,
    epoch: points.map((p) => p.epoch),
    n: points.map((p) => p.n),
    mean: points.map((p) => p.mean),
    low: points.map((p) => p.low),
    high: points.map((p) => p.high),
    ...(times && { seconds: points.map((p) => meanAt(times, p.epoch)) }),
  };
}

function singleView(key: string, { trial, status }: TrialResult, { values, seconds }: MetricSeries): SingleView {
  const own = values.get(trial.id) ?? [];
  const view = { key, trial: trial.id, seed: trial.seed, broken: status === "diverged", epoch: [] as number[], value: [] as number[] }; // biome-ignore format: one line
  for (const [i, value] of own.entries()) {
    if (value === undefined) continue;
    if (!Number.isFinite(value)) break;
    view.epoch.push(i + 1);
    view.value.push(value);
  }
  if (!seconds) return view;
  const times = elapsed(seconds.get(trial.id) ?? []);
  return { ...view, seconds: view.epoch.map((epoch) => times[epoch - 1]) };
}

export interface CurvesWanted {
  metric: string;
  split: string;
  /** Whether single seeds come with their means, and times with epochs. */
  seeds: boolean;
  seconds: boolean;
  /** Keys of configurations; null: all. */
  only: ReadonlySet<string> | null;
}

export async function curvesView(
  store: Store,
  { configurations, ids }: Selection,
  { metric, split, seeds, seconds, only }: CurvesWanted,
): Promise<CurvesView> {
  const asked = metricOf(metric, split);
  const read = await Promise.all(ids.map((id) => readMetric(store, id, asked, seconds)));
  const series: MetricSeries = {
    values: new Map(read.flatMap((r) => [...r.values])),
    seconds: seconds ? new Map(read.flatMap((r) => [...r.seconds!])) : null,
  };
  const shown = only ? configurations.filter((c) => only.has(c.key)) : configurations;
  return {
    metric: asked.metric,
    split: asked.split,
    curves: shown.map((c) => curveView(c, series)),
    singles: shown.flatMap((c) =>
      c.trials
        .filter((t) => t.status === "diverged" || (seeds && drawn(t)))
        .map((t) => singleView(c.key, t, series))
        .filter((s) => s.epoch.length > 0),
    ),
  };
}

export async function rankingView(selection: Selection, words: Words): Promise<RankingView> {
  const { comparisons, rows } = await selection.judged();
  const finished = selection.results.run.state === "finished";
  const none = selection.results.trials.every((t) => t.status !== "done");
  return {
    answer: none ? [] : answers(rows, comparisons, finished, words).map(plainText),
    margin: comparisons.margin,
    rows: rankingsByData(rows)
      .flatMap(({ title, rows: own }) => own.map((row) => ({ data: title, ...row })))
      .map(
        ({
          data,
          rank,
          configuration: { key, summaries },
          standing,
          difference,
          comparison,
          bestP,
          rivals,
          chance,
          outcomes,
        }) => ({
          data,
          key,
          rank,
          standing,
          accuracy: summaries.testAccuracy,
          atBestValidation: summaries.testAccuracyAtBestValidation,
          difference,
          adjustedP: comparison && bestP,
          seedsNeeded: comparison && standing === "undecided" ? comparisons.seedsToSettle(comparison, rivals) : null,
          chance,
          note: outcomes === null ? null : plainText(words.common.outcomes(outcomes)),
        }),
      ),
  };
}

export async function pairsView(selection: Selection, most: number): Promise<PairsView> {
  const { comparisons, rows } = await selection.judged();
  const ranked = rows.filter((r) => r.rank !== null).map((r) => r.configuration);
  const shown = ranked.slice(0, most);
  return {
    margin: comparisons.margin,
    keys: shown.map((c) => c.key),
    compared: ranked.length,
    pairs: shown.flatMap((first, i) =>
      shown.slice(i + 1).flatMap((second) => {
        const judged = comparisons.of(first, second);
        if (!judged) return []; // of other data
        const { difference, p, adjustedP, adjustedEquivalenceP, verdict, negligible } = judged;
        return {
          first: first.key,
          second: second.key,
          difference: difference.n > 0 ? difference : null,
          p,
          adjustedP,
          adjustedEquivalenceP,
          verdict,
          negligible,
          seedsNeeded: verdict === "undecided" ? comparisons.seedsToSettle(judged) : null,
        };
      }),
    ),
  };
}

/** Of the trials table, before the measures of decisions and of probabilities. */
const OWN_COLUMNS: readonly {
  key: string;
  title: string;
  unit: "percent" | "plain" | "seconds";
  read: (result: TrialResult) => number | undefined;
}[] = [
  { key: "test_accuracy", title: "test accuracy", unit: "percent", read: (t) => lastEpoch(t)?.test.accuracy },
  { key: "test_loss", title: "test loss", unit: "plain", read: (t) => lastEpoch(t)?.test.loss },
  { key: "validation_accuracy", title: "validation accuracy", unit: "percent", read: (t) => lastEpoch(t)?.validation?.accuracy }, // biome-ignore format: one line
  { key: "best_test_accuracy", title: "test accuracy at best validation", unit: "percent", read: (t) => bestValidationEpoch(t)?.test.accuracy }, // biome-ignore format: one line
  { key: "best_epoch", title: "epoch of best validation", unit: "plain", read: (t) => bestValidationEpoch(t)?.epoch },
  { key: "train_accuracy", title: "training accuracy", unit: "percent", read: (t) => lastEpoch(t)?.train.accuracy },
  { key: "train_loss", title: "training loss", unit: "plain", read: (t) => lastEpoch(t)?.train.loss },
];

export async function trialsView(store: Store, { configurations, ids, results }: Selection): Promise<TrialsView> {
  const times = new Map<string, number>();
  const last = new Map(results.trials.map((t) => [t.trial.id, { ...t, observations: [...t.observations] }]));
  for (const id of ids) {
    for (const [trial, { seconds }] of await store.series(id, ["seconds"])) times.set(trial, elapsed(seconds).at(-1)!);
    await store.eachProbabilities(id, (trial, observation) => {
      const own = last.get(trial); // a trial of tuning is not compared
      if (own && observation.epoch === lastEpoch(own)?.epoch) own.observations.push(observation);
    });
  }
  const measures = [...DECISIONS.slice(1), ...OF_PROBABILITIES];
  const valuesOf = (result: TrialResult): (number | undefined)[] => {
    const record = lastEpoch(result);
    if (!record) return measures.map(() => undefined);
    const of = { measures: record.test, probabilities: probabilitiesOf(result, "test", record.epoch) };
    return measures.map((m) => m.read(of));
  };
  const rows = configurations.flatMap((c) =>
    c.trials.map((t) => {
      const whole = last.get(t.trial.id)!;
      const { status, reason, trial } = whole;
      const values = [...OWN_COLUMNS.map((column) => column.read(whole)), times.get(trial.id), ...valuesOf(whole)];
      return {
        id: trial.id,
        key: c.key,
        seed: trial.seed,
        status,
        reason,
        epochs: lastEpoch(whole)?.epoch ?? 0,
        values,
      };
    }),
  );
  const columns = [
    ...OWN_COLUMNS.map(({ key, title, unit }) => ({ key, title, unit })),
    { key: "seconds", title: "seconds", unit: "seconds" as const },
    ...measures.map(({ key, title, unit }) => ({ key: `test_${key}`, title: `test ${title}`, unit })),
  ];
  // What no trial has is no column.
  const kept = columns.map((_, i) => rows.some((r) => r.values[i] !== undefined));
  return {
    columns: columns.filter((_, i) => kept[i]),
    rows: rows.map((r) => ({ ...r, values: r.values.filter((_, i) => kept[i]).map(numeric) })),
  };
}

/** Claims may ask for any measure of any epoch: they are judged by whole records. */
export async function claimsView(store: Store, { ids }: Selection, words: Words): Promise<ClaimsView> {
  const claims: ClaimsView["claims"] = [];
  for (const id of ids) {
    const results = await store.results(id, { confusions: "last" });
    for (const judged of judgedClaims(results)) {
      const { claim, verdict, adjustedP, findings } = judged;
      claims.push({
        run: id,
        id: claim.id,
        claim: claim.claim,
        test: claim.test ?? null,
        verdict: findings.length === 0 ? "untested" : verdict,
        grounds: groundsText(judged, words),
        adjustedP,
      });
    }
  }
  return { claims };
}
