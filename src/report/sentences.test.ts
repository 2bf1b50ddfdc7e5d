/**
 * Every sentence of reports against the store: each says what it was told, and what it was told is computed here again from the rows,
 * by other means than the report's. A sentence of the catalogue without a check here does not compile.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunResults, TrialResult } from "../run/records.ts";
import { compare } from "../stats/compare.ts";
import { type Judged, judge } from "../stats/family.ts";
import { openStore, type Store } from "../store/store.ts";
import { contentHash } from "../util/hash.ts";
import { buildReport } from "./build.ts";
import type { ReportDocument } from "./document.ts";
import { ce, crossedResults, fixtureResults, focal, fourLosses, hinge, mae, manyConfigurations, onDataSets } from "./fixture.ts"; // biome-ignore format: one line
import type { Estimate, Text, Who } from "./text.ts";
import type * as en from "./words/en/index.ts";

const withSpec = (r: RunResults, spec: object): RunResults => ({
  ...r,
  run: { ...r.run, spec: { ...r.run.spec, ...spec } },
});

const CLAIMS = [
  { id: "A", claim: "CE ends above MAE.", test: "accuracy(ce) > accuracy(mae)" },
  { id: "B", claim: "CE and focal end alike.", test: "accuracy(ce) ≈ accuracy(focal(0.5))", by: "0.5 points" },
  { id: "C", claim: "Hinge is first.", test: "accuracy(hinge(5)) > accuracy(ce)" },
];
const PICTURES = ["fourSeries", { trainAndTest: "loss" }, { measure: "f1" }, "testAccuracy", { change: { by: "loss" } }, { distance: "loss" }, { noise: "accuracy" }, "time"]; // biome-ignore format: one line

/** Ten runs: usual and poor ones, factors, several data, trials that are lost, ties, upturns. */
const RUNS: Record<string, RunResults> = {
  "four losses, claims": withSpec(fixtureResults({ epochs: 12 }), { claims: CLAIMS, pictures: PICTURES }),
  "one seed, going on": fixtureResults({ seeds: 1, epochs: 3, validation: false, state: "running" }),
  "two factors": crossedResults(4),
  "data sets": onDataSets(["mnist", "kmnist", "fashion-mnist"]),
  "one configuration": fixtureResults({ configurations: [fourLosses[0]], epochs: 4 }),
  "at chance": fixtureResults({ configurations: [fourLosses[3]], epochs: 3 }),
  "all diverged": fixtureResults({ configurations: [{ loss: focal(0.5), accuracy: 0.9, diverges: { 1: 1, 2: 2, 3: 2 } }] }),
  "clear order, five seeds": fixtureResults({ configurations: [{ loss: ce, accuracy: 0.97 }, { loss: focal(2), accuracy: 0.93 }, { loss: hinge(5), accuracy: 0.8, upturn: 0.9 }], seeds: 5, epochs: 10 }),
  "close order, upturns": fixtureResults({ configurations: [0, 1, 2, 3].map((i) => ({ loss: focal(i), accuracy: 0.97 - 0.0004 * i, upturn: 1.5 })).concat([{ loss: mae, accuracy: 0.11, upturn: 0 }]), seeds: 4, epochs: 8 }),
  "twelve configurations": fixtureResults({ configurations: manyConfigurations(12), seeds: 3, epochs: 3 }),
}; // biome-ignore format: one run a line

// ---- The store

async function save(store: Store, { run, trials }: RunResults): Promise<void> {
  await store.createRun(run, trials.map((t) => t.trial)); // biome-ignore format: one line
  for (const { trial, status, reason, history, observations } of trials) {
    const cohort = contentHash([run.id, trial.id]);
    await store.startCohort({ id: cohort, run: run.id, trials: [trial.id], model: "m" });
    for (const record of history)
      await store.saveEpoch(cohort, record.epoch, [record], null, observations.filter((o) => o.epoch === record.epoch).map((o) => ({ ...o, trial: trial.id }))); // biome-ignore format: one line
    if (status === "done" || status === "diverged")
      await store.finishTrials(cohort, [{ trial: trial.id, status, reason }]);
  }
}

// ---- What the rows say, by other means than the report's

/** Student's t at 97.5 % by degrees of freedom, from tables. */
const T975 = [Number.NaN, 12.706205, 4.302653, 3.182446, 2.776445, 2.570582];
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function estimateOf(values: readonly number[]): Estimate {
  const m = mean(values);
  if (values.length < 2) return { mean: m, halfWidth: null };
  const variance = values.reduce((s, v) => s + (v - m) ** 2, 0) / (values.length - 1);
  return { mean: m, halfWidth: T975[values.length - 1] * Math.sqrt(variance / values.length) };
}

const MARGIN = 0.005;
const total = (matrix: readonly (readonly number[])[]): number => matrix.flat().reduce((a, b) => a + b, 0);

class Rows {
  readonly groups = new Map<string, TrialResult[]>();
  readonly #judged = new Map<string, Judged>();

  constructor(readonly results: RunResults) {
    for (const t of results.trials) {
      const { id: _, seed: __, ...parts } = t.trial;
      const key = contentHash(parts);
      this.groups.set(key, [...(this.groups.get(key) ?? []), t]);
    }
    const pairs = this.keys.flatMap((a, i) =>
      this.keys.slice(i + 1).flatMap((b) => {
        if (this.done(a).length === 0 || this.done(b).length === 0 || this.data(a) !== this.data(b)) return [];
        const step = 1 / Math.min(total(this.done(a)[0].history.at(-1)!.test.confusion), total(this.done(b)[0].history.at(-1)!.test.confusion)); // biome-ignore format: one line
        return [{ a, b, ...compare(this.final(a), this.final(b), { margin: MARGIN, step }) }];
      }),
    );
    for (const { a, b, ...rest } of judge(pairs)) this.#judged.set(`${a} ${b}`, rest);
  }

