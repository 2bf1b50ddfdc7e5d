import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunResults, TrialResult } from "../run/records.ts";
import { holm } from "../stats/adjust.ts";
import { pairedT } from "../stats/paired-t.ts";
import { summary } from "../stats/summary.ts";
import { percent, points } from "../util/format.ts";
import { answer } from "./answer.ts";
import { compareAll } from "./comparisons.ts";
import { configurations } from "./configurations.ts";
import { ce, fixtureResults, focal, fourLosses, hinge, kl, mae, manyConfigurations, onDataSets } from "./fixture.ts";
import { SERIES_COLORS } from "./palette.ts";
import { rankConfigurations, ranking, rankingsByData } from "./ranking.ts";
import { terminalTable } from "./terminal-table.ts";

const results = fixtureResults();
const final = (t: TrialResult) => t.history.at(-1)!.test.accuracy;
const trialsOf = (r: RunResults, name: string) => r.trials.filter((t) => name in t.trial.loss);

/** Final test accuracies set by hand: one list for each of CE, focal, hinge, MAE and other focal losses. */
function withAccuracies(lists: number[][]): RunResults {
  const losses = [ce, focal(2), hinge(5), mae, focal(1), focal(3), focal(4), focal(5)].slice(0, lists.length);
  const made = fixtureResults({
    configurations: losses.map((loss) => ({ loss, accuracy: 0.9 })),
    seeds: lists[0].length,
    epochs: 2,
  });
  made.trials.forEach((t, i) => {
    const n = lists[0].length;
    t.history.at(-1)!.test.accuracy = lists[Math.floor(i / n)][i % n];
  });
  return made;
}

describe("configurations", () => {
  it("groups by everything but the seed, in the study's order whatever the order of the trials", () => {
    const all = configurations({ ...results, trials: [...results.trials].reverse() });
    expect(all.map((c) => c.label)).toEqual(["CE", "focal γ=0.5", "hinge Δ=5", "MAE"]);
    expect(all.map((c) => c.trials.map((t) => t.trial.seed))).toEqual(Array(4).fill([1, 2, 3]));
    expect(all.map((c) => c.style.color)).toEqual(SERIES_COLORS.slice(0, 4));
  });

  it("keeps final and best-validation figures apart", () => {
    const [c] = configurations(results);
    const best = c.done.map(({ history }) => {
      const top = Math.max(...history.map((r) => r.validation!.accuracy));
      return history.find((r) => r.validation!.accuracy === top)!.test.accuracy;
    });
    expect(c.summaries.testAccuracyAtBestValidation).toEqual(summary(best));
    expect(c.summaries.testAccuracy).toEqual(summary(c.done.map(final)));
    const [without] = configurations(fixtureResults({ validation: false }));
    expect(without.summaries.testAccuracyAtBestValidation).toBeNull();
    expect(without.summaries.validationAccuracy).toBeNull();
  });

  it("gives one loss one colour and its variants a dash each", () => {
    const all = configurations(fixtureResults({ configurations: manyConfigurations(15), seeds: 1, epochs: 2 }));
    for (const c of all) {
      const name = JSON.stringify(c.loss);
      const same = all.filter((o) => JSON.stringify(o.loss) === name);
      expect(new Set(same.map((o) => o.style.color)).size).toBe(1);
      expect(new Set(same.map((o) => o.style.dash.join())).size).toBe(same.length);
      expect(new Set(same.map((o) => o.style.shape)).size).toBe(same.length);
    }
  });
});

