import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { choose } from "../../zoo/entry.ts";
import type { ParameterError } from "../../zoo/problems.ts";
import * as kinds from "./index.ts";
import { type LabelNoise, noisyLabels } from "./noise.ts";

const all = kinds as unknown as Record<string, LabelNoise>;
const seeds = fc.integer({ min: 0, max: 2 ** 40 });
const rates = fc.double({ min: 0, max: 1, noNaN: true });
const names = (count: number): string[] => Array.from({ length: count }, (_, k) => `class ${k}`);

/** A setting of each kind with this rate of noise in its first class. */
const settings: Record<string, (rate: number, classes: readonly string[]) => unknown> = {
  symmetric: (rate) => ({ rate }),
  pairFlip: (rate) => ({ rate }),
  asymmetric: (rate, classes) => ({ rate, flips: { [classes[0]]: classes[classes.length - 1] } }),
  transition: (rate, classes) => ({
    matrix: classes
      .map((_, i) =>
        classes.map((_, j) => (i === j ? 1 - rate / 2 : j === 0 || j === classes.length - 1 ? rate / 2 : 0)),
      )
      .map((row) => row.map((p) => p / row.reduce((a, b) => a + b))),
  }),
};

function transitionOf(name: string, rate: number, classes: readonly string[]): number[][] {
  const { entry, params } = choose<LabelNoise>("label noise", all, { [name]: settings[name](rate, classes) });
  return entry.transition(params, classes);
}

describe.each(Object.keys(all))("%s", (name) => {
  it("has a setting here, a source and a formula", () => {
    expect(all[name].name).toBe(name);
    for (const text of [all[name].title, all[name].summary, all[name].formula, all[name].reference])
      expect(text).toBeTruthy();
    expect(settings[name]).toBeDefined();
  });

  it("gives probabilities, each row of sum 1", () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 2, max: 40 }), (rate, count) => {
        for (const row of transitionOf(name, rate, names(count))) {
          expect(row).toHaveLength(count);
          expect(row.every((p) => p >= 0 && p <= 1)).toBe(true);
          expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
        }
      }),
    );
  });

  it("labels each class as often with each other as its matrix says (five standard deviations)", () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 2, max: 6 }), seeds, (rate, count, seed) => {
        const matrix = transitionOf(name, rate, names(count));
        const labels = Uint8Array.from({ length: 3000 * count }, (_, i) => i % count);
        const noisy = noisyLabels(labels, Uint32Array.from(labels.keys()), matrix, seed);
        matrix.forEach((row, from) => {
          row.forEach((p, to) => {
            const found = noisy.filter((label, i) => labels[i] === from && label === to).length;
            expect(Math.abs(found - 3000 * p)).toBeLessThanOrEqual(5 * Math.sqrt(3000 * p * (1 - p)) + 1e-6);
          });
        });
      }),
      { numRuns: 25 },
    );
  });

  it("changes with a higher rate the same labels in the same way, and more", () => {
    fc.assert(
      fc.property(rates, rates, fc.integer({ min: 2, max: 12 }), seeds, (a, b, count, seed) => {
        const labels = Uint8Array.from({ length: 400 }, (_, i) => i % count);
        const examples = Uint32Array.from(labels.keys());
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((rate) =>
          noisyLabels(labels, examples, transitionOf(name, rate, names(count)), seed),
        );
        // A given matrix may move mass between targets as its rows change; its changes are nested all the same.
        less.forEach((label, i) => {
          if (label !== labels[i]) expect(name === "transition" ? more[i] !== labels[i] : more[i] === label).toBe(true);
        });
      }),
    );
  });

  it("changes an example's label whatever other examples are there, and in the same way each time", () => {
    fc.assert(
      fc.property(rates, seeds, fc.uint8Array({ max: 3, maxLength: 100 }), (rate, seed, labels) => {
        const matrix = transitionOf(name, rate, names(4));
        const examples = Uint32Array.from(labels, (_, i) => 7 * i + 3);
        const noisy = noisyLabels(labels, examples, matrix, seed);
        const some = (_: unknown, i: number): boolean => i % 3 === 1;
        expect(noisyLabels(labels.filter(some), examples.filter(some), matrix, seed)).toEqual(noisy.filter(some));
        expect(noisyLabels(labels.toReversed(), examples.toReversed(), matrix, seed)).toEqual(noisy.toReversed());
      }),
    );
  });
});

