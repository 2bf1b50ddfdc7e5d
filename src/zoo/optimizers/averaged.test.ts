import { describe, expect, it } from "vitest";
import { evaluate, input } from "../../tensor/index.ts";
import { choose } from "../entry.ts";
import { zoo } from "../index.ts";
import { averaged } from "./averaged.ts";

const optimizers = Object.keys(zoo.optimizers);

/** Parameters and averages after each of some steps with gradients that do not depend on them. */
function path(name: string, decay: number, steps: number): { parameters: number[]; averages: number[] } {
  const { entry, params } = averaged(choose("optimizer", zoo.optimizers, name), decay);
  const slots = entry.slots(params);
  const named = (keys: readonly string[], shape: number[]) => Object.fromEntries(keys.map((k) => [k, input(k, shape)]));
  const after = entry.update(
    { parameter: input("parameter", [1]), slots: named(slots, [1]) },
    input("gradient", [1]),
    params,
    named(Object.keys(entry.factors(params, 0.1, 1)), []),
  );
  let values: ArrayLike<number>[] = [[2], ...slots.map(() => [0])];
  const result = { parameters: [] as number[], averages: [] as number[] };
  for (let t = 1; t <= steps; t++) {
    values = evaluate([after.parameter, ...slots.map((slot) => after.slots[slot])], {
      ...Object.fromEntries(["parameter", ...slots].map((key, i) => [key, values[i]])),
      ...Object.fromEntries(Object.entries(entry.factors(params, 0.1, t)).map(([key, v]) => [key, [v]])),
      gradient: [Math.sin(t)],
    });
    result.parameters.push(values[0][0]);
    if (entry.evaluated) result.averages.push(values[1 + slots.indexOf(entry.evaluated)][0]);
  }
  return result;
}

describe.each(optimizers)("%s with averaged weights", (name) => {
  it("goes the way it goes without", () => {
    expect(path(name, 0.9, 6).parameters).toEqual(path(name, 0, 6).parameters);
  });

  it("averages all steps evenly at first, then forgets", () => {
    const { parameters, averages } = path(name, 0.75, 12);
    averages.slice(0, 4).forEach((average, i) => {
      const mean = parameters.slice(0, i + 1).reduce((a, b) => a + b) / (i + 1);
      expect(average).toBeCloseTo(mean, 12);
    });
    for (let i = 4; i < 12; i++) {
      expect(averages[i]).toBeCloseTo(0.75 * averages[i - 1] + 0.25 * parameters[i], 12);
    }
  });
});
