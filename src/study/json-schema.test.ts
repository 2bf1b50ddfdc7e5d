import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { zoo } from "../zoo/index.ts";
import { studyJsonSchema } from "./json-schema.ts";

const schema = studyJsonSchema(zoo);
const check = z.fromJSONSchema(schema as never);

const references = (value: unknown): string[] =>
  value === null || typeof value !== "object"
    ? []
    : Object.entries(value).flatMap(([key, inner]) => (key === "$ref" ? [inner as string] : references(inner)));

it("refers to nothing that it does not describe", () => {
  const known = Object.keys(schema.$defs as object).map((name) => `#/$defs/${name}`);
  for (const reference of references(schema)) {
    expect(known).toContain(reference);
    expect(encodeURI(reference)).toBe(reference);
  }
});

const folder = new URL("../../studies/", import.meta.url);

it.each(readdirSync(folder).filter((file) => file.endsWith(".yaml")))("takes the preset %s", (file) => {
  expect(check.safeParse(parse(readFileSync(new URL(file, folder), "utf8"))).error).toBeUndefined();
});

it.each<[object, boolean]>([
  [{ augment: [{ all: ["flip", { crop: [2, 4] }] }] }, true],
  [{ augment: { all: ["flip", { crop: "wide" }] } }, false],
  [{ loss: { sum: ["ce", { weight: 0.5, loss: { focal: 2 } }] } }, true],
  [{ loss: { temperature: { t: 2, loss: "vocal" } } }, false],
  [{ model: { layers: { list: ["flatten", { residual: [{ dense: 4 }] }, { dense: 10 }], init: "he" } } }, true],
  [{ model: { layers: [{ dens: 10 }] } }, false],
  [{ model: { layers: ["flatten", [{ dense: 5 }, "activation"], { dense: 10 }] } }, true],
  [{ loss: { sum: ["ce", { weight: [0.1, 1], loss: ["mae", { focal: [1, 2] }] }] } }, true],
  [{ tune: { learningRate: "logUniform(1e-4, 1)", "loss.gamma": { uniform: [0, 4] }, trials: 8 } }, true],
  [{ tune: { learningRate: "logUniform(1e-4, 1)", search: { successiveHalving: { factor: 4 } }, at: "best" } }, true],
  [{ tune: { learningRate: "loguniform(1e-4, 1)" } }, false],
  [{ tune: { learningRate: "uniform(0, 1)", search: "grid" } }, false],
  [{ until: "decided" }, true],
  [{ until: { decided: 30 } }, true],
  [{ until: { decided: { maxSeeds: 30, spending: "pocock", perLook: 5 } } }, true],
  [{ until: { decided: { maxSeed: 30 } } }, false],
  [{ until: { decided: { maxSeeds: [20, 30] } } }, false],
  [{ loss: { sum: ["ce", { weigth: 0.5, loss: "mae" }] } }, false],
])("says of %j what the reader says: %s", (fields, valid) => {
  expect(check.safeParse({ name: "study", ...fields }).success).toBe(valid);
});
