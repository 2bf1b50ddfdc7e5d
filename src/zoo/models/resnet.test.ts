/** The network against PyTorch's numbers; test/fixtures/resnet.py tells how they were made. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { evaluateLoss } from "../../library/plain.ts";
import { replayTraining } from "../../library/replay.ts";
import { nodeBackend } from "../../run/node-backend.ts";
import { type Expr, evaluate, grad, input, mul, relu, sum } from "../../tensor/index.ts";
import { choose } from "../entry.ts";
import { zoo } from "../index.ts";
import { buildModel } from "./model.ts";

interface Case {
  model: { resnet: Record<string, unknown> };
  shape: number[];
  classes: number;
  rate: number;
  x: number[];
  y: number[];
  parameters: Record<string, number[]>;
  loss: number;
  logits: number[];
  gradients: Record<string, number[]>;
  buffers: Record<string, number[]>;
  loss_after: number;
}

const cases: Case[] = JSON.parse(readFileSync(new URL("../../../test/fixtures/resnet.json", import.meta.url), "utf8"));

function expectNear(got: ArrayLike<number>, wanted: readonly number[], tolerance: number, what: string): void {
  expect(got.length, what).toBe(wanted.length);
  const largest = Math.max(1, ...wanted.map(Math.abs));
  wanted.forEach((value, i) => {
    expect(Math.abs(got[i] - value), `${what}[${i}]`).toBeLessThanOrEqual(tolerance * largest);
  });
}

describe.each(cases.map((given) => [String(given.model.resnet.shortcut), given] as const))(
  "shortcuts: %s",
  (_, given) => {
    const { entry, params } = choose("model", zoo.models, given.model);
    const model = buildModel(entry, params, given.shape, given.classes);

    it("has the reference's tensors", () => {
      const sizes = (tensors: Record<string, { shape: readonly number[] }>) =>
        Object.fromEntries(
          Object.entries(tensors).map(([name, { shape }]) => [name, shape.reduce((n, s) => n * s, 1)]),
        );
      const lengths = (tensors: Record<string, number[]>) =>
        Object.fromEntries(Object.entries(tensors).map(([name, values]) => [name, values.length]));
      expect(sizes(model.parameters)).toEqual(lengths(given.parameters));
      expect(sizes(model.buffers)).toEqual(lengths(given.buffers));
    });

    it("gives the reference's logits, gradients and running statistics in float64", () => {
      const tensors = Object.fromEntries(
        Object.entries({ ...model.parameters, ...model.buffers }).map(([name, { shape }]) => [
          name,
          input(name, shape),
        ]),
      );
      const x = input("x", [given.y.length, ...given.shape]);
      const { logits, buffers } = model.forward(x, tensors, { training: true, activation: relu });
      const names = Object.keys(model.parameters);
      const { gradLogits } = evaluateLoss("ce", { logits: rowsOf(given.logits, given.classes), targets: given.y });
      const pulled = sum(mul(logits, input("gradLogits", logits.shape)));
      const outputs: [string, Expr, number[]][] = [
        ["logits", logits, given.logits],
        ...grad(
          pulled,
          names.map((name) => tensors[name]),
        ).map((g, i): [string, Expr, number[]] => [`gradient of ${names[i]}`, g, given.gradients[names[i]]]),
        ...Object.entries(given.buffers).map(([name, values]): [string, Expr, number[]] => [
          name,
          buffers[name],
          values,
        ]),
      ];
      const begin = Object.fromEntries(
        Object.keys(model.buffers).map((name) => [name, model.initial(name, 0, params)]),
      );
      const got = evaluate(
        outputs.map(([, y]) => y),
        { x: given.x, gradLogits: gradLogits.flat(), ...given.parameters, ...begin },
      );
      outputs.forEach(([what, , wanted], i) => {
        expectNear(got[i], wanted, 1e-9, what);
      });
    });

    it("makes the reference's step of training in the runtime", async () => {
      const got = await replayTraining(nodeBackend(), {
        model: given.model,
        activation: "relu",
        loss: "ce",
        optimizer: { sgd: { learningRate: given.rate } },
        shape: given.shape,
        classes: given.classes,
        inputs: given.x,
        targets: given.y,
        batches: [given.y.map((_, i) => i)],
        parameters: given.parameters,
      });
      expectNear(got.losses, [given.loss], 1e-5, "loss");
      expectNear([got.final.loss], [given.loss_after], 1e-5, "loss after the step, by the running statistics");
      for (const [name, before] of Object.entries(given.parameters)) {
        const wanted = before.map((value, i) => value - given.rate * given.gradients[name][i]);
        expectNear(got.parameters[name], wanted, 1e-5, name);
      }
    });
  },
);

function rowsOf(flat: readonly number[], width: number): number[][] {
  return Array.from({ length: flat.length / width }, (_, i) => flat.slice(i * width, (i + 1) * width));
}

it("is refused at depths that leave blocks over", () => {
  expect(() => choose("model", zoo.models, { resnet: 9 })).toThrow(
    "model.resnet.depth: must be 6n + 2, such as 8, 14, 20, 32, got 9",
  );
});

it("has the 0.27 million parameters that the paper counts at depth 20", () => {
  const { entry, params } = choose("model", zoo.models, { resnet: 20 });
  const { parameters } = buildModel(entry, params, [3, 32, 32], 10);
  const count = Object.values(parameters).reduce((total, { shape }) => total + shape.reduce((n, s) => n * s, 1), 0);
  expect(count).toBe(269_722);
});
