import { describe, expect, it } from "vitest";
import { random } from "../util/random.ts";
import { compare } from "./compare.ts";
import { normalDensity, normalTail } from "./distributions/normal.ts";
import { judge } from "./family.ts";
import {
  boundaries,
  type Design,
  nominalLevels,
  type Spending,
  sequentialP,
  spendingFunctions,
} from "./group-sequential.ts";
import { pairedPower } from "./power.ts";
import { differenceSummary, meanP, type Sampling } from "./sampling.ts";

const equal = (looks: number): number[] => Array.from({ length: looks }, (_, i) => (i + 1) / looks);
const design = (looks: number, spending: Spending): Design => ({ fractions: equal(looks), spending });
const designs = [design(2, "pocock"), design(5, "obrienFleming"), design(10, "obrienFleming"), { fractions: [0.1, 0.15, 0.7, 1], spending: "pocock" as const }]; // biome-ignore format: list

/**
 * P(first crossing) at each look of `low(t) < B(t) < high(t)`, by the plainest integration there is: sums over a fixed fine grid. The
 * density is renewed step by step, B(t + s) = B(t) + N(0, s).
 */
function crossed(fractions: readonly number[], c: readonly number[], sides: 1 | 2): number[] {
  const width = 0.02;
  const points = Array.from({ length: 801 }, (_, i) => (i - 400) * width);
  let mass: number[] = points.map((_, i) => (i === 400 ? 1 : 0));
  return fractions.map((t, k) => {
    const sd = Math.sqrt(t - (fractions[k - 1] ?? 0));
    const [high, low] = [c[k] * Math.sqrt(t), sides === 2 ? -c[k] * Math.sqrt(t) : Number.NEGATIVE_INFINITY];
    const held = points.flatMap((x, i) => (mass[i] > 1e-15 ? [[x, mass[i]] as const] : []));
    const total = held.reduce((sum, [x, m]) => sum + m * (normalTail((high - x) / sd) + normalTail((x - low) / sd)), 0);
    // A cell that the boundary cuts counts by the part that lies inside.
    const inside = (x: number) => Math.max(0, Math.min(1, (high - x) / width + 0.5, (x - low) / width + 0.5));
    mass = points.map((x) => {
      const part = inside(x);
      return part === 0
        ? 0
        : (part * width * held.reduce((sum, [u, m]) => sum + m * normalDensity((x - u) / sd), 0)) / sd;
    });
    return total;
  });
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe("boundaries", () => {
  // Lan and DeMets' functions at 5 looks, two-sided 5 %: Reboussin, DeMets, Kim and Lan, 2000, the example of their program.
  it.each([
    ["obrienFleming", [4.8769, 3.3569, 2.6803, 2.2898, 2.031]],
    ["pocock", [2.438, 2.4268, 2.4101, 2.3966, 2.3859]],
  ] as const)("are the published ones of %s", (spending, published) => {
    for (const [k, c] of boundaries(design(5, spending), 0.025).entries()) expect(Math.abs(c - published[k])).toBeLessThan(2e-4); // biome-ignore format: one line
  });

  // Constants of the classical tests, two-sided 5 %: Jennison and Turnbull, 2000, tables 2.1 and 2.3. They show the reference right.
  it.each([
    [2, 2.178, 1.977],
    [3, 2.289, 2.004],
    [5, 2.413, 2.04],
    [10, 2.555, 2.087],
  ])(
    "are compared with an integration that knows the tests of Pocock and of O'Brien and Fleming, %d looks",
    (looks, pocock, obrienFleming) => {
      const t = equal(looks);
      expect(
        sum(
          crossed(
            t,
            t.map(() => pocock),
            2,
          ),
        ),
      ).toBeCloseTo(0.05, 3);
      expect(sum(crossed(t, t.map((f) => obrienFleming / Math.sqrt(f)), 2))).toBeCloseTo(0.05, 3); // biome-ignore format: one line
    },
  );

  it("spend at each look what the function says", () => {
    for (const d of designs) {
      for (const level of [0.3, 0.025]) {
        const spent = d.fractions.map((t) => spendingFunctions[d.spending](level, t));
        const found = crossed(d.fractions, boundaries(d, level), 1);
        for (const [k, p] of found.entries()) expect(Math.abs(p - (spent[k] - (spent[k - 1] ?? 0)))).toBeLessThan(0.002 * level + 1e-9); // biome-ignore format: one line
      }
    }
  });

  it("of one look are those of a fixed sample", () => {
    for (const spending of ["obrienFleming", "pocock"] as const)
      expect(nominalLevels(design(1, spending), 0.025)[0]).toBeCloseTo(0.025, 12);
  });

  it("let through what a smaller level lets through: needed for p values and for Holm's correction", () => {
    for (const d of designs) {
      const levels = [1e-9, 1e-5, 1e-3, 0.01, 0.025, 0.1, 0.3, 0.5].map((level) => nominalLevels(d, level));
      for (let i = 1; i < levels.length; i++)
        for (const [k, p] of levels[i].entries()) expect(p).toBeGreaterThanOrEqual(levels[i - 1][k]);
    }
  });
});

describe("the p over several looks", () => {
  it("is the level at whose boundary a look lies", () => {
    for (const d of designs)
      for (const level of [0.4, 0.05, 0.025, 0.001, 1e-6])
        for (const [k, p] of nominalLevels(d, level).entries())
          expect(sequentialP(d, [...Array(k).fill(null), p]) / level).toBeCloseTo(1, 4);
  });

  it("never rises, is 1 at nothing and that of a fixed sample with one look", () => {
    const d = design(4, "obrienFleming");
    const p = [0.2, 0.004, 0.3, 0.01];
    const so = p.map((_, k) => sequentialP(d, p.slice(0, k + 1)));
    expect(so).toEqual([...so].sort((a, b) => b - a));
    expect(sequentialP(d, [])).toBe(1);
    expect(sequentialP(d, [0.9, 0.8])).toBe(1);
    expect(sequentialP(design(1, "pocock"), [0.013])).toBeCloseTo(0.013, 6);
  });
});

/** Studies of several losses over seeds that are looked at in turn. */
function study(name: string, looks: number, perLook: number, spending: Spending) {
  const stream = random(7, "sequential", name);
  let at = 0;
  const known = equal(looks).map((_, k) => new Set(Array.from({ length: perLook * (k + 1) }, (_, seed) => seed)));
  return {
    draw: (mean: number): Map<number, number> =>
      new Map(Array.from({ length: perLook * looks }, (_, seed) => [seed, mean + stream.normal(at++)])),
    /** At each look in turn. */
    samplings: known.map((_, k): Sampling => ({ design: design(looks, spending), looks: known.slice(0, k + 1) })),
  };
}

const within = (repeats: number) => 4 * Math.sqrt((0.05 * 0.95) / repeats);

describe("looking while seeds are added", () => {
  it.each([
    ["obrienFleming", 6, 5],
    ["pocock", 6, 5],
    ["obrienFleming", 10, 3],
    ["pocock", 10, 3],
  ] as const)("finds what is not there in 5 of 100: %s, %d looks of %d seeds", (spending, looks, perLook) => {
    const repeats = 1500;
    const { draw, samplings } = study(`${spending} ${looks}`, looks, perLook, spending);
    let sequential = 0;
    let naive = 0;
    for (let r = 0; r < repeats; r++) {
      const differences = draw(0);
      const sampling = samplings[looks - 1];
      if (2 * Math.min(meanP(differences, 0, "greater", { sampling })!, meanP(differences, 0, "less", { sampling })!) <= 0.05) sequential++; // biome-ignore format: one line
      const plain = samplings.some(({ looks: known }) => {
        const seen = new Map([...differences].filter(([seed]) => known.at(-1)!.has(seed)));
        return Math.min(meanP(seen, 0, "greater")!, meanP(seen, 0, "less")!) <= 0.025;
      });
      if (plain) naive++;
    }
    expect(Math.abs(sequential / repeats - 0.05)).toBeLessThan(within(repeats));
    expect(naive / repeats).toBeGreaterThan(0.1); // what a fixed sample's level would do
  });

  it("keeps both kinds of error of a whole family of pairs", () => {
    const repeats = 400;
    const { draw, samplings } = study("family", 5, 4, "obrienFleming");
    const zero = new Map(Array.from({ length: 20 }, (_, seed) => [seed, 0]));
    let [seen, missed] = [0, 0];
    for (let r = 0; r < repeats; r++) {
      // Two pairs that do not differ, and two that differ by exactly what would matter.
      const family = [0, 0, 0.8, -0.8].map(draw);
      const judged = judge(family.map((d) => compare(d, zero, { margin: 0.8, sampling: samplings[4] })));
      if (judged.slice(0, 2).some((j) => j.verdict === "different")) seen++;
      if (judged.slice(2).some((j) => j.adjustedEquivalenceP! <= 0.05)) missed++;
    }
    expect(seen / repeats).toBeLessThan(0.05 + within(repeats));
    expect(missed / repeats).toBeLessThan(0.05 + within(repeats));
  });

  it("finds what is there nearly as often as with all seeds at once, with fewer seeds", () => {
    const repeats = 500;
    const { draw, samplings } = study("power", 6, 5, "obrienFleming");
    let [found, seeds] = [0, 0];
    for (let r = 0; r < repeats; r++) {
      const differences = draw(0.6);
      const at = samplings.findIndex((sampling) => 2 * meanP(differences, 0, "greater", { sampling })! <= 0.05);
      if (at >= 0) found++;
      seeds += 5 * (at < 0 ? 6 : at + 1);
    }
    expect(found / repeats).toBeGreaterThan(pairedPower(0.6, 30) - 0.05);
    expect(seeds / repeats).toBeLessThan(24);
  });

  it("has intervals that hold the truth at all looks together", () => {
    const repeats = 500;
    const { draw, samplings } = study("interval", 5, 4, "pocock");
    let wrong = 0;
    for (let r = 0; r < repeats; r++) {
      const differences = draw(0.3);
      const missed = samplings.some((sampling) => {
        const { mean, halfWidth } = differenceSummary(differences, sampling);
        return Math.abs(mean - 0.3) > halfWidth!;
      });
      if (missed) wrong++;
    }
    expect(Math.abs(wrong / repeats - 0.05)).toBeLessThan(within(repeats));
  });

  it("leaves alone what came after the last look", () => {
    const { draw, samplings } = study("partial", 3, 4, "pocock");
    const differences = draw(1);
    const known = new Map([...differences].slice(0, 8));
    expect(compare(differences, new Map([...differences].map(([k]) => [k, 0])), { margin: 1, sampling: samplings[1] })).toEqual(
      compare(known, new Map([...known].map(([k]) => [k, 0])), { margin: 1, sampling: samplings[1] }),
    ); // biome-ignore format: long line
  });
});
