import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import { expand } from "../study/expand.ts";
import type { DataSpec } from "../study/spec.ts";
import { zoo } from "../zoo/index.ts";
import { factsOf, type PreparedData, preparer } from "./prepare.ts";

const CLASSES = ["ant", "bee", "cat", "dog"];
const seeds = fc.integer({ min: 0, max: 1000 });

/** Images of one pixel, whose value is their place: an example can be known again wherever it stands. */
function toy(train: number, testCount: number, labelOf = (i: number): number => i % CLASSES.length): Dataset {
  const part = (count: number, first: number) => ({
    images: Uint8Array.from({ length: count }, (_, i) => first + i),
    labels: Uint8Array.from({ length: count }, (_, i) => labelOf(i)),
  });
  return {
    name: "toy",
    title: "Toy",
    classes: CLASSES,
    shape: [1, 1, 1],
    train: part(train, 0),
    test: part(testCount, 200),
    version: "1",
  };
}
const dataset = toy(160, 40);

/** A specification as a study says it. */
function specOf(data: object): DataSpec {
  const { study, problems } = expand({ name: "s", data: { set: "digits", ...data } }, zoo);
  expect(problems).toEqual([]);
  return study!.data[0];
}
const prepared = (data: object, seed = 0, from = dataset): PreparedData => preparer(() => from)(specOf(data), seed);

/** Which published examples serve a purpose. */
const published = ({ training }: PreparedData, purpose: "train" | "validation" | "test"): number[] =>
  Array.from(training[purpose], (i) => training.images[i]);
const labelsOf = ({ training }: PreparedData, purpose: "train" | "validation" | "test"): number[] =>
  Array.from(training[purpose], (i) => training.labels[i]);
const countsOf = (labels: number[]): number[] => CLASSES.map((_, k) => labels.filter((label) => label === k).length);

describe("conditions", () => {
  it("leave validation and test as they are, unless noise is asked for in validation", () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, both) => {
        const plain = prepared({ validation: 40 }, seed);
        const noisy = prepared(
          { validation: 40, labelNoise: { symmetric: { rate: 0.5, validation: both } }, imbalance: { longTail: 4 } },
          seed,
        );
        for (const purpose of ["validation", "test"] as const)
          expect(published(noisy, purpose)).toEqual(published(plain, purpose));
        expect(labelsOf(noisy, "test")).toEqual(labelsOf(plain, "test"));
        const same = String(labelsOf(noisy, "validation")) === String(labelsOf(plain, "validation"));
        expect(same).toBe(!both);
      }),
    );
  });

  it("give losses the counts of the training split as it is labelled and left", () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0, max: 1, noNaN: true }), (seed, rate) => {
        const data = prepared({ labelNoise: { symmetric: rate }, imbalance: { step: 3 } }, seed);
        expect(data.cohort.classCounts).toEqual(countsOf(labelsOf(data, "train")));
        const clean = prepared({ imbalance: { step: 3 } }, seed);
        expect(published(data, "train")).toEqual(published(clean, "train"));
        expect(clean.cohort.classCounts).toEqual([36, 36, 12, 12]);
      }),
    );
  });

  it("are the same for all losses of a seed, and others for another", () => {
    const data = { labelNoise: { symmetric: 0.4 }, imbalance: { longTail: 4 } };
    expect(prepared(data, 3)).toEqual(prepared(data, 3));
    expect(labelsOf(prepared(data, 3), "train")).not.toEqual(labelsOf(prepared(data, 4), "train"));
    expect(published(prepared(data, 3), "train")).not.toEqual(published(prepared(data, 4), "train"));
    // Splits are of the study, not of the seed.
    expect(published(prepared(data, 3), "validation")).toEqual(published(prepared(data, 4), "validation"));
  });

  it("label an example in the same way in smaller and larger subsets", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 8, max: 160 }), (seed, train) => {
        const all = prepared({ validation: 0, labelNoise: { pairFlip: 0.4 } }, seed);
        const some = prepared({ validation: 0, train, labelNoise: { pairFlip: 0.4 } }, seed);
        const known = new Map(published(all, "train").map((i, n) => [i, labelsOf(all, "train")[n]]));
        expect(labelsOf(some, "train")).toEqual(published(some, "train").map((i) => known.get(i)));
      }),
    );
  });

  it("share images, and prepared data where nothing is drawn by the seed", () => {
    const prepare = preparer(() => dataset);
    const [plain, noisy] = [specOf({}), specOf({ labelNoise: { symmetric: 0.4 }, validation: 8, scale: "signed" })];
    expect(prepare(plain, 0)).toBe(prepare(plain, 1));
    expect(prepare(noisy, 0)).toBe(prepare(noisy, 0));
    expect(prepare(noisy, 0).key).not.toBe(prepare(noisy, 1).key);
    expect(prepare(noisy, 1).training.images).toBe(prepare(plain, 0).training.images);
  });

  it("that do not fit the data say where they stand in the study", () => {
    const errors = (data: object): unknown => {
      try {
        return factsOf(dataset, specOf(data), 0);
      } catch (error) {
        return (error as { errors: unknown }).errors;
      }
    };
    expect(errors({ labelNoise: { asymmetric: { rate: 0.4, flips: { cta: "dog", ant: "eel" } } } })).toEqual([
      expect.objectContaining({ where: "labelNoise.asymmetric.flips", hint: 'did you mean "cat"?' }),
      expect.objectContaining({ message: 'there is no class "eel"' }),
    ]);
    expect(
      errors({
        labelNoise: {
          transition: [
            [
              [1, 0],
              [0, 1],
            ],
          ],
        },
      }),
    ).toEqual([
      expect.objectContaining({
        where: "labelNoise.transition.matrix",
        message: "has 2 rows for 4 classes; expected one for each",
      }),
    ]);
    expect(errors({ imbalance: { longTail: 100 } })).toEqual([
      expect.objectContaining({ where: "imbalance.longTail" }),
    ]);
  });
});

