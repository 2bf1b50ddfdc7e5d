import { describe, expect, it } from "vitest";
import { nodeBackend } from "../run/node-backend.ts";
import { evaluateLoss } from "./plain.ts";
import { LOGITS, lossStability, plainLosses, relativeError } from "./stability.ts";

const backend = nodeBackend();

describe("stability of losses", () => {
  it.each(plainLosses())("%s is in float32 what it is in float64, value and gradient", async (name) => {
    for (const { logit, exact, careful } of await lossStability(name, backend)) {
      const { mean, gradLogits } = evaluateLoss(name, {
        logits: [[logit, ...new Array(9).fill(0)]],
        targets: [0],
        classCounts: new Array(10).fill(1),
      });
      expect(exact.value).toBeCloseTo(mean, 12);
      exact.gradient.forEach((g, k) => {
        expect(g).toBeCloseTo(gradLogits[0][k], 12);
      });
      expect([careful.value, ...careful.gradient].every(Number.isFinite), `at ${logit}`).toBe(true);
    }
  });

  it("breaks down where cross-entropy is written with exp and log", async () => {
    const points = await lossStability("ce", backend);
    expect(points.map((p) => p.logit)).toEqual(LOGITS);
    const wrong = points.filter((p) => relativeError([p.naive.value], [p.exact.value]) > 0.01).map((p) => p.logit);
    // In float32 exp(89) is infinite and exp(-104) is 0; exp(-100) still has a few digits.
    expect(wrong).toEqual([-1e4, -1e3, 1e2, 1e3, 1e4]);
    for (const { logit, exact, careful } of points) {
      // log p and p - 1 of a right answer are small differences of numbers near 1.
      const tolerance = logit > 1 ? 1e-3 : 1e-6;
      expect(relativeError([careful.value], [exact.value])).toBeLessThan(tolerance);
      expect(relativeError(careful.gradient, exact.gradient)).toBeLessThan(tolerance);
    }
  });

  it("knows rounding from breakdown", () => {
    expect(relativeError([Number.NaN], [1])).toBe(Number.POSITIVE_INFINITY);
    expect(relativeError([Math.fround(0.1)], [0.1])).toBeLessThan(6e-8);
    expect(relativeError([0], [1e-12])).toBeCloseTo(1e-6, 12);
    expect(relativeError([0, 1], [0.5, 1])).toBe(0.5);
  });
});
