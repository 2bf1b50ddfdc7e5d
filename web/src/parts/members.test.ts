/** What members of the zoo are set with on the pages. */
import { describe, expect, it } from "vitest";
import { zoo } from "../../../src/zoo/index.ts";
import { controlOf, type Members } from "./members.ts";

const parameters = (Object.entries(zoo) as unknown as [string, Members][]).flatMap(([kind, members]) =>
  Object.values(members).flatMap(({ name, params }) =>
    Object.entries(params).map(([key, schema]) => ({
      of: `${kind} ${name}.${key}`,
      schema,
      control: controlOf(schema),
    })),
  ),
);

describe("the control of a parameter", () => {
  it("offers what the parameter may have: the ends of sliders, and every word", () => {
    for (const { of, schema, control } of parameters) {
      if (of === "models resnet.depth") continue; // 6 n + 2: a slider has the numbers between them too
      const range = control.kind === "either" ? control.range : control.kind === "number" ? control : null;
      const offered = range ? [range.low, range.high] : control.kind === "words" ? control.words : [];
      for (const value of offered) expect([of, value, schema.safeParse(value).success]).toEqual([of, value, true]);
      if (range) expect([of, range.high - range.low >= range.step]).toEqual([of, true]);
    }
  });

  it("is a slider wherever the parameter may be a number", () => {
    const numeric = parameters.filter(({ schema }) => {
      const takes = (value: unknown): boolean => schema.safeParse(value).success;
      return (takes(1) || takes(0.5)) && !takes({ what: "ever" }); // a member stands where anything may
    });
    expect(numeric.length).toBeGreaterThan(100);
    for (const { of, control } of numeric) expect([of, control.kind]).toEqual([of, expect.stringMatching(/number|either/)]); // biome-ignore format: one line
    const { params } = zoo.losses.focal;
    const focal = Object.entries(params).map(([key, schema]) => [key, controlOf(schema).kind]);
    expect(Object.fromEntries(focal)).toMatchObject({ gamma: "number", alpha: "either", labelSmoothing: "number" });
  });
});
