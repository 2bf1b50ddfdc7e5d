/** The study form's reading and writing of files: what it writes is there, what it does not touch stays. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkStudy, readYaml } from "../../../../src/study/parse.ts";
import { zoo } from "../../../../src/zoo/index.ts";
import { FIRST } from "./begin.ts";
import { partsOf, saidIn, withValue } from "./file.ts";
import { problemsOf } from "./problems.ts";
import { readValue, textOf } from "./values.ts";

const folder = join(import.meta.dirname, "../../../../studies");
const presets = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
const textOfPreset = (name: string): string => readFileSync(join(folder, name), "utf8");
const comments = (text: string): string[] => text.match(/^ *#.*$/gm) ?? [];

describe("a value in one line", () => {
  it("is read back as it was, whatever it is", () => {
    const value = fc.jsonValue({ depthSize: "small" }).filter((v) => !Object.is(v, -0));
    fc.assert(
      fc.property(value, (v) => {
        expect(readValue(textOf(v))).toEqual({ value: v });
      }),
    );
  });

  it.each([
    ["0.1", 0.1],
    ["0.1, 0.01", [0.1, 0.01]],
    ["[16]", [16]],
    ["16, 8", [16, 8]],
    ["[16, 8], [32]", [[16, 8], [32]]],
    ["{ ce: { smoothing: 0.1 } }", { ce: { smoothing: 0.1 } }],
    ["  ", undefined],
  ])("reads %s", (text, value) => expect(readValue(text)).toEqual({ value }));

  it.each(["[1", "1]", "{ a: ", '"a'])("says that %s is none", (text) =>
    expect(readValue(text)).toHaveProperty("problem"),
  );
});

describe("a file with something said otherwise", () => {
  it.each(presets)("keeps all else of %s, its comments too", (name) => {
    const text = textOfPreset(name);
    const before = saidIn(text)!;
    const after = withValue(text, ["epochs"], 7);
    expect(saidIn(after)).toEqual({ ...before, epochs: 7 });
    expect(comments(after)).toEqual(comments(text));
    const gone = withValue(after, ["epochs"], undefined);
    const { epochs: _, ...others } = before;
    expect(saidIn(gone)).toEqual(others);
  });

  it("says within a field what a word said before", () => {
    expect(saidIn(withValue("data: digits\n", ["data", "train"], 100))).toEqual({
      data: { set: "digits", train: 100 },
    });
    expect(saidIn(withValue("measure: each\n", ["measure", "bins"], 10))).toEqual({
      measure: { probabilities: "each", bins: 10 },
    });
    expect(saidIn(withValue("robustness: true\n", ["robustness", "noise"], 1))).toEqual({
      robustness: { corruptions: "all", noise: 1 },
    });
    expect(saidIn(withValue("", ["name"], "new"))).toEqual({ name: "new" });
  });

  it("leaves nothing empty behind, and nothing else out", () => {
    const text = "name: a\ntune: { learningRate: logUniform(1e-4, 1) }\n";
    expect(saidIn(withValue(text, ["tune", "learningRate"], undefined))).toEqual({ name: "a" });
    expect(saidIn(withValue("loss: [ce, mae, mse]\n", ["loss", 1], undefined))).toEqual({ loss: ["ce", "mse"] });
    expect(saidIn(withValue(text, ["tune", "trials"], 8))).toEqual({
      name: "a",
      tune: { learningRate: "logUniform(1e-4, 1)", trials: 8 },
    });
  });

  it("stays as it is while it is no YAML", () => {
    expect(saidIn("loss: [ce")).toBeNull();
    expect(withValue("loss: [ce", ["name"], "a")).toBe("loss: [ce");
    expect(partsOf({ data: [{ set: "digits" }, { set: "mnist" }] }, "data")).toBeNull();
    expect(partsOf({ data: ["digits", "mnist"] }, "data")).toEqual({ set: ["digits", "mnist"] });
  });
});

it("begins with a study without mistakes", () => {
  expect(checkStudy(readYaml(FIRST, "first.yaml"), [], zoo).name).toBe("my-study");
});

it("finds what is wrong by the place in the file", () => {
  const problem = (path: string) => ({ message: `at ${path}`, hint: null, line: 1, column: 1, path });
  const problems = problemsOf([problem("loss[1].focal.gamma"), problem("loss[10]"), problem("epochs")]);
  expect(problems.below(["loss", 1])).toEqual([{ path: "focal.gamma", message: "at loss[1].focal.gamma" }]);
  expect(problems.at(["epochs"])).toBe("at epochs");
  expect(problems.at(["epoch"])).toBe("");
});
