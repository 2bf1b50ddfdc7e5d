/** Measures of classifiers: laws that hold for any answers, and the cases in which a measure is undefined. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../util/errors.ts";
import { marginals } from "./confusion.ts";
import * as metrics from "./index.ts";

const CLASSES = 4;
const count = fc.nat({ max: 20 });
const confusion = fc
  .array(fc.array(count, { minLength: CLASSES, maxLength: CLASSES }), { minLength: CLASSES, maxLength: CLASSES })
  .filter((rows) => rows.flat().some((n) => n > 0));
const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: CLASSES });
/** Equal to rounding, or both undefined. */
function near(a: number, b: number): void {
  if (Number.isNaN(b)) expect(a).toBeNaN();
  else expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-12);
}

/** A matrix whose classes are called otherwise. */
const renamed = (c: readonly (readonly number[])[], names: readonly number[]) =>
  names.map((k) => names.map((j) => c[k][j]));

/** [[TN, FP], [FN, TP]] of one class. */
function oneAgainstRest(c: metrics.Confusion, k: number): number[][] {
  const { hits, support, predicted, n } = marginals(c);
  const [fp, fn] = [predicted[k] - hits[k], support[k] - hits[k]];
  return [
    [n - hits[k] - fp - fn, fp],
    [fn, hits[k]],
  ];
}

/** Every measure that is one number of a confusion matrix. */
const overall: Record<string, (c: metrics.Confusion) => number> = {
  accuracy: metrics.accuracy,
  balancedAccuracy: metrics.balancedAccuracy,
  mcc: metrics.mcc,
  cohenKappa: metrics.cohenKappa,
  macroF1: (c) => metrics.macro(c).f1,
  macroPresentF1: (c) => metrics.macroPresent(c).f1,
  weightedF1: (c) => metrics.weighted(c).f1,
  macroSpecificity: metrics.macroSpecificity,
};

describe.each(Object.entries(overall))("%s of a confusion matrix", (_, measure) => {
  it("does not depend on what the classes are called", () => {
    fc.assert(fc.property(confusion, order, (c, names) => near(measure(renamed(c, names)), measure(c))));
  });

  it("is the same for as many times the examples", () => {
    fc.assert(
      fc.property(confusion, fc.integer({ min: 2, max: 9 }), (c, times) => {
        near(measure(c.map((row) => row.map((n) => n * times))), measure(c));
      }),
    );
  });

  it("is 1 for answers that are all right, and at most 1", () => {
    const right = [0, 1, 2, 3].map((k) => [0, 1, 2, 3].map((j) => (k === j ? 5 + k : 0)));
    expect(measure(right)).toBe(1);
    fc.assert(
      fc.property(confusion, (c) => {
        expect(measure(c)).not.toBeGreaterThan(1 + 1e-12);
      }),
    );
  });
});

