import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random } from "../../util/random.ts";
import { choose } from "../entry.ts";
import { zoo } from "../index.ts";
import type { Attack, Target } from "./attack.ts";

const { attacks } = zoo;
const values = fc.float32Array({ minLength: 12, maxLength: 12, min: 0, max: 1, noNaN: true });
const epsilons = fc.double({ min: 1e-3, max: 0.5, noNaN: true });
/** float32 keeps 2⁻²⁴ of a value in [0, 1]. */
const ROUNDING = 1e-6;

/** Three inputs of four values; the loss of each is its scalar product with a direction. */
const linear = (inputs: Float32Array, direction: Float32Array): Target => ({
  inputs,
  size: 4,
  bounds: [0, 1],
  gradient: async () => direction,
  random: (i) => random(3, "attack", i),
});
const product = (a: Float32Array, b: Float32Array, i: number): number =>
  [0, 1, 2, 3].reduce((sum, j) => sum + a[4 * i + j] * b[4 * i + j], 0);

describe.each(Object.keys(attacks))("%s", (name) => {
  const run = (target: Target, epsilon: number) => {
    const { entry, params } = choose<Attack>("attack", attacks, { [name]: epsilon });
    return entry.perturb(target, params);
  };

  it("stays within ε and within the bounds, and leaves what it is given alone", async () => {
    await fc.assert(
      fc.asyncProperty(values, values, epsilons, async (inputs, direction, epsilon) => {
        const before = inputs.slice();
        const after = await run(
          linear(
            inputs,
            direction.map((d) => d - 0.5),
          ),
          epsilon,
        );
        expect(inputs).toEqual(before);
        after.forEach((x, i) => {
          expect(Math.abs(x - before[i])).toBeLessThanOrEqual(epsilon + ROUNDING);
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(1);
        });
      }),
    );
  });

  it("finds the worst input of a linear loss", async () => {
    await fc.assert(
      fc.asyncProperty(values, values, epsilons, async (inputs, direction, epsilon) => {
        const slope = direction.map((d) => (d < 0.5 ? d - 1 : d));
        const after = await run(linear(inputs, slope), epsilon);
        const worst = inputs.map((x, i) => Math.min(1, Math.max(0, x + epsilon * Math.sign(slope[i]))));
        for (const i of [0, 1, 2]) expect(product(after, slope, i)).toBeCloseTo(product(worst, slope, i), 5);
      }),
    );
  });

  it("does the same again, and refuses an ε that is none", async () => {
    const target = linear(
      Float32Array.from({ length: 12 }, (_, i) => i / 12),
      new Float32Array(12),
    );
    expect(await run(target, 0.1)).toEqual(await run(target, 0.1));
    expect(() => run(target, 0)).toThrow("must be > 0");
  });
});
