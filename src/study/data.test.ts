/** What a study may say of data, and what of it is part of a trial's identity. */
import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import { UserErrors } from "../util/errors.ts";
import { contentHash } from "../util/hash.ts";
import { zoo } from "../zoo/index.ts";
import { expand } from "./expand.ts";
import { studyJsonSchema } from "./json-schema.ts";
import { checkStudy, readYaml } from "./parse.ts";
import { type DataFacts, ENGINE_VERSION, plan } from "./plan.ts";

const facts: DataFacts = {
  name: "digits",
  version: "v",
  shape: [1, 28, 28],
  pixels: "uint8" as const,
  classes: 10,
  trainCount: 100,
  testCount: 10,
};
const specs = (data: unknown) => {
  const { study, problems } = expand({ name: "s", data }, zoo);
  expect(problems).toEqual([]);
  return study!.data;
};
const problems = (data: unknown): string[] =>
  expand({ name: "s", data }, zoo).problems.map(
    (p) => `${p.path.join(".")}: ${p.message}${p.hint ? ` (${p.hint})` : ""}`,
  );
const planOf = (data: unknown, of: Partial<DataFacts> = {}) =>
  plan(expand({ name: "s", data, seeds: 2 }, zoo).study!, () => ({ ...facts, ...of }), zoo);
const idOf = (data: unknown, of: Partial<DataFacts> = {}): string => planOf(data, of).trials[0].id;

describe("a list is a factor", () => {
  it("of conditions, of their parameters and of amounts", () => {
    expect(
      specs({ labelNoise: ["none", { symmetric: [0.2, 0.4] }, { pairFlip: 0.45 }], train: [100, 0.5] }),
    ).toHaveLength(8);
    expect(specs({ imbalance: [{ longTail: [10, 100] }, { step: { ratio: 10, minority: [0.2, 0.5] } }] })).toHaveLength(
      4,
    );
    expect(specs([{ set: "mnist", labelNoise: { symmetric: 0.4 } }, "digits"])).toHaveLength(2);
    expect(specs({ labelNoise: { symmetric: 0.4 } })[0].labelNoise).toEqual({
      symmetric: { rate: 0.4, validation: false },
    });
  });

  it("but not where a value is a list", () => {
    expect(specs({ set: "./a", resize: [24, 32] })).toHaveLength(1);
    expect(specs({ set: "./a", resize: [[24, 32], 16] })).toHaveLength(2);
    expect(specs({ set: "./a.csv", ignore: ["id", "name"] })).toHaveLength(1);
    expect(
      specs({
        labelNoise: {
          transition: [
            [0.9, 0.1],
            [0.2, 0.8],
          ],
        },
      }),
    ).toHaveLength(1);
    expect(
      specs({
        labelNoise: {
          transition: [
            [
              [0.9, 0.1],
              [0.2, 0.8],
            ],
            [
              [1, 0],
              [0, 1],
            ],
          ],
        },
      }),
    ).toHaveLength(2);
  });
});

