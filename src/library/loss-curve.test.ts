import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leastOf } from "../zoo/fixture.ts";
import { zoo } from "../zoo/index.ts";
import { lossCurve, marginOf, probabilityOf } from "./loss-curve.ts";

const margin = fc.double({ min: -8, max: 8, noNaN: true });
const classes = fc.integer({ min: 2, max: 12 });

describe("a loss over the margin", () => {
  it("has the probability that the softmax gives, and back", () => {
    fc.assert(
      fc.property(margin, classes, (m, c) => {
        const p = probabilityOf(m, c);
        expect(p).toBeCloseTo(Math.exp(m) / (Math.exp(m) + c - 1), 12);
        expect(marginOf(p, c)).toBeCloseTo(m, 8);
      }),
    );
    expect(probabilityOf(0, 10)).toBe(0.1);
  });

  it("is -log p with the gradient p - 1 for cross-entropy, and 2(1 - p)/C for the absolute error", () => {
    fc.assert(
      fc.property(margin, classes, (m, c) => {
        const [ce] = lossCurve("ce", [m], { classes: c });
        expect(ce.value).toBeCloseTo(-Math.log(ce.p), 9);
        expect(ce.gradient).toBeCloseTo(ce.p - 1, 9);
        const [mae] = lossCurve("mae", [m], { classes: c });
        expect(mae.value).toBeCloseTo((2 * (1 - mae.p)) / c, 9);
      }),
    );
  });

  it.each(Object.entries(zoo.losses))("has the slope of %s as its gradient", (name, entry) => {
    const spec = { [name]: leastOf(entry) };
    const step = 1e-5;
    // At 0 all logits are 0, and the cosines of such a vector have no slope.
    const apart = fc.oneof(
      fc.double({ min: -8, max: -0.01, noNaN: true }),
      fc.double({ min: 0.01, max: 8, noNaN: true }),
    );
    const property = fc.property(apart, (m) => {
      const [before, at, after] = lossCurve(spec, [m - step, m, m + step], { classes: 4 });
      // Beside a kink the slopes to both sides differ, and the gradient is one of them.
      const slopes = [(at.value - before.value) / step, (after.value - at.value) / step].sort((a, b) => a - b);
      const slack = 1e-3 * Math.max(1, Math.abs(at.gradient));
      expect(at.gradient).toBeGreaterThanOrEqual(slopes[0] - slack);
      expect(at.gradient).toBeLessThanOrEqual(slopes[1] + slack);
    });
    fc.assert(property, { numRuns: 20 });
  });

  it("does not depend on which other points are asked for", () => {
    const spec = { focal: { alpha: "inverse-batch" } };
    expect(lossCurve(spec, [-1, 0, 1])[1]).toEqual(lossCurve(spec, [0])[0]);
    expect(() => lossCurve("ce", [0], { classes: 1 })).toThrow("classes must be a whole number >= 2, got 1");
  });
});