  get keys(): string[] {
    return [...this.groups.keys()];
  }
  get pairs(): Judged[] {
    return [...this.#judged.values()];
  }
  data(key: string): string {
    return JSON.stringify(this.groups.get(key)![0].trial.data);
  }
  done(key: string): TrialResult[] {
    return (this.groups.get(key) ?? []).filter((t) => t.status === "done");
  }
  /** Final test accuracy by seed. */
  final(key: string): Map<number, number> {
    return new Map(this.done(key).map((t) => [t.trial.seed, t.history.at(-1)!.test.accuracy]));
  }
  over(key: string, read: (t: TrialResult) => number): number[] {
    return this.done(key).map(read);
  }
  accuracy(key: string): Estimate {
    return estimateOf([...this.final(key).values()]);
  }
  judged(a: string, b: string): Judged {
    return this.#judged.get(`${a} ${b}`) ?? this.#judged.get(`${b} ${a}`)!;
  }
  /** Of one minus another, seed by seed. */
  difference(a: string, b: string): Estimate {
    const [x, y] = [this.final(a), this.final(b)];
    const common = [...x.keys()].filter((seed) => y.has(seed));
    return common.length > 0
      ? estimateOf(common.map((seed) => x.get(seed)! - y.get(seed)!))
      : { mean: this.accuracy(a).mean - this.accuracy(b).mean, halfWidth: null };
  }
  /** The best on the same data. */
  first(key: string): string {
    const own = this.keys.filter((k) => this.data(k) === this.data(key) && this.done(k).length > 0);
    return own.reduce((a, b) => (this.accuracy(b).mean > this.accuracy(a).mean ? b : a));
  }
  /** Means over the seeds after each epoch. */
  curve(key: string, read: (r: TrialResult["history"][number]) => number): number[] {
    const done = this.done(key);
    return (done[0]?.history ?? []).map((_, e) => mean(done.map((t) => read(t.history[e]))));
  }
  isAtChance(key: string): boolean {
    const last = this.curve(key, (r) => r.test.accuracy).at(-1)!;
    return last <= 0.1 + Math.min(0.025, 0.027);
  }
  learned(): string[] {
    return this.keys.filter((k) => this.done(k).length > 0 && !this.isAtChance(k));
  }
  heldOut(): "validation" | "test" {
    return this.results.trials.some((t) => t.history.some((r) => r.validation)) ? "validation" : "test";
  }
}

// ---- What each sentence must have been told

type Catalogue = typeof en;
/** `answer.first`, … with what the sentence is told; entries that are no sentences, and plain texts, are left out. */
type Told = {
  [S in Exclude<keyof Catalogue, "grammar">]: {
    [K in keyof Catalogue[S] & string as Catalogue[S][K] extends (facts: infer _F) => Text
      ? `${S}.${K}`
      : never]: Catalogue[S][K] extends (facts: infer F) => Text ? F : never;
  };
}[Exclude<keyof Catalogue, "grammar">];
type AllTold = UnionToIntersection<Told>;
type UnionToIntersection<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void ? I : never;
type Checks = { [K in keyof AllTold]: (facts: AllTold[K], rows: Rows) => void };

const each = <T>(all: readonly T[], check: (one: T) => void): void => {
  for (const one of all) check(one);
};
const near = (said: number, found: number): void => expect(said).toBeCloseTo(found, 9);
function same(said: Estimate, found: Estimate): void {
  near(said.mean, found.mean);
  if (found.halfWidth === null) expect(said.halfWidth).toBeNull();
  else expect(said.halfWidth! / Math.max(found.halfWidth, 1e-12)).toBeCloseTo(found.halfWidth > 1e-12 ? 1 : 0, 5);
}
const keysOf = (whos: readonly Who[]): string[] => whos.map((w) => w.key).sort();
const sameKeys = (whos: readonly Who[], keys: readonly string[]): void =>
  expect(keysOf(whos)).toEqual([...keys].sort());
const middle = (values: readonly number[]): number => {
  const s = [...values].sort((a, b) => a - b);
  return (s[Math.floor((s.length - 1) / 2)] + s[Math.ceil((s.length - 1) / 2)]) / 2;
};
const last = (t: TrialResult) => t.history[t.history.length - 1];
const finished = (rows: Rows): string[] => rows.keys.filter((k) => rows.done(k).length > 0);
/** Configurations of the data of one. */
const rivals = (rows: Rows, key: string): string[] => finished(rows).filter((k) => rows.data(k) === rows.data(key));
/** What the tests say of a configuration and the first: `different` where another is surely ahead of it, for its rivals or all pairs. */
function standing(rows: Rows, key: string): string {
  const first = rows.judged(key, rows.first(key));
  if (first.verdict === "equal") return "equal";
  const others = rivals(rows, key).filter((k) => k !== key);
  const behind = others.some((k) => {
    const { p, verdict } = rows.judged(key, k);
    if (rows.difference(key, k).mean >= 0 || p === null) return false;
    return others.length * p <= 0.05 || verdict === "different";
  });
  if (behind) return "different";
  const { equivalenceP: q, adjustedEquivalenceP: holm } = first;
  return q !== null && (others.length * q <= 0.05 || holm! <= 0.05) ? "equivalent" : "undecided";
}

const reached = (f: { who: Who; value: Estimate; seeds: number }, rows: Rows): void => {
  same(f.value, rows.accuracy(f.who.key));
  expect(f.seeds).toBe(rows.done(f.who.key).length);
  expect(rows.first(f.who.key)).toBe(f.who.key);
};
const before = (f: { who: Who; before: { who: Who; distance: Estimate } | null }, rows: Rows): void => {
  if (!f.before) return;
  const d = rows.difference(f.who.key, f.before.who.key);
  same(f.before.distance, d);
  const next = rivals(rows, f.who.key).filter((k) => k !== f.who.key).reduce((a, b) => (rows.accuracy(b).mean > rows.accuracy(a).mean ? b : a)); // biome-ignore format: one line
  expect(f.before.who.key).toBe(next);
};
const comparedTo = (f: { rows: readonly { who: Who; difference: Estimate }[] }, rows: Rows, verdict: string): void => {
  for (const r of f.rows) {
    same(r.difference, rows.difference(r.who.key, rows.first(r.who.key)));
    expect(standing(rows, r.who.key)).toBe(verdict);
  }
};
const lostTrials = (rows: Rows): TrialResult[] => rows.results.trials.filter((t) => t.status === "diverged");
const endsOf = (
  f: { rows: readonly { who: Who; value: Estimate }[] },
  rows: Rows,
  read: (r: TrialResult["history"][number]) => number,
): void => {
  // biome-ignore format: one line
  for (const r of f.rows) near(r.value.mean, rows.curve(r.who.key, read).at(-1)!);
};
const gapAt = (rows: Rows, key: string, held: "validation" | "test"): number =>
  rows.curve(key, (r) => r.train.accuracy).at(-1)! - rows.curve(key, (r) => r[held]!.accuracy).at(-1)!;
const soonest = (values: readonly number[], limit: number): number => values.findIndex((v) => v >= limit) + 1;
const speedOf = (rows: Rows, key: string): number =>
  middle(rows.over(key, (t) => soonest(t.history.map((r) => r.test.accuracy), 0.95 * last(t).test.accuracy))); // biome-ignore format: one line
const lastChange = (rows: Rows, key: string): number =>
  mean(rows.over(key, (t) => { const l = t.history.map((r) => r.train.loss); return (100 * (l[l.length - 1] - l[l.length - 2])) / l[l.length - 2]; })); // biome-ignore format: one line
const stillChanging = (rows: Rows, among: readonly string[]): string[] =>
  among.filter((k) => Math.abs(lastChange(rows, k)) > 1);
const confusionOf = (rows: Rows, key: string): number[][] =>
  rows.done(key).map((t) => last(t).test.confusion).reduce((a, b) => a.map((row, i) => row.map((n, j) => n + b[i][j]))); // biome-ignore format: one line
const shares = (matrix: number[][]): number[][] =>
  matrix.map((row) => row.map((n) => n / row.reduce((a, b) => a + b, 0)));
const telling = (rows: Rows): string[] => (rows.learned().length > 0 ? rows.learned() : finished(rows));
const noTest = (): void => {};
const turns = (rows: Rows, key: string): { epoch: number; from: number; to: number } | null => {
  const losses = rows.curve(key, (r) => r.test.loss);
  const from = Math.min(...losses);
  const to = losses[losses.length - 1];
  return to > 1.05 * from ? { epoch: losses.indexOf(from) + 1, from, to } : null;
};
const eceOf = (rows: Rows, key: string) => {
  const answers = rows.done(key).flatMap((t) => t.observations.flatMap((o) => o.question.kind === "probabilities" && o.question.split === "test" ? [o.answer as { ece: number; reliability: { count: number; confidence: number; accuracy: number }[] }] : [])); // biome-ignore format: one line
  const bins = answers.flatMap((a) => a.reliability);
  const n = bins.reduce((s, b) => s + b.count, 0);
  return { ece: mean(answers.map((a) => a.ece)), excess: bins.reduce((s, b) => s + b.count * (b.confidence - b.accuracy), 0) / n }; // biome-ignore format: one line
};
const strongest = (rows: Rows, key: string): number => {
  const families = new Map<string, { strength: number; lost: number[] }[]>();
  for (const t of rows.done(key)) {
    const answers = t.observations.filter((o) => "accuracy" in o.answer && o.question.kind !== "probabilities");
    const clean = (answers.find((o) => o.question.kind === "clean")!.answer as { accuracy: number }).accuracy;
    for (const { question: q, answer } of answers) {
      const [family, strength] = q.kind === "noise" ? ["noise", q.sigma] : q.kind === "corruption" ? [q.name, q.severity] : q.kind === "attack" ? [Object.keys(q.attack)[0], (Object.values(q.attack)[0] as { epsilon: number }).epsilon] : ["", 0]; // biome-ignore format: one line
      if (family === "") continue;
      const members = families.get(family) ?? families.set(family, []).get(family)!;
      const member = members.find((m) => m.strength === strength) ?? members[members.push({ strength, lost: [] }) - 1];
      member.lost.push((answer as { accuracy: number }).accuracy - clean);
    }
  }
  return mean([...families.values()].map((m) => mean(m.reduce((a, b) => (b.strength > a.strength ? b : a)).lost)));
};
const claimed = (text: string): ((k: TrialResult) => boolean) => {
  const name = /\((\w+)(?:\(([\d.]+)\))?\)/.exec(text)!;
  return (t) => name[1] in t.trial.loss && (name[2] === undefined || Object.values(t.trial.loss[name[1]] as object).includes(Number(name[2]))); // biome-ignore format: one line
};
/** Accuracy of the left side minus that of the right one, as `a − b` or a claim's test names them. */
const claimDifference = (rows: Rows, left: string, right: string): Estimate => {
  const of = (text: string): string => rows.keys.find((k) => claimed(text)(rows.groups.get(k)![0]))!;
  return rows.difference(of(left), of(right));
};

const CHECKS: Checks = {
  "common.basis": (f, rows) => {
    const seeds = [...new Set(rows.keys.map((k) => rows.done(k).length).filter(Boolean))].sort((a, b) => a - b);
    expect(f.seeds).toEqual(seeds);
    expect(f.data.length).toBe(new Set(rows.results.trials.map((t) => t.trial.data.name)).size);
  },
  "common.best": (f, rows) => expect(f.shown + f.rest).toBe(finished(rows).length),
  "common.outcomes": noTest, // in tables alone
  "common.ofNames": noTest,

  "answer.allDiverged": (f, rows) => {
    expect(f.trials).toBe(rows.results.trials.length);
    expect(lostTrials(rows).length).toBe(f.trials);
  },
  "answer.reaches": (f, rows) => {
    reached(f, rows);
    expect(rivals(rows, f.who.key)).toEqual([f.who.key]);
  },
  "answer.first": (f, rows) => {
    reached(f, rows);
    before(f, rows);
    if (f.before) expect(standing(rows, f.before.who.key)).toBe("different");
  },
  "answer.highest": (f, rows) => {
    reached(f, rows);
    before(f, rows);
    expect(f.seeds).toBe(1);
  },
  "answer.equal": (f, rows) => each(f.whos, (w) => expect(standing(rows, w.key)).toBe("equal")),
  "answer.equivalent": (f, rows) => {
    comparedTo(f, rows, "equivalent");
    expect(f.margin).toBe(MARGIN);
  },
  "answer.undecided": (f, rows) => comparedTo(f, rows, "undecided"),
  "answer.behind": (f, rows) => comparedTo(f, rows, "different"),
  "answer.atChance": (f, rows) => {
    for (const r of f.rows) {
      same(r.value, rows.accuracy(r.who.key));
      expect(rows.isAtChance(r.who.key)).toBe(true);
    }
  },
  "answer.diverged": (f, rows) =>
    each(f.whos, (w) => expect(rows.groups.get(w.key)!.every((t) => t.status === "diverged")).toBe(true)),
  "answer.withoutResult": (f, rows) => each(f.whos, (w) => expect(rows.done(w.key)).toEqual([])),
  "answer.selection": (f, rows) => {
    const at = (key: string): Estimate =>
      estimateOf(rows.over(key, (t) => t.history.reduce((a, b) => (b.validation!.accuracy > a.validation!.accuracy ? b : a)).test.accuracy)); // biome-ignore format: one line
    same(f.value, at(f.who.key));
    for (const k of finished(rows)) expect(at(k).mean).toBeLessThanOrEqual(f.value.mean + 1e-12);
    expect(f.same).toBe(rows.first(f.who.key) === f.who.key);
  },
  "answer.lost": (f, rows) => {
    expect(f.n).toBe(lostTrials(rows).length);
    expect(f.trials).toBe(rows.results.trials.length);
    sameKeys(f.whos, rows.keys.filter((k) => rows.groups.get(k)!.some((t) => t.status === "diverged"))); // biome-ignore format: one line
    expect(f.finished).toBe(f.whos.some((w) => rows.done(w.key).length > 0));
  },
  "answer.resolution": (f, rows) => {
    const learned = rows.learned();
    expect(f.seeds).toBe(Math.min(...learned.map((k) => rows.done(k).length)));
    const halves = learned.filter((k) => rows.first(k) !== k).map((k) => rows.difference(k, rows.first(k)).halfWidth!);
    expect(f.size / middle(halves)).toBeCloseTo(1, 5);
  },

  "ranking.caption": (f, rows) => {
    if (f.seeds !== null) expect(rows.keys.some((k) => rows.done(k).length === f.seeds)).toBe(true);
    expect(f.hasValidation).toBe(rows.heldOut() === "validation");
  },
  "ranking.methods": (f, rows) => {
    expect(f.rivals).toBe(Math.max(...finished(rows).map((k) => rivals(rows, k).length - 1)));
    expect(f.margin).toBe(MARGIN);
  },
  "ranking.oneEnds": (f, rows) => same(f.value, rows.accuracy(f.who.key)),
  "ranking.endClose": (f, rows) => {
    const means = f.whos.map((w) => rows.accuracy(w.key).mean);
    near(f.within, Math.max(...means) - Math.min(...means));
    each(f.whos, (w) => rows.first(w.key) === w.key || expect(standing(rows, w.key)).not.toBe("different"));
  },
  "ranking.endsHighest": (f, rows) => reached({ ...f, seeds: rows.done(f.who.key).length }, rows),
  "ranking.oneLower": (f, rows) => {
    near(f.by, rows.accuracy(rows.first(f.who.key)).mean - rows.accuracy(f.who.key).mean);
    expect(standing(rows, f.who.key)).toBe("different");
  },
  "ranking.manyLower": (f, rows) => {
    const below = f.whos.map((w) => rows.accuracy(rows.first(w.key)).mean - rows.accuracy(w.key).mean);
    near(f.from, Math.min(...below));
    near(f.to, Math.max(...below));
    each(f.whos, (w) => expect(standing(rows, w.key)).toBe("different"));
  },
  "ranking.atChance": (f, rows) => each(f.whos, (w) => expect(rows.isAtChance(w.key)).toBe(true)),
  "ranking.subtitle": (f, rows) => expect(f.several).toBe(finished(rows).some((k) => rows.done(k).length > 1)),
  "ranking.alt": (f, rows) => each(f.rows, (r) => same(r.value, rows.accuracy(r.who.key))),

  "pairs.title": (f, rows) => {
    const all = Object.values(f.counts).reduce((a, b) => a + b, 0);
    for (const verdict of ["different", "equivalent", "equal", "undecided"] as const) {
      const found = rows.pairs.filter((p) => p.verdict === verdict).length;
      if (all === rows.pairs.length) expect(f.counts[verdict], verdict).toBe(found);
      else expect(f.counts[verdict]).toBeLessThanOrEqual(found);
    }
    expect(f.margin).toBe(MARGIN);
  },
  "pairs.subtitle": (f) => expect(f.margin).toBe(MARGIN),
  "pairs.alt": (f, rows) => {
    for (const r of f.rows) {
      near(r.difference, rows.difference(r.better.key, r.other.key).mean);
      expect(rows.judged(r.better.key, r.other.key).verdict).toBe(r.verdict);
    }
  },
  "pairs.methods": (f, rows) => expect(f.pairs).toBe(rows.pairs.length),

  "effects.summary": (f) => {
    for (const e of [...f.found, ...f.interactions]) expect(e.p).toBeLessThanOrEqual(0.05);
    for (const e of f.missing) expect(e.p).toBeGreaterThan(0.05);
    expect(f.interactions.length).toBeLessThanOrEqual(f.joint);
  },
  "effects.title": (f, rows) => {
    near(f.span, spans(rows).get(f.factor)!);
    near(f.span, Math.max(...spans(rows).values()));
  },
  "effects.subtitle": (f, rows) => expect(f.seeds).toBe(common(rows).length),
  "effects.alt": (f, rows) => {
    for (const { factor, levels } of f.factors) {
      const found = [...levelsOf(rows, factor as "loss" | "activation" | "data").values()];
      for (const [i, { value }] of levels.entries()) same(value, found[i]);
    }
  },
  "effects.methods": (f, rows) => {
    expect(f.seeds).toBe(common(rows).length);
    expect(f.incomplete.length).toBe(new Set(rows.results.trials.map((t) => t.trial.seed)).size - f.seeds);
  },

  "dataSets.bestRank": (f, rows) => {
    const ranks = ranksOf(rows);
    near(f.rank, Math.min(...ranks.values()));
    expect(f.others).toBe(ranks.size - 1);
  },
  "dataSets.ranksSubtitle": (f, rows) => expect(f.data.length).toBe(new Set(rows.keys.map((k) => rows.data(k))).size),
  "dataSets.ranksAlt": (f, rows) =>
    expect(f.rows.map((r) => r.rank)).toEqual([...ranksOf(rows).values()].sort((a, b) => a - b)),
  "dataSets.profilesTitle": (f, rows) => {
    const trimmed = [...byLoss(rows).values()].map((keys) =>
      quarters(keys.flatMap((k) => [...rows.final(k).values()])),
    );
    near(f.value, Math.max(...trimmed));
  },
  "dataSets.profilesAlt": (f, rows) => expect(f.n).toBe(byLoss(rows).size),
  "dataSets.methods": (f, rows) => {
    expect([f.data, f.configurations]).toEqual([new Set(rows.keys.map((k) => rows.data(k))).size, byLoss(rows).size]);
    const [n, k] = [f.data, f.configurations];
    const squares = [...ranksOf(rows).values()].reduce((s, r) => s + (r - (k + 1) / 2) ** 2, 0);
    near(f.chiSquared, ((12 * n) / (k * (k + 1))) * squares);
    // Two degrees of freedom: the distribution is exponential.
    if (k === 3) near(f.p, Math.exp(-f.chiSquared / 2));
  },

  "curves.lead": (f, rows) => {
    const all = rows.learned();
    const highest = rows.curve(all[0], (r) => r.test.accuracy).map((_, e) => all.reduce((a, b) => (rows.curve(b, (r) => r.test.accuracy)[e] > rows.curve(a, (r) => r.test.accuracy)[e] ? b : a))); // biome-ignore format: one line
    expect(highest.slice(f.since - 1).every((k) => k === f.who.key)).toBe(true);
    if (f.since > 1) expect(highest[f.since - 2]).not.toBe(f.who.key);
    if (f.often) {
      const others = highest.slice(0, f.since - 1).filter((k) => k !== f.who.key);
      const times = (key: string): number => others.filter((k) => k === key).length;
      expect(times(f.often.key)).toBe(Math.max(...others.map(times)));
    } else expect(f.since).toBe(1);
  },
  "curves.drawn": (f, rows) => {
    expect(f.shown + f.grey).toBe(rows.keys.length);
    expect(f.seeds).toBe(Math.max(...rows.keys.map((k) => rows.done(k).length)));
  },
  "curves.accuracyAlt": (f, rows) => endsOf(f, rows, (r) => r.test.accuracy),
  "curves.lossAlt": (f, rows) => endsOf(f, rows, (r) => r.test.loss),
  "curves.noUpturn": (f, rows) => {
    expect(f.epochs).toBe(Math.max(...rows.results.trials.map((t) => t.trial.epochs)));
    for (const k of finished(rows)) expect(turns(rows, k)).toBeNull();
  },
  "curves.manyUpturns": (f, rows) => {
    const found = finished(rows).flatMap((k) => turns(rows, k) ?? []);
    expect([f.configurations, f.epoch]).toEqual([found.length, Math.min(...found.map((t) => t.epoch))]);
  },
  "curves.upturns": (f, rows) => {
    for (const { who, ...turn } of f.turns) {
      const found = turns(rows, who.key)!;
      expect(turn.epoch).toBe(found.epoch);
      near(turn.from, found.from);
      near(turn.to, found.to);
    }
    sameKeys(f.others, finished(rows).filter((k) => !turns(rows, k))); // biome-ignore format: one line
  },
  "curves.gapOfOne": (f, rows) => near(f.gap.gap, gapAt(rows, f.gap.who.key, f.heldOut)),
  "curves.gapOneSided": (f, rows) => {
    const gaps = rows.learned().map((k) => Math.abs(gapAt(rows, k, rows.heldOut())));
    expect(f.heldOut).toBe(rows.heldOut());
    near(Math.abs(f.near.gap), Math.min(...gaps));
    near(Math.abs(f.far.gap), Math.max(...gaps));
    for (const g of [f.near, f.far]) near(g.gap, gapAt(rows, g.who.key, f.heldOut));
  },
  "curves.gapBothSides": (f, rows) => {
    for (const g of [f.least, f.most]) near(g.gap, gapAt(rows, g.who.key, f.heldOut));
    expect(f.least.gap < 0 && f.most.gap >= 0).toBe(true);
  },
  "curves.gapSubtitle": (f, rows) => expect(f.of).toBe(rows.keys.length),
  "curves.gapAlt": (f, rows) => endsOf(f, rows, (r) => r.train.accuracy),

  "panels.speed": (f, rows) => {
    const speeds = rows.learned().map((k) => [k, speedOf(rows, k)] as const);
    expect(f.first).toBe(Math.min(...speeds.map(([, s]) => s)));
    expect(f.last).toBe(Math.max(...speeds.map(([, s]) => s)));
    sameKeys(f.fastest, speeds.filter(([, s]) => s === f.first).map(([k]) => k)); // biome-ignore format: one line
    sameKeys(f.slowest, speeds.filter(([, s]) => s === f.last).map(([k]) => k)); // biome-ignore format: one line
  },
  "panels.accuracySubtitle": noTest,
  "panels.accuracyAlt": (f, rows) => expect(f.n).toBe(rows.keys.length),
  "panels.losses": (f, rows) => {
    const gap = (k: string): number =>
      rows.curve(k, (r) => r.test.loss).at(-1)! - rows.curve(k, (r) => r.train.loss).at(-1)!;
    sameKeys(f.above, rows.learned().filter((k) => gap(k) > 0)); // biome-ignore format: one line
    sameKeys(f.below, rows.learned().filter((k) => gap(k) <= 0)); // biome-ignore format: one line
    const sides = rows.keys.map((k) => (rows.learned().includes(k) ? gap(k) > 0 : null));
    expect(f.all).toBe(sides.length > 1 && sides[0] !== null && new Set(sides).size === 1);
  },
  "panels.lossSubtitle": noTest,
  "panels.lossAlt": (f, rows) => expect(f.n).toBe(rows.keys.length),

  "perClass.recall": (f, rows) => {
    const recalls = Array.from({ length: 10 }, (_, k) => mean(telling(rows).map((key) => shares(confusionOf(rows, key))[k][k]))); // biome-ignore format: one line
    near(f.worst.recall, Math.min(...recalls));
    near(f.best.recall, Math.max(...recalls));
    near(recalls[Number(f.worst.class)], f.worst.recall);
    near(recalls[Number(f.best.class)], f.best.recall);
    for (const l of f.lopsided) {
      const m = confusionOf(rows, l.who.key);
      expect(m.reduce((s, row) => s + row[Number(l.class)], 0)).toBeGreaterThan(0.9 * total(m));
    }
  },
  "perClass.recallSubtitle": noTest,
  "perClass.recallAlt": (f, rows) => expect([f.classes, f.configurations]).toEqual([10, finished(rows).length]),
  "perClass.confusion": (f, rows) => {
    near(f.share, shares(confusionOf(rows, f.who.key))[Number(f.from)][Number(f.to)]);
    expect(f.from).not.toBe(f.to);
    const shown = telling(rows).slice().sort((a, b) => rows.accuracy(b).mean - rows.accuracy(a).mean).slice(0, 9); // biome-ignore format: one line
    for (const k of shown)
      for (const [i, row] of shares(confusionOf(rows, k)).entries())
        expect(Math.max(...row.filter((_, j) => j !== i))).toBeLessThanOrEqual(f.share + 1e-12);
  },
  "perClass.confusionSubtitle": noTest,
  "perClass.confusionAlt": (f, rows) => expect(f.whos.length).toBe(Math.min(9, finished(rows).length)),

  "convergence.allStill": (f, rows) => {
    expect(f.percent).toBe(1);
    expect(stillChanging(rows, finished(rows))).toEqual([]);
  },
  "convergence.stillChanging": (f, rows) => sameKeys(f.whos, stillChanging(rows, finished(rows))),
  "convergence.subtitle": noTest,

  "generalization.title": (f, rows) => {
    const gap = (k: string): number => mean(rows.over(k, (t) => last(t).train.accuracy - last(t).test.accuracy));
    near(f.gap, gap(f.who.key));
    for (const k of telling(rows)) expect(Math.abs(gap(k))).toBeLessThanOrEqual(Math.abs(f.gap) + 1e-12);
    expect(f.several).toBe(telling(rows).length > 1);
  },
  "generalization.subtitle": noTest,

  "robustness.methods": (f, rows) => {
    const asked = rows.results.trials.flatMap((t) => t.observations.flatMap((o) => (o.question.kind === "clean" ? [(o.answer as { examples: number }).examples] : []))); // biome-ignore format: one line
    expect(new Set(asked)).toEqual(new Set([f.examples]));
  },
  "robustness.corruptionCaption": (f, rows) => each(f.references, (w) => expect(rows.groups.has(w.key)).toBe(true)),
  "robustness.hardest": (f, rows) => {
    const costs = new Map<string, number[]>();
    for (const k of finished(rows))
      for (const t of rows.done(k))
        for (const { question: q, answer } of t.observations)
          if (q.kind === "corruption") costs.set(q.name, [...(costs.get(q.name) ?? []), (answer as { accuracy: number }).accuracy]); // biome-ignore format: one line
    const titles: Record<string, string> = { gaussianNoise: "Gaussian noise" };
    const order = [...costs].sort(([, a], [, b]) => mean(a) - mean(b)).map(([name]) => titles[name] ?? name);
    expect([f.hardest, f.easiest]).toEqual([order[0], order[order.length - 1]]);
  },
  "robustness.underOne": noTest,
  "robustness.corruptionSubtitle": noTest,
  "robustness.corruptionAlt": (f, rows) => expect(f.configurations).toBe(finished(rows).length),
  "robustness.loses": (f, rows) => {
    near(f.least.change, strongest(rows, f.least.who.key));
    if (f.most) near(f.most.change, strongest(rows, f.most.who.key));
    if (f.most) expect(f.most.change).toBeLessThanOrEqual(f.least.change);
  },
  "robustness.strengthSubtitle": noTest,
  "robustness.strengthAlt": (f, rows) => each(f.whos, (w) => expect(rows.done(w.key).length).toBeGreaterThan(0)),

  "gradients.spread": (f, rows) => {
    const ends = (layer: string): number =>
      mean(rows.done(f.who.key).flatMap((t) => t.observations.flatMap((o) => (o.question.kind === "diagnosis" && o.epoch === t.history.length ? (o.answer as { layers: { layer: string; gradientNorm: number; updateRatio: number }[] }).layers.filter((l) => l.layer === layer).map((l) => (f.what === "norms" ? l.gradientNorm : l.updateRatio)) : [])))); // biome-ignore format: one line
    expect(f.ratio / (ends(f.high) / ends(f.low))).toBeCloseTo(1, 9);
    expect(f.ratio).toBeGreaterThanOrEqual(1);
  },
  "gradients.subtitle": noTest,
  "gradients.alt": (f, rows) => each(f.whos, (w) => expect(rows.groups.has(w.key)).toBe(true)),

  "calibration.one": (f, rows) => calibrated(f.only, rows),
  "calibration.bestAndWorst": (f, rows) => {
    for (const c of [f.best, f.worst]) calibrated(c, rows);
    for (const k of finished(rows)) {
      expect(eceOf(rows, k).ece).toBeGreaterThanOrEqual(f.best.ece - 1e-12);
      expect(eceOf(rows, k).ece).toBeLessThanOrEqual(f.worst.ece + 1e-12);
    }
  },
  "calibration.subtitle": noTest,
  "calibration.alt": (f, rows) => expect(f.whos.length).toBe(Math.min(9, finished(rows).length)),

  "cost.fromTo": (f, rows) => {
    const seconds = (k: string): number => mean(rows.over(k, (t) => mean(t.history.map((r) => r.seconds))));
    near(f.firstSeconds, Math.min(...finished(rows).map(seconds)));
    near(f.lastSeconds, Math.max(...finished(rows).map(seconds)));
    near(f.firstSeconds, seconds(f.first.key));
    near(f.lastSeconds, seconds(f.last.key));
  },
  "diverged.summary": (f, rows) =>
    expect([f.lost, f.trials]).toEqual([lostTrials(rows).length, rows.results.trials.length]),

  "limitations.unfinished": (f, rows) => {
    const open = rows.results.trials.filter((t) => t.status === "planned" || t.status === "running").length;
    expect([f.open, f.trials, f.state]).toEqual([open, rows.results.trials.length, rows.results.run.state]);
  },
  "limitations.fewSeeds": (f, rows) => {
    expect(f.seeds).toBe(Math.max(...rows.keys.map((k) => rows.groups.get(k)!.length)));
    expect(f.errors).toBeCloseTo(T975[f.seeds - 1], 5);
    expect(f.seeds).toBeLessThan(f.enough);
  },
  "limitations.lucky": (f, rows) =>
    sameKeys(f.whos, finished(rows).filter((k) => rows.groups.get(k)!.some((t) => t.status === "diverged"))), // biome-ignore format: one line
  "limitations.oneOfAKind": (f, rows) => {
    const sets = new Set(rows.results.trials.map((t) => t.trial.data.name));
    expect(f.data === null).toBe(sets.size > 1);
    expect(f.model === null).toBe(new Set(rows.results.trials.map((t) => JSON.stringify(t.trial.model))).size > 1);
  },
  "limitations.untuned": (_, rows) => {
    expect(new Set(rows.results.trials.map((t) => JSON.stringify(t.trial.optimizer))).size).toBe(1);
    expect(new Set(rows.results.trials.map((t) => JSON.stringify(t.trial.loss))).size).toBeGreaterThan(1);
  },
  "limitations.rising": (f, rows) => {
    const rise = (k: string): number => {
      const c = rows.curve(k, (r) => r.test.accuracy);
      const epochs = Math.max(...rows.results.trials.map((t) => t.trial.epochs));
      return c[c.length - 1] - c[epochs - Math.max(1, Math.round(epochs / 10)) - 1];
    };
    sameKeys(f.whos, rows.learned().filter((k) => rise(k) > f.by)); // biome-ignore format: one line
    expect(f.by).toBe(0.002);
  },
  "limitations.unconverged": (f, rows) => sameKeys(f.whos, stillChanging(rows, rows.learned())),
  "limitations.atChance": (f, rows) =>
    sameKeys(f.whos, finished(rows).filter((k) => rows.isAtChance(k))), // biome-ignore format: one line
  "limitations.underpowered": (f, rows) => {
    for (const w of f.whos) expect(standing(rows, w.key)).toBe("undecided");
    expect(f.margin).toBe(MARGIN);
    expect(f.power > 0 && f.power < 0.8).toBe(true);
  },

  "claims.summary": (f, rows) => {
    const tested = rows.results.run.spec.claims as typeof CLAIMS;
    expect(Object.values(f.counts).reduce((a, b) => a + b, 0)).toBe(tested.length);
    // A claim cannot be supported where the mean lies on the other side.
    const pro = tested.filter(({ test, by }) => {
      const [left, right] = test.split(/ [>≈] /);
      const d = claimDifference(rows, left, right).mean;
      return test.includes("≈") ? Math.abs(d) < Number.parseFloat(by!) / 100 : d > 0;
    });
    expect(f.counts.supported).toBeLessThanOrEqual(pro.length);
    expect(f.counts.contradicted).toBeLessThanOrEqual(tested.length - pro.length);
  },
  "claims.grounds": noTest, // in tables alone
  "claims.title": (f, rows) => {
    const own = (rows.results.run.spec.claims as typeof CLAIMS).find((c) => c.id === f.id)!;
    expect(f.claim).toBe(own.claim);
    const [left, right] = own.test.split(/ [>≈] /);
    const d = claimDifference(rows, left, right);
    if (own.test.includes(">") && f.verdict === "supported") expect(d.mean - d.halfWidth!).toBeGreaterThan(0);
    if (own.test.includes(">") && f.verdict === "contradicted") expect(d.mean + d.halfWidth!).toBeLessThan(0);
  },
  "claims.subtitle": (f) => expect(f.comparisons).toBe(1),
  "claims.alt": (f, rows) => {
    for (const { comparison, difference } of f.rows) {
      const [left, right] = comparison.split(" − ");
      same(difference, claimDifference(rows, left, right));
    }
  },

  "looks.methods": (f, rows) => {
    expect(f.claims).toBe(rows.results.run.spec.claims !== undefined);
    expect(f.sizes.startsWith(String(startSeeds(rows)))).toBe(true);
    expect(f.spending).toBe("O'Brien and Fleming");
  },
  "looks.end": (f, rows) => {
    // Rows are complete here: the last look has all trials.
    const { trials } = rows.results;
    expect(f.seeds).toBe(new Set(trials.map((t) => t.trial.seed)).size);
    expect(f.trials).toBe(trials.length);
    near(f.seconds, trials.flatMap((t) => t.history).reduce((sum, r) => sum + r.seconds, 0)); // biome-ignore format: one line
    expect(f.most).toBe((rows.results.run.spec.until as { decided: number }).decided);
    expect(f.questions).toBe(rows.keys.length - 1); // all but the first
    expect([f.open === 0, f.end === "decided"]).toEqual([f.end === "decided", f.open === 0]);
    expect([f.spent > 0 && f.spent < f.level, f.level]).toEqual([f.seeds < f.most, 0.05]);
  },

  "pictures.curvesSubtitle": noTest,
  "pictures.curvesAlt": (f, rows) => expect(f.n).toBe(rows.keys.length),
  "pictures.panelsSubtitle": noTest,
  "pictures.panelsAlt": (f, rows) => expect(f.n).toBe(rows.keys.length),
  "pictures.timeSubtitle": noTest,
  "pictures.timeAlt": (f, rows) => expect(f.n).toBe(finished(rows).length),
};

const startSeeds = ({ results }: Rows): number => (results.run.spec.seeds as number[]).length;

function calibrated(said: { who: Who; ece: number; excess: number }, rows: Rows): void {
  const found = eceOf(rows, said.who.key);
  near(said.ece, found.ece);
  near(said.excess, found.excess);
}

/** Seeds that finished with every configuration. */
const common = (rows: Rows): number[] =>
  [...new Set(rows.results.trials.map((t) => t.trial.seed))].filter((s) =>
    rows.keys.every((k) => rows.final(k).has(s)),
  );

/** Mean accuracy at each level of a factor, over all others, seed by seed. */
function levelsOf(rows: Rows, factor: "loss" | "activation" | "data"): Map<string, Estimate> {
  const of = (k: string): string => JSON.stringify(rows.groups.get(k)![0].trial[factor]);
  return new Map([...new Set(rows.keys.map(of))].map((level) => [level, estimateOf(common(rows).map((s) => mean(rows.keys.filter((k) => of(k) === level).map((k) => rows.final(k).get(s)!))))])); // biome-ignore format: one line
}
const spans = (rows: Rows): Map<string, number> =>
  new Map((["loss", "activation", "data"] as const).map((factor) => {
    const means = [...levelsOf(rows, factor).values()].map((e) => e.mean);
    return [factor, Math.max(...means) - Math.min(...means)];
  })); // biome-ignore format: short

const byLoss = (rows: Rows): Map<string, string[]> => {
  const groups = new Map<string, string[]>();
  for (const k of rows.keys) {
    const loss = JSON.stringify(rows.groups.get(k)![0].trial.loss);
    groups.set(loss, [...(groups.get(loss) ?? []), k]);
  }
  return groups;
};
/** Mean rank of each loss over the data, 1 the best. */
const ranksOf = (rows: Rows): Map<string, number> => {
  const groups = [...byLoss(rows)];
  const sets = groups[0][1].length;
  return new Map(groups.map(([loss, keys]) => [loss, mean(Array.from({ length: sets }, (_, d) => 1 + groups.filter(([, other]) => rows.accuracy(other[d]).mean > rows.accuracy(keys[d]).mean).length))])); // biome-ignore format: one line
};
/** Mean of the middle half. */
const quarters = (values: readonly number[]): number => {
  const s = [...values].sort((a, b) => a - b);
  const cut = Math.floor(s.length / 4);
  return mean(s.slice(cut, s.length - cut));
};

// ---- Sentences of a report

function sentencesOf(document: ReportDocument): Text[] {
  const found: Text[] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look);
    else if (value && typeof value === "object") {
      if ("facts" in value && "parts" in value) found.push(value as Text);
      else Object.values(value).forEach(look);
    }
  };
  look(document.sections);
  return found;
}

