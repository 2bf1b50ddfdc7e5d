import { expect, it } from "vitest";
import { zoo } from "../zoo/index.ts";
import { checkStudy, readYaml } from "./parse.ts";
import { type DataFacts, plan } from "./plan.ts";

const study = (text: string) => checkStudy(readYaml(`name: own\nseeds: 1\n${text}`, "own.yaml"), [], zoo);
const facts: DataFacts = {
  name: "digits",
  version: "1",
  shape: [1, 28, 28],
  pixels: "uint8" as const,
  classes: 10,
  trainCount: 100,
  testCount: 10,
};
const planned = (text: string, shape = facts.shape) => plan(study(text), () => ({ ...facts, shape }), zoo);

it("is a factor, lists within it too; trials that differ in it train apart", () => {
  const { trials, cohorts } = planned("augment: [none, flip, { all: [flip, { crop: [2, 4] }] }]\nloss: [ce, mae]");
  expect(trials.map(({ augment }) => augment).filter((_, i) => i % 2 === 0)).toEqual([
    undefined,
    { flip: { probability: 0.5 } },
    ...[2, 4].map((padding) => ({ all: { list: [{ flip: { probability: 0.5 } }, { crop: { padding } }] } })),
  ]);
  expect(cohorts.map((c) => c.trials)).toEqual([0, 1, 2, 3].map((k) => [trials[2 * k].id, trials[2 * k + 1].id]));
});

it("changes no identity where there is none", () => {
  expect(planned("augment: none").trials).toEqual(planned("").trials);
  expect(planned("augment: flip").trials[0].id).not.toBe(planned("").trials[0].id);
});

it("is told where it does not fit the data", () => {
  const text = "augment:\n  - none\n  - flip\n  - { all: [mixup, { cutout: 9 }] }";
  expect(() => planned(`model: linear\n${text}`, [4])).toThrow(
    expect.objectContaining({
      problems: [
        { path: ["augment", 1], message: "flip: needs images [C,H,W], got [4]" },
        { path: ["augment", 2, "all"], message: "all: cutout: needs images [C,H,W], got [4]" },
      ],
    }),
  );
  expect(() => planned(text, [1, 8, 8])).toThrow("cutout: a square of 9 pixels does not fit into images of 8×8");
  expect(() => study("augment: { all: [flip, { corp: 2 }] }")).toThrow(
    expect.objectContaining({
      errors: [expect.objectContaining({ where: "own.yaml:3:24  augment.all[1]", hint: 'did you mean "crop"?' })],
    }),
  );
});
