import { describe, expect, it } from "vitest";
import { evaluateLoss, type LossInput } from "./plain.ts";

describe("a loss on plain numbers refuses", () => {
  const logits = [[1, 2, 3]];
  const of = (spec: string, input: Omit<LossInput, "logits">) => () => evaluateLoss(spec, { logits, ...input });
  it("classes that are none", () => {
    for (const target of [3, -1, 0.5, Number.NaN])
      expect(of("ce", { targets: [target] })).toThrow(`targets[0] is ${target}; expected a class from 0 to 2`);
    expect(of("ce", { targets: [0, 1] })).toThrow("2 targets for 1 rows of logits");
  });
  it("distributions that are none", () => {
    expect(of("ce", { targets: [[0.5, 0.5]] })).toThrow("targets[0] has 2 values; expected one for each of 3 classes");
    expect(of("ce", { targets: [[0.5, 0.7, -0.2]] })).toThrow("targets[0][2] is -0.2; expected a probability");
    expect(of("ce", { targets: [[0.5, 0.5, 0.5]] })).toThrow("targets[0] adds up to 1.5");
    expect(of("hinge", { targets: [[0.5, 0.5, 0]] })).toThrow("hinge takes classes as targets, got distributions");
    expect(of("ce", { targets: [[0.1, 0.2, 0.7]] })).not.toThrow();
  });
  it("counts that do not fit the classes", () => {
    expect(of("ldam", { targets: [0], classCounts: [1, 2] })).toThrow(
      "classCounts has 2 values; expected one for each of 3 classes",
    );
    expect(of("ldam", { targets: [0], classCounts: [1, -2, 3] })).toThrow(
      "classCounts[1] is -2; expected a number of examples",
    );
  });
});
