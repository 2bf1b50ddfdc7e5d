/** Statistics beside those of SciPy, statsmodels and brute force: fixtures/references.py. */
import { describe, expect, it } from "vitest";
import { alignedRanksAnova } from "./aligned-ranks.ts";
import { repeatedMeasuresAnova } from "./anova.ts";
import { bcaBootstrap } from "./bootstrap.ts";
import { noncentralTCdf } from "./distributions/noncentral-t.ts";
import { rangeCdf, rangeQuantile } from "./distributions/studentized-range.ts";
import { dzInterval } from "./effect-size.ts";
import references from "./fixtures/references.json" with { type: "json" };
import { interquartileMean } from "./interquartile-mean.ts";
import { mean } from "./mean.ts";
import { permutationTest } from "./permutation.ts";
import { equivalencePower, pairedPower } from "./power.ts";
import { probabilityOfImprovement } from "./probability-of-improvement.ts";
import { shapiroWilk } from "./shapiro-wilk.ts";
import { sphericity } from "./sphericity.ts";
import { wilcoxon } from "./wilcoxon.ts";

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  expect(Math.abs(actual - expected), `got ${actual}, expected ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.max(1e-3, Math.abs(expected)),
  );

describe("distributions", () => {
  it.each(references.noncentralT)("noncentral t at $t, $df, $delta", ({ t, df, delta, cdf }) =>
    near(noncentralTCdf(t, df, delta), cdf),
  );
  it.each(references.range)("range at $q of $k", ({ q, k, cdf }) => {
    near(rangeCdf(q, k), cdf);
    near(rangeQuantile(rangeCdf(q, k), k), q);
  });
});

describe("tests", () => {
  it.each(references.shapiroWilk)("Shapiro and Wilk of $values.length values", ({ values, w, p }) => {
    const found = shapiroWilk(values);
    near(found.w, w, 1e-6);
    near(found.p, p, 1e-5);
  });
  it.each(references.signs)("all signs of $differences", ({ differences, permutationP, wilcoxonP }) => {
    expect(permutationTest(differences)).toEqual({ p: permutationP, exact: true });
    near(wilcoxon(differences).p, wilcoxonP);
  });
  it.each(references.anova)("repeated measures of $levels", ({ subjects, levels, effects, sphericity: shape }) => {
    const found = repeatedMeasuresAnova(subjects, levels);
    expect(found.map((e) => e.factors)).toEqual(effects.map((e) => e.factors));
    for (const [i, { f, df, errorDf, p }] of effects.entries()) {
      near(found[i].f, f);
      near(found[i].p, p);
      expect([found[i].df, found[i].errorDf]).toEqual([df, errorDf]);
    }
    if (!shape) return;
    near(found[0].sphericity.epsilon, shape.epsilon);
    near(found[0].sphericity.mauchly!.w, shape.w);
    near(found[0].sphericity.mauchly!.p, shape.p);
  });
  it.each(references.alignedRanks)("aligned ranks of $levels", ({ subjects, levels, effects }) => {
    const found = alignedRanksAnova(subjects, levels);
    for (const [i, { f, p }] of effects.entries()) {
      near(found[i].f, f);
      near(found[i].p, p);
    }
  });
  it("Mauchly needs more subjects than contrasts", () => {
    expect(sphericity([[1, 2, 3], [2, 5, 1], [0, 1, 1]]).mauchly).toBeNull(); // biome-ignore format: matrix
    expect(sphericity([[1], [2]])).toEqual({ epsilon: 1, mauchly: null });
  });
});

describe("power", () => {
  it.each(references.pairedPower)("of the t test: $effect, $n", ({ effect, n, level, power }) =>
    near(pairedPower(effect, n, level), power),
  );
  it.each(references.equivalencePower)("of equivalence: $difference, $sd, $n", ({ power, ...of }) =>
    near(equivalencePower(of.difference, of.sd, of.margin, of.n, of.level), power, 1e-7),
  );
});

describe("estimates", () => {
  it.each(references.dzInterval)("d_z of $differences.length", ({ differences, low, high }) => {
    near(dzInterval(differences).low, low, 1e-8);
    near(dzInterval(differences).high, high, 1e-8);
  });
  it.each(references.wilson)("probability of improvement, $wins of $n", ({ wins, n, low, high }) => {
    const found = probabilityOfImprovement(Array.from({ length: n }, (_, i) => (i < wins ? 1 : -1)));
    expect(found.estimate).toBe(wins / n);
    expect(found.low).toBeCloseTo(low, 12);
    expect(found.high).toBeCloseTo(high, 12);
  });
  it.each(references.interquartileMean)("interquartile mean", ({ scores, value }) =>
    near(interquartileMean(scores), value),
  );
  it.each(references.bca)("BCa of $values.length values", ({ values, low, high }) => {
    const found = bcaBootstrap(values, mean, { resamples: 20_000 });
    // Both draw at random: a hundredth of the width.
    expect(Math.abs(found.low - low)).toBeLessThan(0.015 * (high - low));
    expect(Math.abs(found.high - high)).toBeLessThan(0.015 * (high - low));
  });
});
