/** Measures of trainings from their values over the epochs: laws that hold for any series. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as metrics from "./index.ts";

const value = fc.integer({ min: -1000, max: 1000 }).map((n) => n / 64); // exact: relations hold without tolerance
const series = (minLength = 1) => fc.array(value, { minLength, maxLength: 30 });
const positive = fc.array(
  fc.integer({ min: 1, max: 1000 }).map((n) => n / 64),
  { minLength: 1, maxLength: 30 },
);
const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(b)));

/** What a measure does when the values are scaled and shifted. */
const affine = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: -50, max: 50 }));
const moved = (values: readonly number[], [scale, shift]: readonly [number, number]) =>
  values.map((v) => v * scale + shift);

describe("percentage change", () => {
  it("leads from the first value to the last", () => {
    fc.assert(
      fc.property(positive, (values) => {
        const changes = metrics.percentageChange(values);
        expect(changes).toHaveLength(values.length - 1);
        near(
          changes.reduce((v, c) => v * (1 + c / 100), values[0]),
          values[values.length - 1],
        );
      }),
    );
  });

  it("does not depend on the unit, and has the sign of the change", () => {
    fc.assert(
      fc.property(series(2), fc.integer({ min: 1, max: 8 }), (values, scale) => {
        const changes = metrics.percentageChange(values);
        expect(metrics.percentageChange(values.map((v) => v * scale))).toEqual(changes);
        changes.forEach((c, i) => {
          expect(Math.sign(c)).toBe(Math.sign(values[i + 1] - values[i]));
        });
      }),
    );
    expect(metrics.percentageChange([0, 0, 2])).toEqual([0, Number.POSITIVE_INFINITY]);
    expect(metrics.percentageChange([2])).toEqual([]);
  });
});

describe("epochs and seconds to a threshold", () => {
  it("are the first at which it is reached, and more for a higher one", () => {
    fc.assert(
      fc.property(series(), value, fc.nat({ max: 100 }), (values, goal, more) => {
        const epoch = metrics.epochsTo(values, { atLeast: goal });
        if (epoch === null) expect(Math.max(...values)).toBeLessThan(goal);
        else {
          expect(values[epoch - 1]).toBeGreaterThanOrEqual(goal);
          for (const v of values.slice(0, epoch - 1)) expect(v).toBeLessThan(goal);
        }
        const later = metrics.epochsTo(values, { atLeast: goal + more });
        if (later !== null) expect(later).toBeGreaterThanOrEqual(epoch!);
        // Falling to a threshold is rising to it upside down.
        expect(
          metrics.epochsTo(
            values.map((v) => -v),
            { atMost: -goal },
          ),
        ).toBe(epoch);
      }),
    );
  });

  it("are always there for a share of the end", () => {
    fc.assert(
      fc.property(series(), (values) => {
        expect(metrics.epochsTo(values, metrics.shareOfWay(values))).not.toBeNull();
        const sizes = values.map(Math.abs);
        expect(metrics.epochsTo(sizes, metrics.shareOfFinal(sizes))).not.toBeNull();
      }),
    );
    expect(metrics.epochsTo([0.5, 0.8, 0.9], metrics.shareOfFinal([0.5, 0.8, 0.9]))).toBe(3);
    expect(metrics.shareOfWay([2, 1.5, 1])).toEqual({ atMost: 1.05 });
    expect(metrics.epochsTo([], metrics.shareOfFinal([]))).toBeNull();
  });

  it("count the seconds of the epochs up to that one", () => {
    expect(metrics.secondsTo([0.1, 0.6, 0.7], [2, 3, 4], { atLeast: 0.5 })).toBe(5);
    expect(metrics.secondsTo([0.1, 0.6, 0.7], [2, 3, 4], { atLeast: 0.8 })).toBeNull();
    expect(() => metrics.secondsTo([0.1, 0.6], [2], { atLeast: 0.5 })).toThrow("seconds of 1 epochs for 2 values");
  });

  it("never come for a training that is no number", () => {
    expect(metrics.epochsTo([Number.NaN, Number.NaN], { atMost: 1 })).toBeNull();
    expect(metrics.epochsTo([Number.NaN, Number.NaN], metrics.shareOfWay([Number.NaN, Number.NaN]))).toBeNull();
  });
});