test("a rate of 0 changes nothing, one of 1 everything", () => {
  const labels = Uint8Array.from({ length: 500 }, (_, i) => i % 5);
  const examples = Uint32Array.from(labels.keys());
  for (const name of ["symmetric", "pairFlip"]) {
    expect(noisyLabels(labels, examples, transitionOf(name, 0, names(5)), 1)).toEqual(labels);
    const all = noisyLabels(labels, examples, transitionOf(name, 1, names(5)), 1);
    expect(all.some((label, i) => label === labels[i])).toBe(false);
  }
});

test("pair flips lead to the next class only, and kinds of equal rate change the same examples", () => {
  const labels = Uint8Array.from({ length: 5000 }, (_, i) => i % 10);
  const examples = Uint32Array.from(labels.keys());
  const flipped = noisyLabels(labels, examples, transitionOf("pairFlip", 0.45, names(10)), 3);
  const symmetric = noisyLabels(labels, examples, transitionOf("symmetric", 0.45, names(10)), 3);
  flipped.forEach((label, i) => {
    expect([labels[i], (labels[i] + 1) % 10]).toContain(label);
    expect(symmetric[i] !== labels[i]).toBe(label !== labels[i]);
  });
});

test("another seed changes other labels", () => {
  const labels = new Uint8Array(1000);
  const examples = Uint32Array.from(labels.keys());
  const matrix = transitionOf("symmetric", 0.5, names(10));
  const changed = [0, 1].map((seed) => noisyLabels(labels, examples, matrix, seed).map((label) => Number(label !== 0)));
  const both = changed[0].filter((c, i) => c === 1 && changed[1][i] === 1).length;
  expect(both).toBeGreaterThan(180); // about a quarter: they are independent
  expect(both).toBeLessThan(320);
});

describe("mistakes", () => {
  const problems = (spec: unknown): string[] => {
    try {
      choose("label noise", all, spec);
      return [];
    } catch (error) {
      return (error as ParameterError).problems.map((p) => `${p.path.join(".")}: ${p.message}`);
    }
  };

  it("in a matrix are told row by row", () => {
    expect(
      problems({
        transition: [
          [0.9, 0.2],
          [0.5, 0.5, 0],
          [0, 0.5, 0.5],
        ],
      }),
    ).toEqual([expect.stringContaining("transition.matrix.0: must have 3 numbers as there are 3 rows")]);
    expect(
      problems({
        transition: [
          [0.9, 0.2],
          [0.5, 0.5],
        ],
      }),
    ).toEqual([expect.stringContaining("transition.matrix.0: must sum to 1, sums to 1.1")]);
    expect(
      problems({
        transition: [
          [1, 0],
          [-1, 2],
        ],
      }),
    ).toEqual([
      expect.stringContaining("transition.matrix.1.0: must be >= 0, got -1"),
      expect.stringContaining("transition.matrix.1.1: must be <= 1, got 2"),
    ]);
  });

  it("that only the classes show are told with the nearest name", () => {
    const { params } = choose<LabelNoise>("label noise", all, { asymmetric: { rate: 0.4, flips: { cat: "dgo" } } });
    expect(() => kinds.asymmetric.transition(params as never, ["cat", "dog"])).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ hint: 'did you mean "dog"?' })] }),
    );
    expect(() =>
      kinds.transition.transition(
        {
          matrix: [
            [1, 0],
            [0, 1],
          ],
          validation: false,
        },
        names(3),
      ),
    ).toThrow("has 2 rows for 3 classes");
  });
});
