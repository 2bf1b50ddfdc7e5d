/** Models spelled out layer by layer in study files: what they become, and what is said of mistakes in them. */
import { describe, expect, it } from "vitest";
import { UserErrors } from "../util/errors.ts";
import { zoo } from "../zoo/index.ts";
import { ParameterError } from "../zoo/problems.ts";
import { checkStudy, readYaml } from "./parse.ts";
import { plan } from "./plan.ts";

const study = (model: string) => checkStudy(readYaml(`name: own\nmodel:\n${model}`, "own.yaml"), [], zoo);

/** Places and messages of all that is wrong with a study's model. */
function mistakes(model: string): string[] {
  try {
    study(model);
  } catch (error) {
    if (!(error instanceof UserErrors)) throw error;
    return error.errors.map(({ where, message, hint }) => [where, message, hint].filter(Boolean).join(": "));
  }
  return [];
}

const facts = () => ({
  name: "digits",
  version: "1",
  shape: [1, 28, 28],
  pixels: "uint8" as const,
  classes: 10,
  trainCount: 100,
  testCount: 10,
});

describe("a list of layers", () => {
  it("has all parameters explicit, those of blocks included", () => {
    const [{ spec }] = study("  layers: [flatten, { residual: [{ dropout: 0.1 }] }, { dense: 10 }]").entries.model;
    expect(spec.layers.list).toEqual([
      { flatten: {} },
      { residual: { layers: [{ dropout: { p: 0.1 } }], shortcut: [] } },
      { dense: { units: 10, bias: true } },
    ]);
  });

  it("is one value, and a list of lists is a factor", () => {
    const models = (model: string) => study(model).entries.model.length;
    expect(models("  layers: [flatten, { dense: 10 }]")).toBe(1);
    expect(models("  layers: [[flatten, { dense: 10 }], [flatten, { dense: 5 }, { dense: 10 }]]")).toBe(2);
    expect(
      models("  layers: [flatten, { dense: [20, 30] }, [activation, { dropout: [0.1, 0.2] }], { dense: 10 }]"),
    ).toBe(6);
    expect(models("  mlp: [20, 10]")).toBe(1);
    expect(models("  mlp: [[20, 10], [5]]")).toBe(2);
    expect(models("  mlp: { hidden: [[20], [5]], dropout: [0, 0.5], init: [he, xavier] }")).toBe(8);
  });

  it("is told every mistake at its place", () => {
    expect(
      mistakes(`  layers:
    - { conv2d: { filters: 8, pading: 1 } }
    - activaton
    - residual:
        layers:
          - { dense: many }
        shortcut: [flattn]
    - 7
`),
    ).toEqual([
      'own.yaml:4:31  model.layers[0].conv2d.pading: there is no parameter "pading": did you mean "padding"?',
      'own.yaml:5:7  model.layers[1]: there is no layer "activaton": did you mean "activation"?',
      'own.yaml:8:22  model.layers[2].residual.layers[0].dense.units: must be a number, got "many"',
      'own.yaml:9:20  model.layers[2].residual.shortcut[0]: there is no layer "flattn": did you mean "flatten"?',
      "own.yaml:10:7  model.layers[3]: must be the name of a layer or { name: { parameters } }, got 7",
    ]);
  });

  it("is told mistakes in layers beside those of other parameters", () => {
    expect(mistakes("  layers: [{ residual: { layers: [flattn], shortcut: 7, skip: 1 } }]")).toHaveLength(3);
  });

  it.each([
    ["  layers: flatten", 'own.yaml:3:11  model.layers.list: must be a list, got "flatten"'],
    ["  layers: []", "own.yaml:3:3  model.layers.list: must have at least 1 of them, got none"],
    [
      "  layers: [{ residual: [{ dense: many }] }]",
      'own.yaml:3:34  model.layers[0].residual[0].dense.units: must be a number, got "many"',
    ],
    ["  mlp: [20, -3]", "own.yaml:3:13  model.mlp[1]: must be >= 1, got -3"],
    ["  mlp: { hidden: [20, -3] }", "own.yaml:3:23  model.mlp.hidden[1]: must be >= 1, got -3"],
    ["  mlp: { hidden: [[20], [-3]] }", "own.yaml:3:26  model.mlp.hidden[1][0]: must be >= 1, got -3"],
    ["  resnet: [8, 12]", "own.yaml:3:15  model.resnet.depth[1]: must be 6n + 2, such as 8, 14, 20, 32, got 12"],
    ["  linear: { init: hee }", 'own.yaml:3:19  model.linear.init: there is no initializer "hee": did you mean "he"?'],
    [
      "  layers: [[flatten, { dense: 10 }], [{ dens: 10 }]]",
      'own.yaml:3:39  model.layers.list[1][0]: there is no layer "dens": did you mean "dense"?',
    ],
  ])("%s is refused", (model, message) => {
    expect(mistakes(model)).toEqual([message]);
  });

  it("is told where its shapes do not fit the data", () => {
    const own = study("  - linear\n  - layers: [{ conv2d: 8 }, { maxPool: 2 }, { dense: 10 }]");
    expect(() => plan(own, facts, zoo)).toThrow(
      expect.objectContaining({
        constructor: ParameterError,
        problems: [
          {
            path: ["model", 1, "layers"],
            message:
              'the model "layers" does not fit inputs of [1,28,28]: layer 3, dense: needs flat inputs, got [8,13,13]; put flatten before it',
          },
        ],
      }),
    );
    expect(() => plan(study("  layers: [flatten, { dense: 9 }]"), facts, zoo)).toThrow(
      'the model "layers" ends with [9] instead of one output for each of 10 classes',
    );
  });
});