describe("ranking", () => {
  it.each([
    results,
    fixtureResults({ seeds: 1 }),
    fixtureResults({ configurations: manyConfigurations(), seeds: 2, epochs: 3 }),
  ])("is sorted, whole and leaves no configuration out", (r) => {
    const rows = ranking(r);
    expect(rows.length).toBe(configurations(r).length);
    const means = rows.flatMap((row) => row.configuration.summaries.testAccuracy?.mean ?? []);
    expect(means).toEqual([...means].sort((a, b) => b - a));
    expect(rows.flatMap((row) => row.rank ?? [])).toEqual(means.map((_, i) => i + 1));
    expect(rows.slice(means.length).every((row) => row.rank === null && row.standing === "unfinished")).toBe(true);
  });

  it("compares what was trained on the same data alone: those pairs are the family", () => {
    const names = ["mnist", "kmnist"];
    const several = onDataSets(names);
    const [both, ...alone] = [names, ...names.map((n) => [n])].map((n) => configurations(onDataSets(n)));
    const family = compareAll(both);
    expect(family.pairs).toHaveLength(2 * 3);
    expect(family.of(both[0], both[3])).toBeNull();
    const p = family.pairs.map(({ judged }) => judged.p!);
    expect(family.pairs.map(({ judged }) => judged.adjustedP)).toEqual(holm(p));
    expect(p.slice(0, 3)).toEqual(compareAll(alone[0]).pairs.map(({ judged }) => judged.p));
    expect(ranking(several).map((r) => r.rank)).toEqual([1, 2, 3, 1, 2, 3]);
    expect(rankingsByData(ranking(several)).map(({ title, rows }) => [title, rows[0].configuration.label])).toEqual([
      ["MNIST", "CE"],
      ["KMNIST", "CE"],
    ]);
    const lines = terminalTable(several, { width: 120, color: false });
    expect([lines[0], lines[6]]).toEqual(["MNIST", "KMNIST"]);
    expect(lines.filter((l) => l.startsWith("1  CE "))).toHaveLength(2);
  });

  it("counts what diverged, and leaves it out of the means", () => {
    const row = ranking(results).find((r) => r.configuration.label === "focal γ=0.5")!;
    expect(row.outcomes).toEqual({ trials: 3, counts: [{ status: "diverged", n: 1 }] });
    expect(row.configuration.summaries.testAccuracy!.n).toBe(2);
    expect(row.difference!.n).toBe(2);
  });

  it("takes the interval of the differences seed by seed", () => {
    // Seeds differ by far more than losses do: unpaired intervals would overlap.
    const rows = ranking(withAccuracies([[0.9, 0.92, 0.94], [0.895, 0.9149, 0.9351]])); // biome-ignore format: lists
    expect(rows[1].standing).toBe("behind");
    expect(rows[1].difference).toEqual(summary([0.895 - 0.9, 0.9149 - 0.92, 0.9351 - 0.94]));
    expect(rows[0].configuration.summaries.testAccuracy!.halfWidth).toBeGreaterThan(0.02);
  });

  it.each([
    [
      "undecided",
      [
        [0.9, 0.91, 0.92],
        [0.91, 0.9, 0.91],
      ],
    ],
    [
      "equal",
      [
        [0.9, 0.91, 0.92],
        [0.9, 0.91, 0.92],
      ],
    ],
    ["undecided", [[0.9], [0.5]]],
  ] as const)("finds %s", (expected, lists) => {
    expect(ranking(withAccuracies(lists.map((l) => [...l])))[1].standing).toBe(expected);
  });

  it("is corrected for comparisons with the best: one far behind is not saved by pairs that nobody asks about", () => {
    const near = [0, 1, 2, 3, 4, 5, 6].map((i) => [0, 1, 2].map((seed) => 0.97 + 0.002 * Math.sin(7 * i + 3 * seed)));
    const far = [0.39, 0.43, 0.47];
    const all = configurations(withAccuracies([...near, far]));
    const comparisons = compareAll(all);
    const rows = rankConfigurations(all, comparisons);
    const last = rows[7];
    expect(comparisons.pairs).toHaveLength(28);
    expect(last.comparison!.verdict).toBe("undecided");
    expect(last.standing).toBe("behind");
    const p = near.map((accuracies) => pairedT(far.map((x, seed) => x - accuracies[seed])).p);
    expect(last.bestP).toBeCloseTo(7 * Math.min(...p), 9);
    expect(rows.slice(1, 7).every(({ standing }) => standing !== "behind")).toBe(true);
  });

  it("never contradicts what is decided among all pairs", () => {
    const accuracy = fc.integer({ min: 900, max: 990 }).map((x) => x / 1000);
    const shift = fc.constantFrom(0, 0, 0.02, 0.5);
    const list = fc.tuple(shift, fc.array(accuracy, { minLength: 3, maxLength: 3 }));
    const made = [2, 4].map((n) => withAccuracies(Array.from({ length: n }, () => [0.9, 0.9, 0.9])));
    fc.assert(
      fc.property(fc.array(list, { minLength: 4, maxLength: 4 }), fc.constantFrom(...made), (drawn, results) => {
        for (const [i, t] of results.trials.entries()) {
          const [by, accuracies] = drawn[Math.floor(i / 3)];
          t.history.at(-1)!.test.accuracy = accuracies[i % 3] - by;
        }
        const all = configurations(results);
        const comparisons = compareAll(all);
        const standing = new Map(rankConfigurations(all, comparisons).map((r) => [r.configuration.key, r.standing]));
        for (const { first, second, judged } of comparisons.pairs) {
          if (judged.verdict !== "different") continue;
          expect(standing.get((judged.difference.mean < 0 ? first : second).key)).toBe("behind");
        }
      }),
      { numRuns: 40 },
    );
  });

  it("sees chance level, also that of an unbalanced test set", () => {
    expect(ranking(results).map((r) => r.chance)).toEqual([null, null, null, "stays"]);
    const lopsided = withAccuracies([[0.52, 0.53]]);
    for (const t of lopsided.trials) {
      for (const r of t.history) r.test = { ...r.test, confusion: [[500, 0], [480, 20]], accuracy: 0.5 }; // biome-ignore format: matrix
    }
    expect(ranking(lopsided)[0].chance).toBe("stays");
    lopsided.trials[0].history[0].test.accuracy = 0.9;
    expect(ranking(lopsided)[0].chance).toBe("ends");
  });
});

