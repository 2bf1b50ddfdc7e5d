import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Spec } from "../run/records.ts";
import { ce, focal, hinge, mae, plain, sgd } from "./fixture.ts";
import { configurationLabels, dataTitle, type Parts, specLabel } from "./labels.ts";

const base: Parts = {
  data: { name: "mnist" },
  model: { mlp: { hidden: [28] } },
  activation: plain("selu"),
  loss: ce,
  optimizer: sgd(0.01),
  schedule: { constant: {} },
  epochs: 20,
  batchSize: 100,
};
const term = (loss: Spec, weight = 1) => ({ weight, loss });
const labels = (...changes: Partial<Parts>[]) => configurationLabels(changes.map((c) => ({ ...base, ...c })));

describe("specLabel", () => {
  it.each([
    [ce, "CE"],
    [{ ce: { labelSmoothing: 0.1, weights: "none" } }, "CE smoothing 0.1"],
    [{ ce: { labelSmoothing: 0, classWeights: null } }, "CE"],
    [{ kl: {} }, "KL"],
    [mae, "MAE"],
    [{ mae: { on: "logits", classes: "mean" } }, "MAE on logits"],
    [focal(2), "focal γ=2"],
    [focal(0.5, 0.1), "focal γ=0.5, α=0.1"],
    [focal(2, "inverse-batch"), "focal γ=2, α inverse-batch"],
    [hinge(5), "hinge Δ=5"],
    [hinge(0.5, "probabilities"), "hinge Δ=0.5 on softmax"],
    [{ hinge: { delta: 1, on: "probabilities", squared: true } }, "hinge Δ=1 on softmax, squared"],
    [{ generalizedCe: { q: 0.7 } }, "GCE q=0.7"],
    [{ biTempered: { t1: 0.8, t2: 1.3 } }, "bi-tempered t₂=1.3"],
    [{ sum: { terms: [term({ normalizedCe: {} }), term({ reverseCe: { logZero: -4 } })] } }, "NCE + RCE A=-4"],
    [{ sum: { terms: [term(ce), term(focal(2, 0.1), 0.5)] } }, "CE + 0.5 (focal γ=2, α=0.1)"],
    [{ temperature: { t: 2, loss: { sum: { terms: [term(ce), term(mae)] } } } }, "(CE + MAE) at T=2"],
    [{ classBalanced: { beta: 0.999, loss: focal(2), divideBy: "weights" } }, "class-balanced focal γ=2 β=0.999"],
    [{ confidencePenalty: { beta: 0.1, loss: ce } }, "CE with confidence penalty β=0.1"],
    [{ formula: { expression: "-(1 - p)^g * log(p)", g: 2 } }, "-(1 - p)^g * log(p), g=2"],
    [plain("hardswish"), "HardSwish"],
    [sgd(0.01, 0), "SGD lr 0.01, momentum 0.9"],
    [{ mlp: { hidden: [112, 28] } }, "MLP 112-28"],
    [
      { layers: { list: [{ conv2d: { filters: 8, kernel: 3, bias: false } }, "flatten", { dense: { units: 10 } }] } },
      "layers conv2d filters 8, no bias → flatten → dense units 10",
    ],
    [
      { layers: { list: [{ residual: { layers: [{ dense: { units: 9 } }], shortcut: ["flatten"] } }] } },
      "layers residual (dense units 9), shortcut (flatten)",
    ],
    [{ resnet: { depth: 8, width: 16, shortcut: "projection" } }, "ResNet 8, shortcut projection"],
    [{ boundary: { width: 3, sharp: false, kind: "none" } }, "boundary width 3"],
  ])("%j is %s", (spec, label) => expect(specLabel(spec)).toBe(label));
});