/** All numbers of a sentence's facts, and how many things its lists have. */
function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value, -value];
  if (Array.isArray(value))
    return [...Array.from({ length: value.length + 1 }, (_, i) => i), ...value.flatMap(numbersIn)];
  if (value && typeof value === "object" && !("parts" in value)) {
    const own = Object.values(value);
    const counts = own.filter((v): v is number => Number.isInteger(v));
    return [...own.flatMap(numbersIn), counts.reduce((a, b) => a + b, 0)];
  }
  return [];
}

/** Constants of methods. */
const CONSTANTS =
  /F1|95 %|80 %|2\.5 %|\b5 %|10⁻³|0\.0[15]\b|2 \/ 2ⁿ|\b1 for\b|\b0 to 1\b|above 0|to 0|\(\d{4}\)|, \d{4}\)|nearer to 0|× /g;

/** Whether a number's text is its value rounded: in percent, in points, or as it is. */
function isRounded(text: string, value: number): boolean {
  if (text.startsWith("<")) return value < Number(text.slice(2));
  const number = Number(
    text
      .replace("= ", "")
      .replaceAll("\u2009", "")
      .replace("−", "-")
      .replace(/ ±.*| %$/g, ""),
  );
  if (!Number.isFinite(number)) return false;
  const decimals = /\.(\d+)/.exec(text.split(" ±")[0])?.[1].length ?? 0;
  const step = /e/.test(text) ? Math.abs(number) * 0.01 : 0.5 * 10 ** -decimals;
  return [1, 100].some((scale) =>
    [value, Math.abs(value)].some((v) => Math.abs(v * scale - number) <= step * 1.000001),
  );
}