describe("measures of a confusion matrix", () => {
  it("agree with each other where they must", () => {
    fc.assert(
      fc.property(confusion, (c) => {
        near(metrics.weighted(c).recall, metrics.accuracy(c)); // exactly what report B found
        const { support, predicted } = marginals(c);
        const present = support.filter((s) => s > 0).length;
        near(metrics.balancedAccuracy(c), (metrics.macro(c).recall * CLASSES) / present);
        if (support.every((s, k) => s + predicted[k] > 0)) expect(metrics.macroPresent(c)).toEqual(metrics.macro(c));
        for (let k = 0; k < CLASSES; k++) {
          const alone = oneAgainstRest(c, k);
          expect(metrics.perClass(alone)[1]).toEqual(metrics.perClass(c)[k]);
          near(metrics.specificity(c)[k], metrics.specificity(alone)[1]);
        }
      }),
    );
  });

  it("are those of two classes where there are two", () => {
    fc.assert(
      fc.property(count, count, count, count, (tn, fp, fn, tp) => {
        fc.pre(tn + fp > 0 && fn + tp > 0 && tn + fn > 0 && fp + tp > 0);
        const c = [[tn, fp], [fn, tp]]; // biome-ignore format: a matrix
        near(metrics.mcc(c), (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)));
        near(metrics.balancedAccuracy(c), (tp / (tp + fn) + tn / (tn + fp)) / 2);
        near(metrics.specificity(c)[1], metrics.perClass(c)[0].recall);
        // mcc and kappa do not care which of both is called positive, nor mcc which of them is the truth.
        near(metrics.mcc(c), metrics.mcc([[tn, fn], [fp, tp]])); // biome-ignore format: a matrix
      }),
    );
  });

  it("show guessing as nothing", () => {
    const guess = [[6, 3, 1], [12, 6, 2], [18, 9, 3]]; // biome-ignore format: targets and predictions are independent
    near(metrics.mcc(guess), 0);
    near(metrics.cohenKappa(guess), 0);
    near(metrics.balancedAccuracy(guess), 1 / 3);
  });

  it("have the documented values where they are undefined", () => {
    const one = [[0, 0], [0, 8]]; // biome-ignore format: a matrix
    expect(metrics.mcc(one)).toBe(0);
    expect(metrics.cohenKappa(one)).toBeNaN();
    expect(metrics.specificity(one)).toEqual([1, Number.NaN]);
    expect(metrics.macro(one)).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5 });
    expect(metrics.macroPresent(one)).toEqual({ precision: 1, recall: 1, f1: 1 });
    const none = [[0, 0], [0, 0]]; // biome-ignore format: a matrix
    expect(metrics.accuracy(none)).toBe(0);
    expect(metrics.balancedAccuracy(none)).toBeNaN();
  });

  it("are counted from answers, and refuse what is no class", () => {
    expect(metrics.confusionMatrix([0, 1, 1, 2], [0, 1, 0, 2], 3)).toEqual([[1, 0, 0], [1, 1, 0], [0, 0, 1]]); // biome-ignore format: a matrix
    expect(() => metrics.confusionMatrix([0, 3], [0, 0], 3)).toThrow("targets[1] is 3; expected a class from 0 to 2");
    expect(() => metrics.confusionMatrix([0, 1], [0, 0.5], 3)).toThrow("predictions[1] is 0.5");
    expect(() => metrics.confusionMatrix([0], [0, 1], 3)).toThrow(UserError);
    expect(() => metrics.accuracy([[1, 2], [3]])).toThrow("confusion[1] has 1 counts; expected one for each of 2");
  });
});

// ---- probabilities

const logit = fc.integer({ min: -40, max: 40 }).map((z) => z / 8); // coarse, so that ties occur
const examples = fc
  .array(fc.tuple(fc.array(logit, { minLength: CLASSES, maxLength: CLASSES }), fc.nat({ max: CLASSES - 1 })), {
    minLength: 2,
    maxLength: 25,
  })
  .map((rows) => ({ logits: rows.map(([z]) => z), targets: rows.map(([, y]) => y) }));

describe("softmax", () => {
  it("gives probabilities, whatever is added to the logits", () => {
    fc.assert(
      fc.property(examples, fc.integer({ min: -1000, max: 1000 }), ({ logits }, shift) => {
        const p = metrics.softmax(logits);
        for (const row of p)
          near(
            row.reduce((a, b) => a + b),
            1,
          );
        const q = metrics.softmax(logits.map((row) => row.map((z) => z + shift)));
        p.flat().forEach((value, i) => {
          near(value, q.flat()[i]);
        });
      }),
    );
  });
});

