import { expect, it } from "vitest";
import { zoo } from "../zoo/index.ts";
import { expand } from "./expand.ts";

const losses = (loss: unknown, data: unknown = "digits") => expand({ name: "s", loss, data, seeds: 1 }, zoo);
const specs = (loss: unknown) => {
  const { study, problems } = losses(loss);
  expect(problems).toEqual([]);
  return study!.entries.loss.map((chosen) => chosen.spec);
};
const problem = (loss: unknown) => losses(loss).problems.map(({ path, message }) => `${path.join(".")}: ${message}`);

const ce = { ce: { labelSmoothing: 0, weights: "none" } };
const rce = (logZero: number) => ({ reverseCe: { logZero } });

it("takes the list of a sum for its terms", () => {
  const sum = {
    sum: {
      terms: [
        { weight: 1, loss: ce },
        { weight: 1, loss: rce(-4) },
      ],
    },
  };
  expect(specs({ sum: ["ce", "reverseCe"] })).toEqual([sum]);
  expect(specs({ sum: { terms: [{ loss: "ce" }, { weight: 1, loss: "reverseCe" }] } })).toEqual([sum]);
  expect(specs(sum)).toEqual([sum]);
});

it("takes a list of such lists for a factor, and lists within the terms", () => {
  expect(specs({ sum: [["ce", "mae"], ["ce"]] })).toHaveLength(2);
  const drawn = specs({ sum: ["ce", { weight: [0.5, 2], loss: { reverseCe: [-4, -6] } }] });
  expect(drawn).toEqual(
    [0.5, 2].flatMap((weight) =>
      [-4, -6].map((logZero) => ({
        sum: {
          terms: [
            { weight: 1, loss: ce },
            { weight, loss: rce(logZero) },
          ],
        },
      })),
    ),
  );
});

it("finds factors in losses within losses, and beside formulas", () => {
  expect(specs({ temperature: { t: [1, 2], loss: ["ce", { reverseCe: [-4, -6] }] } })).toHaveLength(6);
  expect(specs({ formula: "-g * log(p)", g: [1, 2] })).toEqual(
    [1, 2].map((g) => ({ formula: { expression: "-g * log(p)", g } })),
  );
});

it.each([
  [{ sum: ["ce", { weight: [1, -1], loss: "mae" }] }, "loss.sum.1.weight.1: must be > 0, got -1"],
  [{ sum: ["ce", ["ce", { focal: [1, -1] }]] }, "loss.sum.1.1.focal.gamma.1: must be >= 0, got -1"],
  [{ sum: { terms: ["ce", "vocal"] } }, 'loss.sum.terms.1: there is no loss "vocal"'],
  [{ temperature: { loss: [{ kl: {} }, "vocal"] } }, 'loss.temperature.loss.1: there is no loss "vocal"'],
  [
    ["ce", { ce: { weights: [1, 2] } }],
    "loss.1: weights: a list of 2 numbers for 10 classes; expected one for each class",
  ],
  [
    { classBalanced: { loss: { focal: { alpha: [1] } } } },
    "loss: alpha: a list of 1 number for 10 classes; expected one for each class",
  ],
  [{ formula: "-log(pp)" }, 'loss: there is no name "pp", at column 6 of the formula'],
])("says where in %j it is wrong", (loss, text) => {
  expect(problem(loss)).toEqual([text]);
});

it.each(["__proto__", "constructor", "toString"])(
  "takes %s for a name that nobody knows, wherever it stands",
  (name) => {
    const own = (value: unknown) => Object.fromEntries([[name, value]]); // { __proto__: … } would be no field
    const told = (said: object) =>
      expand({ name: "s", data: "digits", loss: "ce", seeds: 1, ...said }, zoo).problems.map((p) => p.path.join("."));
    expect(told({ data: { set: "digits", ...own([1, 2]) } })).toContain(`data.${name}`);
    expect(told({ data: own([name]) })).toContain(`data.${name}`);
    expect(told({ loss: { focal: own([1, 2]) } })).toContain(`loss.focal.${name}`);
    expect(told({ loss: own([1, 2]) })).toContain("loss");
    expect(told({ loss: "ce", tune: own([1, 2]) })).toContain(`tune.${name}`);
  },
);
