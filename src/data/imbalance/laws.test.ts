import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { choose } from "../../zoo/entry.ts";
import { classSizes, type Imbalance, unbalanced } from "./imbalance.ts";
import * as kinds from "./index.ts";

const all = kinds as unknown as Record<string, Imbalance>;
const seeds = fc.integer({ min: 0, max: 1000 });
const ratios = fc.double({ min: 1, max: 200, noNaN: true });
const counts = (indices: Uint32Array, labels: Uint8Array, classes: number): number[] =>
  Array.from({ length: classes }, (_, k) => indices.filter((i) => labels[i] === k).length);

const divisorsOf = (name: string, ratio: number, classes: number): number[] => {
  const { entry, params } = choose<Imbalance>("imbalance", all, { [name]: ratio });
  return entry.divisors(params, classes);
};

describe.each(Object.keys(all))("%s", (name) => {
  it("says what it is", () => {
    expect(all[name].name).toBe(name);
    for (const text of [all[name].title, all[name].summary, all[name].formula, all[name].reference])
      expect(text).toBeTruthy();
  });

  it("begins with 1, never falls and ends with the ratio", () => {
    fc.assert(
      fc.property(ratios, fc.integer({ min: 2, max: 100 }), (ratio, classes) => {
        const divisors = divisorsOf(name, ratio, classes);
        expect(divisors[0]).toBe(1);
        expect(divisors.at(-1)).toBeCloseTo(ratio, 10);
        expect(divisors).toEqual(divisors.toSorted((a, b) => a - b));
      }),
    );
  });

  it("gives balanced classes their whole head and exactly floor(head / ratio) of the tail", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 2, max: 20 }),
        (ratio, tail, classes) => {
          const head = ratio * tail;
          const sizes = classSizes(Array(classes).fill(head), divisorsOf(name, ratio, classes));
          expect(sizes[0]).toBe(head);
          expect(sizes.at(-1)).toBe(tail);
        },
      ),
    );
  });
});

test("CIFAR-10 with a long tail of 100 has the sizes of Cui et al.", () => {
  expect(classSizes(Array(10).fill(5000), divisorsOf("longTail", 100, 10))).toEqual([
    5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50,
  ]);
});

test("steps have as many rare classes as asked for", () => {
  const step = (minority: number) => kinds.step.divisors({ ratio: 10, minority, rare: "last" }, 10);
  expect(step(0.5)).toEqual([1, 1, 1, 1, 1, 10, 10, 10, 10, 10]);
  expect(step(0.2).filter((d) => d === 10)).toHaveLength(2);
  expect(() => step(0.01)).toThrow("0.01 of 10 classes is 0; expected at least one rare and one common");
});

test("unequal classes come to the ratio all the same, with as many examples as they allow", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 2, maxLength: 10 }),
      ratios,
      (available, ratio) => {
        const divisors = divisorsOf("longTail", ratio, available.length);
        const sizes = classSizes(available, divisors);
        sizes.forEach((size, k) => {
          expect(size).toBeLessThanOrEqual(available[k]);
          expect(size).toBe(Math.floor((sizes[0] / divisors[k]) * (1 + 1e-12)));
        });
        // One more at the head and some class would not have enough.
        expect(available.some((n, k) => (sizes[0] + 1) / divisors[k] > n)).toBe(true);
      },
    ),
  );
});

describe("unbalanced", () => {
  const labels = Uint8Array.from({ length: 1000 }, (_, i) => i % 10);
  const from = Uint32Array.from(labels.keys()).filter((i) => i % 7 !== 0);

  it("draws ascending examples of the right sizes, fewer of them among more", () => {
    fc.assert(
      fc.property(fc.constantFrom("last", "random"), seeds, (rare, seed) => {
        const even = from.filter((i) => i < 700); // sixty of each class
        const [less, more] = [20, 5].map((ratio) =>
          unbalanced(even, labels, divisorsOf("longTail", ratio, 10), rare, seed),
        );
        expect(less).toEqual(less.toSorted());
        expect(more.length).toBeGreaterThan(less.length);
        const kept = new Set(more);
        expect([...less].every((i) => kept.has(i))).toBe(true);
        expect(counts(less, labels, 10).sort((a, b) => b - a)).toEqual(
          classSizes(Array(10).fill(60), divisorsOf("longTail", 20, 10)),
        );
      }),
    );
  });

  it("makes the last classes rare, or others for each seed", () => {
    const divisors = divisorsOf("step", 10, 10);
    expect(
      counts(unbalanced(from, labels, divisors, "last", 0), labels, 10)
        .slice(5)
        .every((n) => n < 10),
    ).toBe(true);
    const rareClasses = [1, 2, 3].map((seed) =>
      String(counts(unbalanced(from, labels, divisors, "random", seed), labels, 10)),
    );
    expect(new Set(rareClasses).size).toBe(3);
  });

  it("refuses to leave a class without examples", () => {
    expect(() => unbalanced(from, labels, divisorsOf("longTail", 1000, 10), "last", 0)).toThrow(
      "without a training example",
    );
    const missing = from.filter((i) => labels[i] !== 9);
    expect(() => unbalanced(missing, labels, divisorsOf("longTail", 2, 10), "last", 0)).toThrow(
      "without a training example",
    );
  });
});