describe("area under the curve", () => {
  it("lies within the values, and moves with them", () => {
    fc.assert(
      fc.property(series(), affine, (values, [scale, shift]) => {
        const area = metrics.areaUnderCurve(values);
        expect(area).toBeGreaterThanOrEqual(Math.min(...values));
        expect(area).toBeLessThanOrEqual(Math.max(...values));
        near(metrics.areaUnderCurve(moved(values, [scale, shift])), area * scale + shift);
        near(metrics.areaUnderCurve([...values].reverse()), area);
      }),
    );
    expect(metrics.areaUnderCurve([0, 1])).toBe(0.5);
    expect(metrics.areaUnderCurve([])).toBeNaN();
  });

  it("is larger for what rises sooner", () => {
    expect(metrics.areaUnderCurve([0, 0.9, 0.9, 0.9])).toBeGreaterThan(metrics.areaUnderCurve([0, 0.3, 0.6, 0.9]));
  });
});

describe("converged epoch", () => {
  it("is the first from which on all values stay in the band", () => {
    fc.assert(
      fc.property(series(), (values) => {
        const epoch = metrics.convergedEpoch(values)!;
        const distances = values.map((v) => Math.abs(v - values[values.length - 1]));
        const band = 0.05 * Math.max(...distances);
        for (const d of distances.slice(epoch - 1)) expect(d).toBeLessThanOrEqual(band);
        if (epoch > 1) expect(distances[epoch - 2]).toBeGreaterThan(band);
      }),
    );
  });

  it("does not depend on unit and origin, and comes sooner in a wider band", () => {
    fc.assert(
      fc.property(series(), affine, (values, change) => {
        const epoch = metrics.convergedEpoch(values)!;
        expect(metrics.convergedEpoch(moved(values, change))).toBe(epoch);
        expect(metrics.convergedEpoch(values, 0.2)!).toBeLessThanOrEqual(epoch);
        expect(metrics.convergedEpoch(values, 1)).toBe(1);
      }),
    );
    expect(metrics.convergedEpoch([3, 3, 3])).toBe(1);
    expect(metrics.convergedEpoch([])).toBeNull();
    expect(metrics.convergedEpoch([1, Number.NaN])).toBeNull();
  });

  it("finds where an exponential has come within 5 %", () => {
    const values = Array.from({ length: 60 }, (_, e) => 1 + Math.exp(-e / 4));
    expect(metrics.convergedEpoch(values)).toBe(1 + Math.ceil(4 * Math.log(20)));
  });
});

describe("smoothness", () => {
  it("is 1 for what never turns, and at most 1", () => {
    fc.assert(
      fc.property(series(), affine, (values, change) => {
        const smooth = metrics.smoothness(values);
        expect(smooth).toBeGreaterThanOrEqual(0);
        expect(smooth).toBeLessThanOrEqual(1);
        near(metrics.smoothness(moved(values, change)), smooth);
        expect(metrics.smoothness([...values].sort((a, b) => a - b))).toBe(1);
        near(
          metrics.smoothness([...values, ...[...values].reverse()]),
          smooth === 1 && new Set(values).size === 1 ? 1 : 0,
        );
      }),
    );
  });
});

describe("fluctuation", () => {
  it("scales with the values and not with their level", () => {
    fc.assert(
      fc.property(series(2), affine, (values, [scale, shift]) => {
        near(metrics.fluctuation(moved(values, [scale, shift])), scale * metrics.fluctuation(values));
        expect(metrics.fluctuation(values.map(() => shift))).toBe(0);
      }),
    );
    expect(metrics.fluctuation([1])).toBeNaN();
    expect(metrics.fluctuation([9, 1, 2, 1], 2)).toBeCloseTo(Math.SQRT1_2, 12);
  });

  it("is the noise's standard deviation where the mean moves slowly", () => {
    // ±1 in turns of a fair sequence has the deviation 1, whatever slow trend it rides on.
    const signs = [1, 1, -1, -1];
    const values = Array.from({ length: 4001 }, (_, e) => e / 1000 + signs[e % 4]);
    expect(metrics.fluctuation(values)).toBeCloseTo(1, 2);
  });
});