describe("top-k", () => {
  it("grows with k up to 1, and is the accuracy for k = 1 without ties", () => {
    fc.assert(
      fc.property(examples, ({ logits, targets }) => {
        const shares = [1, 2, 3, 4, 5].map((k) => metrics.topK(logits, targets, k));
        shares.slice(1).forEach((share, i) => {
          expect(share).toBeGreaterThanOrEqual(shares[i]);
        });
        expect(shares.slice(3)).toEqual([1, 1]);
        const distinct = logits.map((row) => row.map((z, k) => z + k / 1000));
        const right = metrics.confusionMatrix(targets, metrics.predictions(distinct), CLASSES);
        near(metrics.topK(distinct, targets, 1), metrics.accuracy(right));
      }),
    );
  });

  it("takes the later class of equal scores, and none whose score is NaN", () => {
    expect(metrics.topK([[1, 1, 0]], [0], 1)).toBe(0);
    expect(metrics.topK([[1, 1, 0]], [1], 1)).toBe(1);
    expect(metrics.topK([[Number.NaN, 1, 0]], [0], 2)).toBe(0);
    expect(() => metrics.topK([[1, 0]], [0], 0)).toThrow("k must be a whole number >= 1, got 0");
  });
});

describe("log loss", () => {
  it("is the same from logits and from probabilities that are not cut", () => {
    fc.assert(
      fc.property(examples, ({ logits, targets }) => {
        near(metrics.logLoss(metrics.softmax(logits), targets), metrics.logLossOfLogits(logits, targets));
      }),
    );
  });

  it("is log C for a uniform guess, and finite for a sure mistake", () => {
    near(metrics.logLoss([[0.25, 0.25, 0.25, 0.25]], [2]), Math.log(4));
    near(metrics.logLoss([[1, 0]], [1]), 52 * Math.LN2);
    expect(metrics.logLossOfLogits([[1e4, -1e4]], [1])).toBe(2e4);
  });
});

describe("Brier score", () => {
  it("lies between 0 and 2, and is smallest on average for the true probabilities", () => {
    fc.assert(
      fc.property(examples, ({ logits, targets }) => {
        const score = metrics.brier(metrics.softmax(logits), targets);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(2);
      }),
    );
    const p = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);
    const expected = (truth: number, said: number) =>
      truth * metrics.binaryBrier([said], [true]) + (1 - truth) * metrics.binaryBrier([said], [false]);
    fc.assert(
      fc.property(p, p, (truth, said) => {
        expect(expected(truth, truth)).toBeLessThanOrEqual(expected(truth, said) + 1e-15);
      }),
    );
  });

  it("of one event is half of that of both classes", () => {
    near(metrics.brier([[0.3, 0.7]], [0]), 2 * metrics.binaryBrier([0.7], [false]));
  });
});