describe("configurationLabels", () => {
  it("names only what varies", () => {
    expect(labels({ loss: ce }, { loss: focal(0.5) }, { loss: hinge(5) }, { loss: mae })).toEqual([
      "CE",
      "focal γ=0.5",
      "hinge Δ=5",
      "MAE",
    ]);
    expect(labels({ optimizer: sgd(0.01) }, { optimizer: sgd(0.003) })).toEqual(["SGD lr 0.01", "SGD lr 0.003"]);
    expect(labels({ batchSize: 10 }, { batchSize: 100 })).toEqual(["batch 10", "batch 100"]);
    const all = { all: { list: [{ flip: { probability: 0.5 } }, { crop: { padding: 4 } }] } };
    expect(labels({}, { augment: { mixup: { alpha: 0.2 } } }, { augment: all })).toEqual([
      "no augmentation",
      "mixup",
      "flip probability 0.5 + shifted crop padding 4",
    ]);
    const mnist = (conditions: object) => ({ data: { set: "mnist", ...conditions } });
    const symmetric = (rate: number, validation = false) => ({ labelNoise: { symmetric: { rate, validation } } });
    const step = { imbalance: { step: { ratio: 10, minority: 0.5, rare: "random" } } };
    expect(labels(mnist({}), mnist(symmetric(0.2)), mnist({ ...symmetric(0.4, true), ...step }))).toEqual([
      "CE",
      "symmetric noise 0.2",
      "symmetric noise 0.4, validation too, step imbalance 10, of random classes",
    ]);
    const flips = { asymmetric: { rate: 0.4, flips: { cat: "dog", dog: "cat" }, validation: false } };
    expect(labels(mnist({}), mnist({ labelNoise: flips }))[1]).toBe("asymmetric noise 0.4, cat→dog dog→cat");
    expect(labels(mnist({ train: 100 }), mnist({ train: 200 }))).toEqual(["train 100", "train 200"]);
    expect(labels({ activation: plain("selu"), loss: ce }, { activation: plain("tanh"), loss: hinge(5) })).toEqual([
      "SELU · CE",
      "Tanh · hinge Δ=5",
    ]);
    expect(labels({})).toEqual(["CE"]);
  });

  it("leaves unsaid what most configurations share", () => {
    const rest = [ce, mae, hinge(5), focal(2)].map((loss) => ({ loss }));
    expect(labels(...rest, { loss: ce, optimizer: sgd(0.003) }).at(-1)).toBe("CE · SGD lr 0.003");
    expect(labels(...rest, { loss: ce, optimizer: sgd(0.003) })[0]).toBe("CE");
  });

  it("tells apart what its words cannot", () => {
    const [a, b] = labels(
      { loss: { ce: { labelSmoothing: 0, weights: "none" } } },
      { loss: { ce: { labelSmoothing: 0, weights: null } } },
    );
    expect([a, b]).toEqual(["CE weights none", "CE weights null"]);
  });

  it("are distinct for distinct configurations, whatever these are", () => {
    const word = fc.constantFrom("ce", "focal", "hinge", "sgd", "relu", "novel");
    const value = fc.oneof(
      fc.constantFrom(0, 1, 0.5, "none", null, false, true),
      fc.array(fc.nat(3), { maxLength: 2 }),
    );
    const spec = fc
      .tuple(word, fc.dictionary(fc.constantFrom("gamma", "alpha", "on", "weights", "momentum", "other"), value))
      .map(([k, v]) => ({ [k]: v }));
    const parts = fc.record({
      data: fc.dictionary(fc.constantFrom("name", "noise"), value),
      model: spec,
      activation: spec,
      loss: spec,
      optimizer: spec,
      schedule: spec,
      epochs: fc.constantFrom(1, 2),
      batchSize: fc.constantFrom(1, 2),
    });
    fc.assert(
      fc.property(fc.uniqueArray(parts, { minLength: 1, maxLength: 12, selector: (p) => JSON.stringify(p) }), (all) => {
        const found = configurationLabels(all);
        expect(new Set(found).size).toBe(all.length);
        for (const label of found) expect(label).not.toBe("");
      }),
    );
  });
});

it("names data in several forms", () => {
  expect(dataTitle({ name: "mnist" })).toBe("MNIST");
  expect(dataTitle({ "fashion-mnist": { train: 100 } })).toBe("Fashion-MNIST");
  expect(dataTitle({ name: "my own" })).toBe("my own");
  expect(dataTitle({})).toBe("unnamed data");
  expect(dataTitle({ set: "./flowers" })).toBe("flowers");
});

it("tells data sets apart by title, whatever their versions", () => {
  expect(labels({ data: { set: "mnist", version: "a1", train: null } }, { data: { set: "cifar10", version: "b2", train: null } })).toEqual(["MNIST", "CIFAR-10"]); // biome-ignore format: one line
});