describe("answer", () => {
  it("has numbers that follow from the records", () => {
    const rows = ["ce", "focal", "hinge", "mae"].map((name) =>
      trialsOf(results, name).filter((t) => t.status === "done"),
    );
    const [first, second, third] = rows.map((trials) => summary(trials.map(final)));
    const text = answer(results);
    expect(text).toContain(
      `CE is first with ${percent(first.mean)} ± ${percent(first.halfWidth!)} % test accuracy (3 seeds)`,
    );
    const open = summary(rows[1].map((t) => final(t) - final(rows[0].find((o) => o.trial.seed === t.trial.seed)!)));
    expect(text).toContain(
      `focal γ=0.5 (${points(open.mean)} ± ${percent(open.halfWidth!)} points, 1 of 3 diverged) is behind is undecided`,
    );
    expect(second.n).toBe(2);
    expect(third.n).toBe(3);
    expect(text).toContain(`MAE (${percent(summary(rows[3].map(final)).mean)} %) stays at chance`);
    expect(text.match(/\./g)!.at(-1)).toBe(".");
  });

  it("compares what was trained on the same data, and says of each data what would be said of it alone", () => {
    const on = (labelNoise: object, accuracies: number[]) =>
      fourLosses.slice(0, 2).map((c, i) => ({ ...c, data: { set: "mnist", ...labelNoise }, accuracy: accuracies[i] }));
    const [clean, noisy] = [on({}, [0.9, 0.8]), on({ labelNoise: { symmetric: { rate: 0.4 } } }, [0.5, 0.7])];
    const alone = [clean, noisy].map((configurations) => answer(fixtureResults({ configurations })));
    expect(alone[0]).not.toBe(alone[1]);
    const both = answer(fixtureResults({ configurations: [...clean, ...noisy] }));
    expect(both).toBe(`MNIST: ${alone[0]}\nsymmetric noise 0.4: ${alone[1]}`);
  });

  it.each([
    [[[0.9, 0.91, 0.92], [0.8, 0.81, 0.82]], "CE is first with 91.00 ± 2.48 % test accuracy (3 seeds), 10.00 ± 0.00 points ahead of focal γ=2."],
    [[[0.9], [0.8]], "CE has the highest test accuracy, 90.00 % (1 seed), 10.00 points ahead of focal γ=2, but one seed cannot decide the order."],
    [[[0.9, 0.91], [0.9, 0.91]], "CE is first with 90.50 ± 6.35 % test accuracy (2 seeds); focal γ=2 gives the same accuracy in every seed."],
    [[[0.9, 0.91]], "CE reaches 90.50 ± 6.35 % test accuracy (2 seeds)."],
  ])("%j", (lists, expected) => expect(answer(withAccuracies(lists))).toBe(expected)); // biome-ignore format: one case a line

  it("admits that there is none", () => {
    expect(answer({ ...results, trials: [] })).toBe("No trial has finished yet.");
    const lost = fixtureResults({ configurations: [{ loss: ce, accuracy: 0.9, diverges: { 1: 1, 2: 2 } }, { loss: kl, accuracy: 0.9, diverges: { 1: 1, 2: 3 } }], seeds: 2, epochs: 4 }); // biome-ignore format: one line
    expect(answer(lost)).toBe("No configuration gave a result: all 4 trials diverged.");
    const guessing = fixtureResults({ configurations: [fourLosses[3]], seeds: 2, epochs: 3 });
    expect(answer(guessing)).toBe("MAE (10.00 %) stays at chance.");
    const both = fixtureResults({
      configurations: [fourLosses[3], { ...fourLosses[3], loss: ce }],
      seeds: 2,
      epochs: 3,
    });
    expect(answer(both)).toMatch(/^(MAE|CE) \(10.00 %\) and (MAE|CE) \(10.00 %\) stay at chance\.$/);
  });

  it("says that a run is not over", () => {
    expect(answer(fixtureResults({ state: "running" }))).toMatch(/^So far, CE is first/);
    const planned: RunResults = {
      ...results,
      trials: results.trials.map((t) => ({ ...t, status: "planned", history: [] })),
    };
    expect(answer(planned)).toBe("No trial has finished yet.");
  });

  it("stays one readable sentence with many configurations", () => {
    const text = answer(fixtureResults({ configurations: manyConfigurations(), seeds: 2, epochs: 3 }));
    expect(text.length).toBeLessThan(700);
    expect(text).toMatch(/and \d+ others/);
  });
});

