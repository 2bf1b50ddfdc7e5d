import { describe, expect, it } from "vitest";
import type { RunResults } from "../run/records.ts";
import { nominalLevels } from "../stats/group-sequential.ts";
import { random } from "../util/random.ts";
import { buildReport } from "./build.ts";
import { judgedClaims } from "./claims.ts";
import { comparisonsOf } from "./comparisons.ts";
import { configurations } from "./configurations.ts";
import { ce, fixtureResults, focal, fourLosses, mae } from "./fixture.ts";
import { toJson } from "./json.ts";
import { endText, sequentialLooks } from "./looks.ts";
import { asOfLook, looksOf } from "./sampling.ts";

const claims = [
  { id: "A", claim: "CE is above MAE", test: "accuracy(ce) > accuracy(mae)" },
  { id: "B", claim: "CE is above focal", test: "accuracy(ce) > accuracy(focal(2))" },
];

/** Seeds 1 to `seeds` of a study that may add up to `most`. */
function growing(seeds: number, most: number, accuracies: readonly [number, number, number], of: object[] = claims) {
  const results = fixtureResults({
    configurations: [ce, focal(2), mae].map((loss, i) => ({ loss, accuracy: accuracies[i] })),
    seeds,
    epochs: 2,
  });
  Object.assign(results.run.spec, { seeds: [1, 2, 3, 4], until: { decided: most }, claims: of });
  return results;
}

/** The first seeds alone, as a run has them that was not carried further. */
const only = ({ run, trials }: RunResults, seeds: number): RunResults => {
  const kept = trials.filter(({ trial }) => trial.seed <= seeds);
  return { run: { ...run, trials: kept.map(({ trial }) => trial.id) }, trials: kept };
};

describe("looks", () => {
  const results = growing(12, 20, [0.9, 0.9, 0.5]);

  it("are complete when all of their trials have ended, and what came since is not looked at", () => {
    expect(looksOf(results)!.taken).toBe(3);
    expect(looksOf(fixtureResults())).toBeNull();
    const partial = only(results, 10);
    const running: RunResults = {
      ...results,
      trials: results.trials.map((t) => (t.trial.seed === 12 ? { ...t, status: "running" } : t)),
    };
    for (const r of [partial, running]) {
      expect(looksOf(r)!.taken).toBe(2);
      expect(sequentialLooks(r)).toEqual(sequentialLooks(only(results, 8)));
      expect(judgedClaims(r)).toEqual(judgedClaims(only(results, 8)));
    }
  });

  it("say of each moment what was said then: a look's numbers depend on its rows alone", () => {
    const all = sequentialLooks(results)!;
    for (const k of [0, 1, 2]) {
      const then = asOfLook(results, all.design, k);
      expect(then.trials).toHaveLength(3 * 4 * (k + 1));
      expect(sequentialLooks(then)!.taken).toEqual(all.taken.slice(0, k + 1));
    }
  });

  it("never take a decision back, and end when all is decided", () => {
    const clear = growing(20, 20, [0.9, 0.8, 0.5]);
    const { taken, end } = sequentialLooks(clear)!;
    expect(end).toBe("decided");
    for (const [k, look] of taken.entries())
      for (const [i, { verdict }] of look.questions.entries())
        if (verdict !== null) for (const later of taken.slice(k)) expect(later.questions[i].verdict).toBe(verdict);
    expect(sequentialLooks(results)!.end).toBeNull();
    expect(endText(sequentialLooks(results)!)).toMatch(/^1 of 2 undecided so far, at 12 of at most 20 seeds: 36 trials, /); // biome-ignore format: one line
  });

  it("are of the ranking where nothing is claimed: the others against the first on each data", () => {
    const { of, taken } = sequentialLooks(growing(8, 20, [0.9, 0.9, 0.5], []))!;
    expect(of).toBe("comparisons");
    expect(taken[1].questions.map(({ verdict }) => verdict)).toEqual([null, "behind"]);
  });

  it("stop for futility only where that is asked", () => {
    const hopeless = growing(8, 12, [0.9, 0.9, 0.5], [claims[1]]);
    // Equal but for a coin: whether CE is above focal is not to be found out.
    for (const t of hopeless.trials) if (!("mae" in t.trial.loss)) t.history[1].test.accuracy = 0.9 + ((("ce" in t.trial.loss ? 0 : 1) + t.trial.seed) % 2) / 100; // biome-ignore format: one line
    const [question] = sequentialLooks(hopeless)!.taken[1].questions;
    expect(question.prospect).toBeLessThan(0.1);
    expect(sequentialLooks(hopeless)!.end).toBeNull();
    hopeless.run.spec.until = { decided: { maxSeeds: 12, futility: "stop" } };
    expect(sequentialLooks(hopeless)!.end).toBe("futile");
  });

  it("have wider intervals than a fixed sample, by the boundary of the look", () => {
    const fixed = { ...results, run: { ...results.run, spec: { ...results.run.spec, until: undefined } } };
    const [a, b] = [results, fixed].map((r) => comparisonsOf(r, configurations(r)).pairs[0].judged.difference);
    expect(a.mean).toBe(b.mean);
    expect(a.halfWidth!).toBeGreaterThan(b.halfWidth!);
    expect(nominalLevels({ fractions: [0.2, 0.4, 0.6, 0.8, 1], spending: "obrienFleming" }, 0.025)[2]).toBeLessThan(
      0.025,
    );
    const findings = [results, fixed].map((r) => judgedClaims(r)[0].findings[0].difference.halfWidth!);
    expect(findings[0]).toBeGreaterThan(findings[1]);
  });

  it("are in the report and in --json", async () => {
    const document = await buildReport(results);
    const section = document.sections.find(({ id }) => id === "looks")!;
    const table = section.blocks.flatMap((b) => (b.kind === "table" ? [b.table] : []))[0];
    expect(table.rows).toHaveLength(5);
    expect(table.rows.map((r) => r[4].text)).toEqual(["4.877", "3.357", "2.680", "2.290", "2.031"]);
    expect(table.rows.map((r) => r[8].text)).toEqual([expect.any(String), "B", "B", "not taken", "not taken"]);
    const json = toJson(results, { history: false }) as {
      sequential: { taken: object[]; maxSeeds: number; end: null };
    };
    expect(json.sequential).toMatchObject({ maxSeeds: 20, spending: "obrienFleming", of: "claims", end: null });
    expect(json.sequential.taken.map((l) => (l as { seeds: number }).seeds)).toEqual([4, 8, 12]);
    expect(toJson(fixtureResults(), { history: false })).not.toHaveProperty("sequential");
    expect((await buildReport(fixtureResults({ configurations: fourLosses }))).sections.map((s) => s.id)).not.toContain("looks"); // biome-ignore format: one line
  });
});

it("a study that looks until all is decided finds what is not there in at most 5 % of cases", () => {
  const study = growing(16, 16, [0.9, 0.9, 0.9], [...claims, { id: "C", claim: "x", test: "accuracy(ce) < 90 %" }]);
  const stream = random(11, "looks under the null");
  const repeats = 100;
  let wrong = 0;
  for (let r = 0; r < repeats; r++) {
    study.trials.forEach((t, i) => {
      t.history[1].test.accuracy = 0.9 + 0.01 * stream.normal(1000 * r + i);
    });
    if (sequentialLooks(study)!.taken.some(({ questions }) => questions.some(({ verdict }) => verdict !== null)))
      wrong++;
  }
  expect(wrong / repeats).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / repeats));
});
