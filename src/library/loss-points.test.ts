import { describe, expect, it } from "vitest";
import { nodeBackend } from "../run/node-backend.ts";
import { leastOf } from "../zoo/fixture.ts";
import { zoo } from "../zoo/index.ts";
import { lossCurve } from "./loss-curve.ts";
import { lossCurveOn, lossPoints } from "./loss-points.ts";

const backend = nodeBackend();
/** No margin at a kink of a loss with whole parameters. */
const margins = [-7.3, -2.1, -0.37, 0.41, 0.83, 2.6, 7.7];

describe("losses at points, by a runtime", () => {
  it.each(Object.entries(zoo.losses))("are those of the float64 reference: %s", async (name, entry) => {
    for (const classes of [2, 5]) {
      const spec = { [name]: leastOf(entry) };
      const expected = lossCurve(spec, margins, { classes });
      const found = await lossCurveOn(backend, spec, margins, { classes });
      found.forEach(({ p, value, gradient }, i) => {
        const near = (a: number, b: number): void =>
          expect(Math.abs(a - b)).toBeLessThan(2e-5 * Math.max(1, Math.abs(b)));
        expect(p).toBe(expected[i].p);
        near(value, expected[i].value);
        near(gradient, expected[i].gradient);
      });
    }
  });

  it("are those of a mini-batch of their own, whatever stands beside them", async () => {
    const spec = { focal: { gamma: 1, alpha: "inverse-batch" } };
    const [alone] = await lossCurveOn(backend, spec, [0.4], { classes: 3 });
    const all = await lossCurveOn(backend, spec, [-1, 0.4, 2], { classes: 3 });
    expect(all[1].value).toBeCloseTo(alone.value, 6);
  });

  it("have gradients that sum to zero for losses of the softmax, whichever class is wanted", async () => {
    const logits = Float32Array.of(0.3, -1, 2, 1.5, 0.2, -0.4);
    for (const target of [0, 1, 2]) {
      const { gradients, values } = await lossPoints(backend, "ce", logits, { classes: 3, target });
      expect(gradients[0] + gradients[1] + gradients[2]).toBeCloseTo(0, 6);
      const sum = [0.3, -1, 2].reduce((s, v) => s + Math.exp(v), 0);
      expect(values[0]).toBeCloseTo(Math.log(sum) - logits[target], 5);
    }
  });
});