describe("terminalTable", () => {
  const many = fixtureResults({ configurations: manyConfigurations(), seeds: 2, epochs: 3 });
  it.each([20, 40, 60, 80, 100, 160])("fits %d columns", (width) => {
    for (const r of [results, many]) {
      const lines = terminalTable(r, { width, color: false });
      expect(lines.length).toBe(configurations(r).length + 1);
      for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width);
      expect(lines.join("")).not.toContain("\u001b");
    }
  });

  it("has the best in bold when in colour, and the same text", () => {
    const plain = terminalTable(results, { width: 120, color: false });
    const colored = terminalTable(results, { width: 120, color: true });
    expect(colored.map((l) => l.replace("\u001b[1m", "").replace("\u001b[22m", ""))).toEqual(plain);
    expect(colored.filter((l) => l.startsWith("\u001b[1m"))).toEqual([colored[1]]);
    expect(plain).toMatchInlineSnapshot(`
      [
        "   configuration  test acc., %  to first, points  test loss  train acc., %  at best val., %  seeds",
        "1  CE             96.34 ± 0.18                       0.1378          98.57            96.34      3",
        "2  focal γ=0.5    96.27 ± 1.33      −0.11 ± 1.65     0.1098          98.49            96.27      2  1 of 3 diverged",
        "3  hinge Δ=5      95.84 ± 0.11      −0.50 ± 0.20      1.558          98.04            95.84      3",
        "4  MAE            10.00 ± 0.00     −86.34 ± 0.18     0.1803          10.00            10.00      3",
      ]
    `);
  });

  it("lines up its columns", () => {
    const lines = terminalTable(results, { width: 120, color: false });
    const places = lines.slice(1).map((l) => l.indexOf("±"));
    expect(new Set(places).size).toBe(1);
  });

  it("keeps the news of lost trials however narrow it gets", () => {
    expect(terminalTable(results, { width: 60, color: false }).join("\n")).toContain("1 of 3 diverged");
  });
});