describe("a trial's identity", () => {
  it("is that of the fields before there were conditions, for trials without", () => {
    const { id, data: _, ...fields } = planOf(undefined).trials[0];
    const data = { set: "digits", validation: 0.1, scale: "unit", train: null, test: null, splitSeed: 0, version: "v" };
    expect(id).toBe(contentHash({ ...fields, data, engine: ENGINE_VERSION }));
    expect(idOf({ labelNoise: "none", imbalance: "none", balanced: true, scale: "unit" })).toBe(id);
  });

  it("holds the conditions with all their parameters", () => {
    const ids = [
      {},
      { labelNoise: { symmetric: 0.2 } },
      { labelNoise: { symmetric: 0.4 } },
      { labelNoise: { symmetric: { rate: 0.4, validation: true } } },
      { labelNoise: { pairFlip: 0.4 } },
      { imbalance: { longTail: 10 } },
      { imbalance: { longTail: { ratio: 10, rare: "random" } } },
      { imbalance: { step: 10 } },
      { balanced: false },
      { train: 100 },
    ].map((data) => idOf(data));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("holds the contents of own data, not the folder they lie in", () => {
    const own = { name: "./flowers" };
    expect(idOf("../x/flowers", own)).toBe(idOf("/home/flowers", own));
    expect(idOf("../x/flowers", own)).not.toBe(idOf("../x/flowers", { ...own, version: "w" }));
  });

  it("says how features are scaled where the study does not", () => {
    expect(planOf("./a.csv", { shape: [4] }).trials[0].data.scale).toBe("standardize");
    expect(planOf("digits").trials[0].data.scale).toBe("unit");
    expect(() => planOf([{ scale: "unit" }, {}])).toThrow("two of its values come to the same trials");
  });
});

test("trials of one seed and different conditions are in different cohorts", () => {
  const { trials, cohorts } = planOf({ labelNoise: ["none", { symmetric: 0.4 }], imbalance: ["none", { step: 2 }] });
  const byId = new Map(trials.map((t) => [t.id, t]));
  expect(cohorts).toHaveLength(8);
  for (const { trials, seed } of cohorts) {
    const data = trials.map((id) => JSON.stringify(byId.get(id)!.data));
    expect(new Set(data).size).toBe(1);
    expect(trials.every((id) => byId.get(id)!.seed === seed)).toBe(true);
  }
});

describe("mistakes", () => {
  it("are told with the nearest name", () => {
    expect(problems({ labelNoise: { symetric: 0.4 } })).toEqual([
      'data.labelNoise: there is no label noise "symetric" (did you mean "symmetric"?)',
    ]);
    expect(problems({ labelNoise: { symmetric: [0.2, 1.5] } })).toEqual([
      "data.labelNoise.symmetric.rate.1: must be <= 1, got 1.5",
    ]);
    expect(problems({ labelNoise: 0.4 })[0]).toContain("must be the name of a label noise");
    expect(problems({ labelNoise: [] })).toEqual(["data.labelNoise: is an empty list"]);
    expect(problems({ labelnoise: { symmetric: 0.4 } })[0]).toContain('did you mean "labelNoise"?');
    expect(problems({ imbalance: { longTail: { ratio: 0.5, rare: "first" } } })).toEqual([
      "data.imbalance.longTail.ratio: must be >= 1, got 0.5",
      expect.stringContaining("data.imbalance.longTail.rare: must be one of last, random"),
    ]);
    expect(problems({ train: 1.5, test: 0 })).toEqual([
      "data.train: must be a whole number, or a fraction below 1, got 1.5",
      "data.test: must be > 0, got 0",
    ]);
  });

  it("in names of data point to published sets and to paths", () => {
    expect(problems("minst")).toEqual([
      'data.set: there is no data set "minst" (did you mean "mnist"?; data of your own are named by their path: ./minst)',
    ]);
    expect(problems({ set: "mnist", label: "x", resize: 8 })).toEqual([
      "data.label: is only for data of your own, and mnist is not",
      "data.resize: is only for data of your own, and mnist is not",
    ]);
    expect(problems({ set: "./a", resize: [1, 2, 3] })).toEqual([]); // three sizes: a factor
  });

  it("stand at their place in the file", () => {
    const text = "name: s\ndata:\n  set: digits\n  labelNoise:\n    - none\n    - { symmetric: { rte: 0.4 } }\n";
    const read = (): unknown => checkStudy(readYaml(text, "s.yaml"), [], zoo);
    expect(read).toThrow(UserErrors);
    expect(read).toThrow("s.yaml:6:22  data.labelNoise[1].symmetric.rte");
  });
});

test("editors are told of conditions and own data", () => {
  const schema = z.fromJSONSchema(studyJsonSchema(zoo) as never);
  for (const data of [
    "./flowers",
    { set: "mnist", labelNoise: ["none", { symmetric: [0.2, 0.4] }], imbalance: { longTail: 100 }, train: 0.1 },
    { set: "iris.csv", label: "species", ignore: ["id"] },
    { set: "./a", resize: [24, 32] },
  ]) {
    expect(schema.safeParse({ name: "s", data }).success, JSON.stringify(data)).toBe(true);
  }
  expect(schema.safeParse({ name: "s", data: { labelNoise: { symetric: 0.4 } } }).success).toBe(false);
  expect(schema.safeParse({ name: "s", data: "minst" }).success).toBe(false);
});
