/** Laws that every clipping keeps. */
import { describe, expect, it } from "vitest";
import { evaluate, input } from "../../tensor/index.ts";
import { choose } from "../entry.ts";
import { settingsOf } from "../fixture.ts";
import { zoo } from "../index.ts";

const settings = Object.entries(zoo.clippings).flatMap(([name, entry]) =>
  settingsOf(entry)
    .filter((params) => Object.keys(params).length === Object.keys(entry.params).length)
    .map((params) => ({ [name]: params })),
);

/** Two parameters' gradients, clipped. */
function clipped(spec: object, a: readonly number[], b: readonly number[]): number[][] {
  const { entry, params } = choose("clipping", zoo.clippings, spec);
  const after = entry.apply({ a: input("a", [a.length]), b: input("b", [b.length]) }, params);
  return evaluate([after.a, after.b], { a, b }).map((values) => Array.from(values));
}

const length = (...gradients: number[][]): number => Math.hypot(...gradients.flat());

describe.each(settings)("%j", (spec) => {
  it("leaves small gradients alone", () => {
    const small = [1e-4, -2e-5, 0];
    expect(clipped(spec, small, [3e-5])).toEqual([small, [3e-5]]);
  });

  it("makes nothing larger and turns nothing round", () => {
    const before = [300, -0.02, 5];
    const [after, other] = clipped(spec, before, [-40]);
    [...before, -40].forEach((g, i) => {
      const now = [...after, ...other][i];
      expect(Math.sign(now)).toBe(Math.sign(g));
      expect(Math.abs(now)).toBeLessThanOrEqual(Math.abs(g));
    });
  });

  it("changes nothing when done again", () => {
    const once = clipped(spec, [300, -2, 5], [-40]);
    clipped(spec, once[0], once[1])
      .flat()
      .forEach((g, i) => {
        expect(g).toBeCloseTo(once.flat()[i], 5);
      });
  });
});

describe("clipping", () => {
  it("by norm keeps the direction over all parameters", () => {
    const [a, b] = clipped({ norm: 2 }, [3, 0], [0, -4]);
    expect(length(a, b)).toBeCloseTo(2, 6);
    expect(a[0] / b[1]).toBeCloseTo(-3 / 4, 12);
    expect(a[0]).toBeCloseTo(3 * (2 / (5 + 1e-6)), 14); // as torch.nn.utils.clip_grad_norm_ has it
  });

  it("by value holds each number", () => {
    expect(clipped({ value: 0.5 }, [3, 0.2], [-4])).toEqual([[0.5, 0.2], [-0.5]]);
  });
});
