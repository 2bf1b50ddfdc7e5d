import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { carve, carveValidation, subset } from "./split.ts";

const labelsOf = fc.uint8Array({ min: 0, max: 4, minLength: 2, maxLength: 200 });
const seeds = fc.integer({ min: 0, max: 1000 });
const perClass = (indices: Uint32Array, labels: Uint8Array): number[] =>
  Array.from({ length: 5 }, (_, k) => indices.filter((i) => labels[i] === k).length);

describe("carveValidation", () => {
  it("parts the examples into two ascending lists of the wanted sizes", () => {
    fc.assert(
      fc.property(labelsOf, fc.double({ min: 0, max: 0.999, noNaN: true }), seeds, (labels, part, seed) => {
        const wanted = Math.floor(part * labels.length);
        const { train, validation } = carveValidation(labels.length, labels, wanted, seed);
        expect(validation).toHaveLength(wanted);
        expect([...train, ...validation].sort((a, b) => a - b)).toEqual([...labels.keys()]);
        for (const list of [train, validation]) expect(list).toEqual(list.toSorted());
      }),
    );
  });

  it("takes from each class its share, rounded up or down", () => {
    fc.assert(
      fc.property(labelsOf, seeds, (labels, seed) => {
        const wanted = Math.floor(labels.length / 3);
        const { validation } = carveValidation(labels.length, labels, wanted, seed);
        const all = perClass(Uint32Array.from(labels.keys()), labels);
        perClass(validation, labels).forEach((taken, k) => {
          const share = (wanted * all[k]) / labels.length;
          expect(taken).toBeGreaterThanOrEqual(Math.floor(share));
          expect(taken).toBeLessThanOrEqual(Math.ceil(share));
        });
      }),
    );
  });

  const labels = Uint8Array.from({ length: 1000 }, (_, i) => i % 5);

  it("is the same for one seed and another for another", () => {
    expect(carveValidation(1000, labels, 100, 7)).toEqual(carveValidation(1000, labels, 100, 7));
    expect(carveValidation(1000, labels, 100, 7)).not.toEqual(carveValidation(1000, labels, 100, 8));
  });

  it("takes a number below 1 as a fraction, and 0 as none", () => {
    expect(carveValidation(1000, labels, 0.1, 7)).toEqual(carveValidation(1000, labels, 100, 7));
    const none = carveValidation(1000, labels, 0, 7);
    expect(none.validation).toHaveLength(0);
    expect(none.train).toHaveLength(1000);
  });

  it.each([-1, 1000, 1001, 10.5, Number.NaN])("refuses %s", (validation) => {
    expect(() => carveValidation(1000, labels, validation, 0)).toThrow(`validation: ${validation} of 1000`);
  });
});

describe("subset", () => {
  it("draws the wanted number from the given examples, classes as equal as they can be", () => {
    fc.assert(
      fc.property(labelsOf, seeds, fc.nat(220), (labels, seed, n) => {
        const from = Uint32Array.from(labels.keys()).filter((i) => i % 3 !== 0);
        const chosen = subset(from, labels, n, seed);
        expect(chosen).toHaveLength(Math.min(n, from.length));
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(chosen).toEqual(chosen.toSorted());
        expect([...chosen].every((i) => from.includes(i))).toBe(true);
        const all = perClass(from, labels);
        const taken = perClass(chosen, labels);
        const open = taken.filter((t, k) => t < all[k]); // classes that could give more
        if (open.length > 0) expect(Math.max(...taken) - Math.min(...open)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("contains the smaller subsets of its seed", () => {
    fc.assert(
      fc.property(labelsOf, seeds, fc.nat(200), fc.nat(200), (labels, seed, a, b) => {
        const from = Uint32Array.from(labels.keys());
        const larger = new Set(subset(from, labels, Math.max(a, b), seed));
        expect([...subset(from, labels, Math.min(a, b), seed)].every((i) => larger.has(i))).toBe(true);
      }),
    );
  });

  it("does not depend on the order of the examples given", () => {
    const labels = Uint8Array.from({ length: 60 }, (_, i) => i % 4);
    const from = Uint32Array.from(labels.keys());
    expect(subset(from.toReversed(), labels, 21, 5)).toEqual(subset(from, labels, 21, 5));
  });
});

describe("a proportional subset", () => {
  it("gives each class its share, by the rule of Webster", () => {
    fc.assert(
      fc.property(labelsOf, seeds, fc.nat(200), (labels, seed, n) => {
        const from = Uint32Array.from(labels.keys());
        const chosen = subset(from, labels, n, seed, "proportional");
        expect(chosen).toHaveLength(Math.min(n, labels.length));
        expect(chosen).toEqual(chosen.toSorted());
        const all = perClass(from, labels);
        const taken = perClass(chosen, labels);
        // Webster: no class has an example due later than one that another class still waits for.
        const last = Math.max(...taken.map((t, k) => (t > 0 ? (t - 0.5) / all[k] : 0)));
        const next = Math.min(...taken.map((t, k) => (t < all[k] ? (t + 0.5) / all[k] : Infinity)));
        expect(last).toBeLessThanOrEqual(next);
      }),
    );
  });

  it("contains the smaller subsets of its seed", () => {
    fc.assert(
      fc.property(labelsOf, seeds, fc.nat(200), fc.nat(200), (labels, seed, a, b) => {
        const from = Uint32Array.from(labels.keys());
        const larger = new Set(subset(from, labels, Math.max(a, b), seed, "proportional"));
        expect([...subset(from, labels, Math.min(a, b), seed, "proportional")].every((i) => larger.has(i))).toBe(true);
      }),
    );
  });
});

describe("carve", () => {
  it("draws the test part and the validation part independently", () => {
    const labels = Uint8Array.from({ length: 1000 }, (_, i) => i % 5);
    const test = carve(labels, 0.2, 7, "test").carved;
    const validation = new Set(carve(labels, 0.2, 7, "validation").carved);
    const both = test.filter((i) => validation.has(i)).length;
    expect(both).toBeGreaterThan(15);
    expect(both).toBeLessThan(70);
  });
});