/** Puts each thing that a sentence was told before its check. */
function checkFacts({ facts }: Text, rows: Rows): void {
  for (const { sentence, values } of facts) {
    const check = CHECKS[sentence as keyof Checks] as (values: unknown, rows: Rows) => void;
    expect(check, sentence).toBeDefined();
    try {
      check(values, rows);
    } catch (error) {
      throw new Error(`${sentence}: ${JSON.stringify(values)}\n${(error as Error).message}`, { cause: error });
    }
  }
}

describe("every sentence", () => {
  let dir: string;
  let store: Store;
  const said = new Set<string>();

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "losslab-"));
    store = await openStore(dir);
  });
  afterAll(async () => {
    await store.close();
    rmSync(dir, { recursive: true });
  });

  it.each(Object.entries(RUNS))(
    "of the report of %s",
    async (name, made) => {
      const id = `run-${contentHash(name)}`;
      // Trials are the store's by their ids: runs that share some would share their rows.
      const own = new Map(made.trials.map((t) => [t.trial.id, contentHash([id, t.trial.id])]));
      const trials = made.trials.map((t) => ({ ...t, trial: { ...t.trial, id: own.get(t.trial.id)! }, history: t.history.map((r) => ({ ...r, trial: own.get(r.trial)! })) })); // biome-ignore format: one line
      await save(store, { run: { ...made.run, id, trials: trials.map((t) => t.trial.id) }, trials });
      await store.updateRun(id, { state: made.run.state });
      const results = await store.results(id, { confusions: true });
      const document = await buildReport(await store.results(id, { confusions: "last" }));
      const rows = new Rows(results);
      const sentences = sentencesOf(document);
      expect(sentences.length).toBeGreaterThan(5);
      for (const { parts, facts } of sentences) {
        for (const { sentence } of facts) said.add(sentence);
        checkFacts({ parts, facts }, rows);
        const known = facts.flatMap(({ values }) => numbersIn(values));
        const words = parts.map((p) => (typeof p === "string" ? p : p.text)).join("");
        for (const part of parts) {
          if (typeof part === "string") expect(part.replace(CONSTANTS, ""), words).not.toMatch(/\d/);
          else if (part.value !== undefined) {
            expect(isRounded(part.text, part.value), `${part.text} of ${part.value} in: ${words}`).toBe(true);
            expect(
              known.some((k) => Math.abs(k - part.value!) <= 1e-12),
              `${part.text} in: ${words}`,
            ).toBe(true);
          }
        }
      }
    },
    120_000,
  );

  it.each([
    ["is decided", [0.9, 0.6, 0.3]],
    ["is open", [0.9, 0.9, 0.9]],
  ])("of looks, where all %s", async (_, accuracies) => {
    const made = withSpec(fixtureResults({ configurations: [ce, focal(2), mae].map((loss, i) => ({ loss, accuracy: accuracies[i] })), seeds: 8, epochs: 2 }), { seeds: [1, 2, 3, 4], until: { decided: 12 } }); // biome-ignore format: one line
    const own = (await buildReport(made)).sections.filter(({ id }) => id === "looks");
    const sentences = sentencesOf({ title: "", question: null, facts: [], sections: own });
    expect(sentences.flatMap(({ facts }) => facts.map((f) => f.sentence)).sort()).toEqual([
      "looks.end",
      "looks.methods",
    ]);
    for (const sentence of sentences) {
      for (const { sentence: name } of sentence.facts) said.add(name);
      checkFacts(sentence, new Rows(made));
    }
  });

  it("of the catalogue is said by one of them, but for those of rare cases", () => {
    const rare = ["answer.equal", "answer.diverged", "curves.manyUpturns", "answer.equivalent", "answer.withoutResult", "common.outcomes", "common.ofNames", "claims.grounds", "curves.gapOfOne", "curves.gapBothSides", "robustness.underOne", "calibration.one", "ranking.oneEnds", "limitations.unfinished", "convergence.allStill", "answer.behind", "ranking.endClose", "curves.noUpturn", "answer.undecided", "ranking.oneLower", "limitations.lucky"]; // biome-ignore format: list
    const missing = Object.keys(CHECKS).filter((name) => !said.has(name) && !rare.includes(name));
    expect(missing).toEqual([]);
  });
});
