import { describe, expect, it } from "vitest";
import { constant, type Expr, input, type Shape } from "../../tensor/index.ts";
import { choose } from "../entry.ts";
import type { LayerSpec } from "../models/model.ts";
import * as layers from "./index.ts";
import type { Layer } from "./layer.ts";
import { sequence } from "./sequence.ts";

const convolution = (filters: number): LayerSpec[] => [
  { conv2d: { filters, kernel: 3, padding: 1, bias: false } },
  "batchNorm",
];
const build = (specs: LayerSpec[], shape: Shape) =>
  sequence(
    specs.map((spec) => choose("layer", layers as Record<string, Layer>, spec)),
    shape,
  );

/** The places whose seeds are asked for in training. */
function drawn(specs: LayerSpec[], shape: Shape): number[] {
  const { parameters, buffers, apply } = build(specs, shape);
  const tensors = Object.entries({ ...parameters, ...buffers }).map(([name, t]) => [name, input(name, t.shape)]);
  const places: number[] = [];
  apply(input("x", [2, ...shape]), Object.fromEntries(tensors), {
    training: true,
    activation: (x) => x,
    seed(place = 0): Expr {
      places.push(place);
      return constant(place, [], "int64");
    },
  });
  return places;
}

describe("a sequence", () => {
  it("counts the layers of each kind, and those of a block within it", () => {
    const block = { residual: { layers: convolution(2), shortcut: convolution(2) } };
    const { parameters, buffers } = build([...convolution(2), block, ...convolution(2), block], [1, 4, 4]);
    expect(Object.keys(parameters).filter((name) => name.endsWith("weight"))).toEqual([
      "conv2d1.weight",
      "batchNorm1.weight",
      "residual1.conv2d1.weight",
      "residual1.batchNorm1.weight",
      "residual1.shortcut.conv2d1.weight",
      "residual1.shortcut.batchNorm1.weight",
      "conv2d2.weight",
      "batchNorm2.weight",
      "residual2.conv2d1.weight",
      "residual2.batchNorm1.weight",
      "residual2.shortcut.conv2d1.weight",
      "residual2.shortcut.batchNorm1.weight",
    ]);
    expect(Object.keys(buffers)).toContain("residual2.shortcut.batchNorm1.variance");
  });

  it("adds up outputs and products, those of blocks included", () => {
    const plain = build([...convolution(2), ...convolution(2)], [1, 4, 4]);
    const block = build([...convolution(2), { residual: convolution(2) }], [1, 4, 4]);
    expect(plain.products).toBe(16 * (1 * 2 * 9 + 2 + 2 * 2 * 9 + 2));
    expect(block.products).toBe(plain.products);
    expect(plain.outputs).toEqual([1, 2, 3, 4].map(() => [2, 4, 4]));
    expect(block.outputs).toEqual([...plain.outputs, [2, 4, 4]]); // and the sum
    expect(build(["layerNorm"], [2, 3, 4]).products).toBe(24);
  });

  it("gives each layer random numbers of its own, by its place", () => {
    expect(drawn([{ dense: 4 }, "dropout", { dense: 4 }, "dropout"], [4])).toEqual([1, 3]);
    const twice = { residual: { layers: ["dropout", "dropout"], shortcut: ["dropout"] } };
    const places = drawn(["dropout", { residual: ["dropout", twice] }, twice, "dropout"], [4]);
    expect(places).toHaveLength(9);
    expect(new Set(places).size).toBe(9);
  });

  it.each<[string, LayerSpec[], Shape]>([
    ["layer 2, dense: needs flat inputs, got [3,4,4]; put flatten before it", ["activation", { dense: 2 }], [3, 4, 4]],
    ["layer 1, residual: layer 1, conv2d: needs images [C,H,W], got [5]", [{ residual: [{ conv2d: 2 }] }], [5]],
    [
      "layer 1, residual: shortcut's layer 2, dense: needs flat inputs, got [2,4,4]; put flatten before it",
      [{ residual: { layers: ["activation"], shortcut: ["activation", { dense: 4 }] } }],
      [2, 4, 4],
    ],
    [
      "layer 2, residual: its layers give [4], its shortcut [3]; they must be equal to be added",
      [{ dense: 3 }, { residual: [{ dense: 4 }] }],
      [5],
    ],
    ["layer 1, padChannels: 2 channels are fewer than the input's 3", [{ padChannels: 2 }], [3, 4, 4]],
  ])("says which layer does not fit: %s", (message, specs, shape) => {
    expect(() => build(specs, shape)).toThrow(message);
  });
});
