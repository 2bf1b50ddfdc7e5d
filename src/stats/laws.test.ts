import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holm } from "./adjust.ts";
import { bestP } from "./best.ts";
import { compare, reversed } from "./compare.ts";
import { criticalDifferences } from "./critical-difference.ts";
import { equivalence } from "./equivalence.ts";
import { judge, pairsToSettle } from "./family.ts";
import { friedman } from "./friedman.ts";
import { pairedT } from "./paired-t.ts";
import { performanceProfile } from "./performance-profile.ts";
import { permutationTest } from "./permutation.ts";
import { pairedPower, pairsNeeded } from "./power.ts";
import { ranks } from "./ranks.ts";
import { wilcoxon } from "./wilcoxon.ts";

const values = (minLength: number, maxLength = 10) =>
  fc.array(fc.integer({ min: -50, max: 50 }), { minLength, maxLength });
const keyed = (list: readonly number[]) => new Map(list.entries());
const margin = 5;

describe("comparisons", () => {
  it("are those of the tests, seed by seed", () => {
    fc.assert(
      fc.property(values(2), values(2), (a, b) => {
        const n = Math.min(a.length, b.length);
        const differences = a.slice(0, n).map((x, i) => x - b[i]);
        const found = compare(keyed(a), keyed(b), { margin });
        expect(found.differences).toEqual(differences);
        expect(found.p).toBeCloseTo(pairedT(differences).p, 12);
        expect(found.equivalenceP).toBeCloseTo(equivalence(differences, margin).p, 12);
      }),
    );
  });

  it("say the same from either side", () => {
    fc.assert(
      fc.property(values(2), values(2), (a, b) => {
        const [there, back] = [compare(keyed(a), keyed(b), { margin }), compare(keyed(b), keyed(a), { margin })];
        expect(reversed(there).differences).toEqual(back.differences);
        expect(back.p).toBeCloseTo(there.p!, 12);
        expect(back.equivalenceP).toBeCloseTo(there.equivalenceP!, 12);
      }),
    );
  });

  it("say nothing of one pair, and do not take rounding for certainty", () => {
    const one = compare(keyed([1]), keyed([2]), { margin });
    expect([one.p, one.equivalenceP, judge([one])[0].verdict]).toEqual([null, null, "undecided"]);
    const [a, b] = [keyed([0.501, 0.503]), keyed([0.5, 0.502])];
    expect(compare(a, b, { margin: 0.005 }).p).toBeLessThan(1e-6);
    expect(compare(a, b, { margin: 0.005, step: 0.001 }).p).toBeGreaterThan(0.1);
  });
});

describe("a family", () => {
  const comparison = (differences: number[]) =>
    compare(keyed(differences), keyed(differences.map(() => 0)), { margin });
  const [far, near, open, none] = [[20, 21, 22, 23], [0.1, -0.1, 0.2, -0.2], [-3, 12, 6, 1], [0, 0, 0, 0]].map(comparison); // biome-ignore format: lists

  it("tells differences, equivalence and indecision apart", () => {
    expect(judge([far, near, open, none]).map((c) => c.verdict)).toEqual([
      "different",
      "equivalent",
      "undecided",
      "equal",
    ]);
  });

  it("decides less, the more is looked at, and never more than without a correction", () => {
    const slight = comparison([4, 7, 9, 5]);
    const alone = judge([slight])[0];
    const among = judge([slight, ...Array(40).fill(open)])[0];
    expect(alone.verdict).toBe("different");
    expect(among.verdict).toBe("undecided");
    expect(among.adjustedP).toBeGreaterThan(alone.adjustedP!);
  });

  it("knows about how many seeds would settle it", () => {
    const n = pairsToSettle(open, margin, 0.05)!;
    expect(n).toBeGreaterThan(4);
    const effect = Math.abs(open.difference.mean) / open.sd!;
    expect(pairedPower(effect, n)).toBeGreaterThanOrEqual(0.8);
    expect(pairsToSettle(open, margin, 0.01)!).toBeGreaterThan(n);
    expect(pairsToSettle(comparison([1, 2]), margin, 0.05)).toBeNull();
  });
});

describe("power", () => {
  it("rises with pairs and effect, and the pairs needed are the fewest", () => {
    const n = pairsNeeded((pairs) => pairedPower(0.6, pairs))!;
    expect(pairedPower(0.6, n)).toBeGreaterThanOrEqual(0.8);
    expect(pairedPower(0.6, n - 1)).toBeLessThan(0.8);
    expect(pairedPower(0.7, n)).toBeGreaterThan(pairedPower(0.6, n));
    expect(pairedPower(0, 12)).toBeCloseTo(0.05, 9);
    expect(pairsNeeded((pairs) => pairedPower(1e-6, pairs))).toBeNull();
    for (const guess of [1, n - 1, n, n + 1, 3 * n, 1e6]) {
      expect(pairsNeeded((pairs) => pairedPower(0.6, pairs), 0.8, 10_000, guess)).toBe(n);
      expect(pairsNeeded((pairs) => pairedPower(1e-6, pairs), 0.8, 10_000, guess)).toBeNull();
      expect(pairsNeeded(() => 1, 0.8, 10_000, guess)).toBe(2);
    }
  });
});