describe("generalization", () => {
  it("gaps are positive when the test set is worse, and change their sign with the roles", () => {
    expect(metrics.lossGap([1, 0.5], [1.25, 1])).toEqual([0.25, 0.5]);
    expect(metrics.accuracyGap([0.5, 1], [0.25, 1])).toEqual([0.25, 0]);
    fc.assert(
      fc.property(series(), affine, (train, change) => {
        const test = moved(train, change);
        expect(metrics.lossGap(test, train)).toEqual(metrics.accuracyGap(train, test));
      }),
    );
    expect(() => metrics.lossGap([1], [1, 2])).toThrow("2 test values for 1 training values");
  });

  it("loss is 0 at each new minimum and never negative", () => {
    fc.assert(
      fc.property(positive, fc.integer({ min: 1, max: 9 }), (losses, scale) => {
        const excess = metrics.generalizationLoss(losses);
        losses.forEach((loss, e) => {
          expect(excess[e] === 0).toBe(loss === Math.min(...losses.slice(0, e + 1)));
          expect(excess[e]).toBeGreaterThanOrEqual(0);
        });
        expect(metrics.generalizationLoss(losses.map((l) => l * scale))).toEqual(excess);
      }),
    );
  });

  it("onset is the epoch of the lowest loss, if the loss has risen since", () => {
    fc.assert(
      fc.property(positive, (losses) => {
        const onset = metrics.overfittingOnset(losses);
        const lowest = Math.min(...losses);
        const last = losses[losses.length - 1];
        if (onset === null) expect(last).toBeLessThanOrEqual(1.05 * lowest + 1e-12);
        else {
          expect(losses[onset - 1]).toBe(lowest);
          expect(losses.lastIndexOf(lowest)).toBe(onset - 1);
          expect(last).toBeGreaterThan(lowest);
        }
        expect(metrics.overfittingOnset([...losses].sort((a, b) => b - a))).toBeNull();
      }),
    );
    expect(metrics.overfittingOnset([1, 0.5, 0.4, 0.41, 0.5])).toBe(3);
    expect(metrics.overfittingOnset([1, 0.5, 0.9, 0.4])).toBeNull(); // it turned, but not for good
    expect(metrics.overfittingOnset([1, 0, 0, 0.1])).toBe(3);
    expect(metrics.overfittingOnset([])).toBeNull();
  });
});

describe("cost", () => {
  it("is the mean of all epochs of a loss, cheapest first", () => {
    const costs = metrics.costByLoss([
      { loss: "focal", seconds: [3, 3] },
      { loss: "ce", seconds: [1, 3] },
      { loss: "ce", seconds: [2, 2, 2] },
      { loss: "mae", seconds: [] },
    ]);
    expect(costs).toEqual([
      { loss: "ce", trials: 2, epochs: 5, seconds: 10, secondsPerEpoch: 2, relative: 1 },
      { loss: "focal", trials: 1, epochs: 2, seconds: 6, secondsPerEpoch: 3, relative: 1.5 },
    ]);
    expect(metrics.secondsPerEpoch([])).toBeNaN();
  });
});

describe("corruption error", () => {
  const rate = fc.integer({ min: 1, max: 100 }).map((n) => n / 100);
  const five = fc.array(rate, { minLength: 5, maxLength: 5 });
  const errors = fc.record({ gaussianNoise: five, blur: five });

  it("is 1 for the reference, and does not care how difficult a corruption is", () => {
    fc.assert(
      fc.property(errors, errors, fc.integer({ min: 2, max: 5 }), (own, reference, harder) => {
        near(metrics.meanCorruptionError(own, own), 1);
        const mean = metrics.meanCorruptionError(own, reference);
        const all = Object.values(metrics.corruptionError(own, reference));
        expect(mean).toBeGreaterThanOrEqual(Math.min(...all) - 1e-12);
        expect(mean).toBeLessThanOrEqual(Math.max(...all) + 1e-12);
        const scaled = (e: typeof own) => ({ ...e, blur: e.blur.map((x) => x * harder) });
        near(metrics.meanCorruptionError(scaled(own), scaled(reference)), mean);
      }),
    );
  });

  it("relative to the clean error is 1 for the reference and 0 for what corruption does not touch", () => {
    const own = { blur: [0.2, 0.2], gaussianNoise: [0.2, 0.2] };
    const reference = { blur: [0.3, 0.5], gaussianNoise: [0.2, 0.3] };
    near(metrics.relativeCorruptionError(reference, 0.1, reference, 0.1), 1);
    near(metrics.relativeCorruptionError(own, 0.2, reference, 0.1), 0);
  });

  it("refuses what the reference has no errors for", () => {
    const reference = { gaussianNoise: [0.5] };
    expect(() => metrics.corruptionError({ gausianNoise: [0.5] }, reference)).toThrow('no errors for "gausianNoise"');
    expect(() => metrics.corruptionError({ gaussianNoise: [0.5, 0.6] }, reference)).toThrow("2 severities, and 1");
    expect(() => metrics.meanCorruptionError({}, reference)).toThrow("at least one corruption");
  });
});