describe("ROC-AUC", () => {
  const binary = fc.array(fc.tuple(logit, fc.boolean()), { minLength: 2, maxLength: 30 }).map((rows) => ({
    scores: rows.map(([s]) => s),
    positive: rows.map(([, y]) => y),
  }));

  it("is the share of pairs in the right order, ties counting half", () => {
    fc.assert(
      fc.property(binary, ({ scores, positive }) => {
        const of = (wanted: boolean) => scores.filter((_, i) => positive[i] === wanted);
        const pairs = of(true).flatMap((a) => of(false).map((b) => (a > b ? 1 : a === b ? 0.5 : 0) as number));
        const area = metrics.rocAuc(scores, positive);
        near(area, pairs.reduce((a, b) => a + b, 0) / pairs.length);
      }),
    );
  });

  it("depends on the order of the scores alone, and turns round with it", () => {
    fc.assert(
      fc.property(binary, ({ scores, positive }) => {
        const area = metrics.rocAuc(scores, positive);
        fc.pre(!Number.isNaN(area));
        near(metrics.rocAuc(scores.map((s) => s ** 3 + 7), positive), area);
        near(metrics.rocAuc(scores.map((s) => -s), positive), 1 - area);
        near(metrics.rocAuc(scores, positive.map((y) => !y)), 1 - area);
      }),
    ); // biome-ignore format: one relation a line
  });

  it("of two classes is the same in all averages", () => {
    fc.assert(
      fc.property(binary, ({ scores, positive }) => {
        const area = metrics.rocAuc(scores, positive);
        fc.pre(!Number.isNaN(area));
        const rows = scores.map((s) => [-s, s]);
        const targets = positive.map(Number);
        near(metrics.rocAucOvr(rows, targets), area);
        near(metrics.rocAucOvr(rows, targets, "weighted"), area);
        near(metrics.rocAucOvo(rows, targets), area);
      }),
    );
  });

  it("between pairs of classes does not change when a class's examples are repeated", () => {
    fc.assert(
      fc.property(examples, ({ logits, targets }) => {
        const twice = targets.flatMap((y, i) => (y === 0 ? [i, i] : [i]));
        const again = metrics.rocAucOvo(
          twice.map((i) => logits[i]),
          twice.map((i) => targets[i]),
        );
        const once = metrics.rocAucOvo(logits, targets);
        near(again, once);
      }),
    );
  });

  it("is undefined for a class without examples, and for scores that are no numbers", () => {
    expect(metrics.rocAucPerClass([[1, 0, 0], [0, 1, 0]], [0, 1])[2]).toBeNaN(); // biome-ignore format: rows
    expect(metrics.rocAucOvr([[1, 0, 0], [0, 1, 0]], [0, 1])).toBeNaN(); // biome-ignore format: rows
    expect(metrics.rocAuc([1, Number.NaN], [true, false])).toBeNaN();
  });
});

describe("calibration", () => {
  it("puts every example into the bin of its confidence", () => {
    fc.assert(
      fc.property(examples, fc.integer({ min: 1, max: 20 }), ({ logits, targets }, bins) => {
        const p = metrics.softmax(logits);
        const all = metrics.reliabilityBins(p, targets, bins);
        expect(all).toHaveLength(bins);
        expect(all.reduce((n, b) => n + b.count, 0)).toBe(targets.length);
        for (const { low, high, count, confidence, accuracy } of all) {
          if (count === 0) continue;
          expect(confidence).toBeGreaterThan(low - 1e-12);
          expect(confidence).toBeLessThanOrEqual(high + 1e-12);
          expect(accuracy).toBeLessThanOrEqual(1);
        }
        const [ece, mce] = [
          metrics.expectedCalibrationError(p, targets, bins),
          metrics.maximumCalibrationError(p, targets, bins),
        ];
        expect(ece).toBeGreaterThanOrEqual(0);
        expect(ece).toBeLessThanOrEqual(mce + 1e-12);
        expect(mce).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("is the gap between confidence and accuracy with one bin", () => {
    fc.assert(
      fc.property(examples, ({ logits, targets }) => {
        const p = metrics.softmax(logits);
        const confidence = p.reduce((sum, row) => sum + Math.max(...row), 0) / p.length;
        const right = metrics.accuracy(metrics.confusionMatrix(targets, metrics.predictions(p), CLASSES));
        near(metrics.expectedCalibrationError(p, targets, 1), Math.abs(confidence - right));
      }),
    );
  });

  it("refuses logits", () => {
    expect(() => metrics.reliabilityBins([[3, -1]], [0])).toThrow("probabilities[0] has the largest value 3");
    expect(() => metrics.reliabilityBins([[0.5, 0.5]], [0], 0)).toThrow("bins must be a whole number >= 1, got 0");
  });
});

it("scores and targets must fit", () => {
  expect(() => metrics.brier([[0.5, 0.5]], [0, 1])).toThrow("2 targets for the scores of 1 examples");
  expect(() => metrics.brier([[0.5, 0.5]], [2])).toThrow("targets[0] is 2; expected a class from 0 to 1");
  expect(() => metrics.brier([[0.5, 0.5], [1]], [0, 0])).toThrow("scores[1] has 1 classes; the first example has 2");
});