describe("amounts", () => {
  it("may be fractions", () => {
    const { training } = prepared({ train: 0.5, test: 0.1, validation: 0.25 });
    expect([training.train.length, training.validation.length, training.test.length]).toEqual([60, 20, 4]);
  });

  it("are taken equally from all classes, or in proportion", () => {
    const skewed = toy(160, 40, (i) => (i % 8 < 5 ? 0 : (i % 8) - 4));
    const counts = (data: object): number[] =>
      countsOf(labelsOf(prepared({ validation: 0, ...data }, 0, skewed), "train"));
    expect(counts({ train: 40 })).toEqual([10, 10, 10, 10]);
    expect(counts({ train: 40, balanced: false })).toEqual([25, 5, 5, 5]);
  });
});

describe("data without a test part", () => {
  const whole = toy(160, 0);

  it("are carved, each class in proportion, the same for all seeds", () => {
    const data = prepared({}, 0, whole);
    expect(countsOf(labelsOf(data, "test"))).toEqual([8, 8, 8, 8]);
    expect(published(prepared({}, 5, whole), "test")).toEqual(published(data, "test"));
    expect(labelsOf(prepared({ test: 80 }, 0, whole), "test")).toHaveLength(80);
    const all = (["train", "validation", "test"] as const).flatMap((purpose) => published(data, purpose));
    expect(all.sort((a, b) => a - b)).toEqual([...Array(160).keys()]);
  });

  it("must be enough for each class to be tested", () => {
    const rare = toy(160, 0, (i) => (i === 0 ? 3 : i % 3));
    expect(() => factsOf(rare, specOf({}), 0)).toThrow(
      'none of the 1 examples of class "dog" falls into the test part of 32',
    );
  });
});

test("features are standardized by the training split alone, and stay features", () => {
  const values = Float32Array.from({ length: 120 }, (_, i) => (i % 2 === 0 ? 1000 + (i % 7) : i / 10));
  const labels = Uint8Array.from({ length: 60 }, (_, i) => i % 4);
  const table: Dataset = {
    ...dataset,
    shape: [2],
    train: { images: values, labels },
    test: { images: new Float32Array(0), labels: new Uint8Array(0) },
  };
  const { cohort, training } = prepared({}, 0, table);
  expect(cohort).toMatchObject({ shape: [2], pixels: "float32" });
  for (const f of [0, 1]) {
    const inputs = Array.from(training.train, (i) => training.images[2 * i + f] * cohort.scale[f] + cohort.offset[f]);
    const mean = inputs.reduce((a, b) => a + b) / inputs.length;
    expect(mean).toBeCloseTo(0, 6);
    expect(inputs.reduce((a, b) => a + (b - mean) ** 2, 0) / inputs.length).toBeCloseTo(1, 6);
  }
  const unit = prepared({ scale: "unit" }, 0, table);
  const inputs = Array.from(
    unit.training.train,
    (i) => unit.training.images[2 * i] * unit.cohort.scale[0] + unit.cohort.offset[0],
  );
  expect([Math.min(...inputs), Math.max(...inputs)]).toEqual([expect.closeTo(0, 6), expect.closeTo(1, 6)]);
});
