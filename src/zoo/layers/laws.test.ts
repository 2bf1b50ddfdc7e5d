/** Laws that every layer keeps, over one table of examples. A new layer needs a line in it and no test of its own for them. */
import { describe, expect, it } from "vitest";
import { evaluateLayer, onRuntime, type SpecInput } from "../../library/plain.ts";
import { nodeBackend } from "../../run/node-backend.ts";
import {
  constant,
  type Expr,
  evaluate,
  grad,
  input,
  mul,
  perTrial,
  type Shape,
  sizeOf,
  sum,
  tanh,
  trialsFirst,
  vmap,
} from "../../tensor/index.ts";
import { random } from "../../util/random.ts";
import { choose } from "../entry.ts";
import * as layers from "./index.ts";

/** Layers with shapes of one example's input. */
const examples: Record<keyof typeof layers, readonly (readonly [SpecInput, Shape])[]> = {
  activation: [["activation", [3, 4, 4]]],
  avgPool: [
    [{ avgPool: 2 }, [3, 4, 4]],
    [{ avgPool: { kernel: 3, stride: 2, padding: 1, countPadding: false } }, [2, 5, 6]],
  ],
  batchNorm: [
    ["batchNorm", [5]],
    [{ batchNorm: { epsilon: 0.01, momentum: 0.3 } }, [3, 4, 2]],
  ],
  conv2d: [
    [{ conv2d: { filters: 4, kernel: 3, padding: 1 } }, [2, 5, 5]],
    [{ conv2d: { filters: 4, kernel: 2, stride: 2, groups: 2, bias: false } }, [2, 6, 5]],
  ],
  dense: [
    [{ dense: 3 }, [5]],
    [{ dense: { units: 3, bias: false } }, [5]],
  ],
  dropout: [["dropout", [20]]],
  flatten: [["flatten", [2, 3, 4]]],
  globalAvgPool: [["globalAvgPool", [3, 4, 5]]],
  layerNorm: [
    ["layerNorm", [6]],
    ["layerNorm", [2, 3, 4]],
  ],
  logSoftmax: [["logSoftmax", [5]]],
  maxPool: [
    [{ maxPool: 2 }, [3, 4, 5]],
    [{ maxPool: { kernel: 1, stride: 2 } }, [2, 5, 4]],
  ],
  padChannels: [
    [{ padChannels: 5 }, [2, 3, 3]],
    [{ padChannels: 2 }, [2, 3, 3]],
  ],
  residual: [
    [{ residual: [{ dense: 6 }, "activation", "dropout", { dense: 4 }, "dropout"] }, [4]],
    [
      {
        residual: {
          layers: [{ conv2d: { filters: 3, stride: 2, padding: 1 } }, "batchNorm"],
          shortcut: [{ conv2d: { filters: 3, kernel: 1, stride: 2 } }, "batchNorm"],
        },
      },
      [2, 5, 4],
    ],
    [{ residual: [{ residual: [{ dense: 4 }, "dropout"] }, "batchNorm"] }, [4]],
  ],
  softmax: [["softmax", [5]]],
};
const settings = Object.entries(examples).flatMap(([name, all]) =>
  all.flatMap(([spec, shape]) =>
    [true, false].map((training) => {
      const title = `${JSON.stringify(spec)} of [${shape}] ${training ? "in training" : "in evaluation"}`;
      return [title, { name, spec, shape, training }] as const;
    }),
  ),
);

const N = 3;
const stream = random(11, "layers");
const numbers = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.fround(stream.normal(1000 * from + i)));
/** Running variances are positive. */
const positive = (from: number, count: number): number[] => numbers(from, count).map((v) => Math.fround(0.5 + v * v));