describe("tests of signs", () => {
  it("do not change with the order, and turn with the sign", () => {
    fc.assert(
      fc.property(values(1, 9), (d) => {
        const minus = d.map((x) => 0 - x);
        for (const test of [permutationTest, wilcoxon] as ((d: number[], o?: object) => { p: number })[]) {
          expect(test([...d].reverse()).p).toBeCloseTo(test(d).p, 12);
          expect(test(minus).p).toBeCloseTo(test(d).p, 12);
          expect(test(minus, { alternative: "less" }).p).toBeCloseTo(test(d, { alternative: "greater" }).p, 12);
          expect(test(d).p).toBeGreaterThan(0);
          expect(test(d).p).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("ranks", () => {
  it("add up, keep the order and share ties", () => {
    fc.assert(
      fc.property(values(1), (x) => {
        const r = ranks(x);
        expect(r.reduce((a, b) => a + b, 0)).toBe((x.length * (x.length + 1)) / 2);
        for (const i of x.keys()) for (const j of x.keys()) expect(Math.sign(r[i] - r[j])).toBe(Math.sign(x[i] - x[j]));
      }),
    );
  });

  it("make groups that hold everything that cannot be told apart", () => {
    fc.assert(
      fc.property(fc.array(values(5, 5), { minLength: 4, maxLength: 9 }), (blocks) => {
        const { meanRanks } = friedman(blocks);
        const { difference, order, groups } = criticalDifferences(meanRanks, blocks.length);
        const at = (i: number) => meanRanks[order[i]];
        const together = (i: number, j: number) => groups.some(([first, last]) => first <= i && j <= last);
        for (let i = 0; i < 5; i++)
          for (let j = i + 1; j < 5; j++) expect(together(i, j)).toBe(at(j) - at(i) <= difference);
        expect(new Set(groups.map(String)).size).toBe(groups.length);
      }),
    );
  });
});

it("Holm lies between no correction and Bonferroni's, in the same order", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (p) => {
      const adjusted = holm(p);
      for (const [i, a] of adjusted.entries()) {
        expect(a).toBeGreaterThanOrEqual(p[i]);
        expect(a).toBeLessThanOrEqual(Math.min(1, p[i] * p.length));
        for (const [j, b] of adjusted.entries()) if (p[i] < p[j]) expect(a).toBeLessThanOrEqual(b);
      }
    }),
  );
});

describe("those that may be the best", () => {
  const of = (columns: readonly number[][]) =>
    bestP(columns.length, (i, j) => {
      const differences = columns[i].map((x, k) => x - columns[j][k]);
      return { difference: differences.reduce((a, b) => a + b, 0) / differences.length, p: pairedT(differences).p };
    });
  const column = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 5, maxLength: 5 });

  it("of two are those of the two-sided test, for the lower", () => {
    fc.assert(
      fc.property(column, column, (a, b) => {
        fc.pre(new Set(a.map((x, i) => (x - b[i]).toPrecision(6))).size > 1);
        const differences = a.map((x, i) => x - b[i]);
        const { t, p } = pairedT(differences);
        expect(of([a, b])).toEqual(t < 0 ? [p, 1] : [1, p]);
      }),
    );
  });

  it("have the one with the highest mean among them", () => {
    fc.assert(
      fc.property(fc.array(column, { minLength: 2, maxLength: 6 }), (columns) => {
        const means = columns.map((c) => c.reduce((a, b) => a + b, 0));
        const first = means.indexOf(Math.max(...means));
        expect(of(columns)[first]).toBe(1);
      }),
    );
  });

  it("are all, where nothing was tested", () => {
    expect(bestP(3, () => null)).toEqual([1, 1, 1]);
    expect(bestP(2, () => ({ difference: -1, p: null }))).toEqual([1, 1]);
  });
});

it("a performance profile falls from one to nothing, and weighs strata alike", () => {
  const scores = [[0.2, 0.4], [0.6, 0.7, 0.8, 0.9]]; // biome-ignore format: lists
  expect(performanceProfile(scores, [0, 0.3, 0.5, 0.75, 1])).toEqual([1, 0.75, 0.5, 0.25, 0]);
});