describe.each(settings)("%s", (_, { name, spec, shape, training }) => {
  const { entry, params } = choose("layer", layers, spec);
  const built = entry.build(shape, params);
  const shapes = { ...built.parameters, ...built.buffers };
  const tensorsOf = (trial: number): Record<string, number[]> =>
    Object.fromEntries(
      Object.entries(shapes).map(([key, t], i) => {
        const draw = key in built.buffers ? positive : numbers;
        return [key, draw(50 * trial + i + 1, sizeOf(t.shape))];
      }),
    );
  const x = numbers(0, N * sizeOf(shape));
  const given = { shape: [N, ...shape], x, tensors: tensorsOf(0), training, seed: 5 };

  it("gives what it announces", () => {
    expect(name).toBe(entry.name);
    const { shape: got, y, gradients, buffers } = evaluateLayer(spec, given);
    expect(got).toEqual([N, ...built.output]);
    expect(y.every(Number.isFinite)).toBe(true);
    expect(built.outputs.at(-1)).toEqual(built.output);
    expect(Object.keys(gradients)).toEqual(Object.keys(built.parameters));
    for (const [key, values] of Object.entries(buffers)) expect(values).toHaveLength(sizeOf(built.buffers[key].shape));
  });

  it("changes buffers in training, and only there", () => {
    const { buffers } = evaluateLayer(spec, given);
    expect(Object.keys(buffers).sort()).toEqual(training ? Object.keys(built.buffers).sort() : []);
  });

  if (!training) {
    it("treats each example alone", () => {
      const size = sizeOf(shape);
      const alone = Array.from({ length: N }, (_, i) =>
        evaluateLayer(spec, { ...given, shape: [1, ...shape], x: x.slice(i * size, (i + 1) * size) }),
      );
      const together = evaluateLayer(spec, given);
      alone
        .flatMap(({ y }) => y)
        .forEach((value, i) => {
          expect(value).toBeCloseTo(together.y[i], 12);
        });
    });
  }

  it("is in float32 what it is in float64", async () => {
    const gradOut = numbers(900, N * sizeOf(built.output));
    const [got, wanted] = [
      await onRuntime(nodeBackend()).evaluateLayer(spec, { ...given, gradOut }),
      evaluateLayer(spec, { ...given, gradOut }),
    ];
    const flat = ({ y, gradX, gradients, buffers }: typeof got): number[][] => [
      y,
      gradX,
      ...Object.values(gradients),
      ...Object.values(buffers),
    ];
    flat(wanted).forEach((values, k) => {
      const largest = Math.max(1, ...values.map(Math.abs));
      values.forEach((value, i) => {
        expect(Math.abs(flat(got)[k][i] - value)).toBeLessThan(1e-5 * largest);
      });
    });
  });

  it("serves trials together as it serves each alone, gradients included", () => {
    const trials = 3;
    const feeds = Array.from({ length: trials }, (_, t) => ({ ...tensorsOf(t), x: numbers(800 + t, x.length) }));
    const apply = (own: Record<string, Expr>): Record<string, Expr> => {
      const { y, buffers } = built.apply(own.x, own, {
        training,
        activation: tanh,
        seed: (place = 0) => constant(5 + place, [], "int64"),
      });
      return { y, ...buffers };
    };
    const all = { x: [N, ...shape], ...Object.fromEntries(Object.entries(shapes).map(([k, t]) => [k, t.shape])) };
    const inputs = (lead: readonly number[]): Record<string, Expr> =>
      Object.fromEntries(Object.entries(all).map(([key, own]) => [key, input(key, [...lead, ...own])]));
    const withGradients = (y: Record<string, Expr>, of: Record<string, Expr>): Expr[] => [
      ...Object.values(y),
      ...grad(sum(mul(y.y, y.y)), Object.values(of)),
    ];
    const own = inputs([]);
    const alone = feeds.map((fed) => evaluate(withGradients(apply(own), own), fed));
    const stacked = inputs([trials]);
    const batched = vmap(trials, Object.fromEntries(Object.entries(stacked).map(([k, e]) => [k, perTrial(e)])), apply);
    const outputs = Object.fromEntries(Object.entries(batched).map(([k, b]) => [k, trialsFirst(b, trials)]));
    const together = evaluate(
      withGradients(outputs, stacked),
      Object.fromEntries(Object.keys(all).map((key) => [key, feeds.flatMap((fed) => fed[key as keyof typeof fed])])),
    );
    together.forEach((values, k) => {
      const wanted = alone.flatMap((results) => Array.from(results[k]));
      expect(values).toHaveLength(wanted.length);
      wanted.forEach((value, i) => {
        expect(values[i]).toBeCloseTo(value, 10);
      });
    });
  });
});
