import { describe, expect, it } from "vitest";
import { nodeBackend } from "../run/node-backend.ts";
import { random } from "../util/random.ts";
import { type ReplayInput, replayTraining } from "./replay.ts";

const stream = random(3, "replay");
const numbers = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => stream.normal(from + i));
const given: ReplayInput = {
  model: { mlp: [5] },
  activation: "tanh",
  loss: "ce",
  optimizer: { adam: 0.1 },
  shape: [4],
  classes: 3,
  inputs: numbers(0, 36),
  targets: [0, 1, 2, 2, 1, 0, 1, 1, 2],
  batches: [
    [0, 1, 2],
    [3, 4, 5],
    [6, 7, 8],
  ],
  parameters: {
    "dense1.weight": numbers(100, 20),
    "dense1.bias": numbers(200, 5),
    "dense2.weight": numbers(300, 15),
    "dense2.bias": numbers(400, 3),
  },
};
const replay = (own: Partial<ReplayInput>) => replayTraining(nodeBackend(), { ...given, ...own });

describe("an average of the weights", () => {
  it("changes no step of training, and is what is evaluated", async () => {
    const [plain, averaged] = [await replay({}), await replay({ ema: 0.9 })];
    expect(averaged.losses).toEqual(plain.losses);
    expect(averaged.parameters).toEqual(plain.parameters);

    // The first steps are averaged evenly.
    const after = await Promise.all([1, 2, 3].map((steps) => replay({ batches: given.batches.slice(0, steps) })));
    const mean = Object.fromEntries(
      Object.keys(given.parameters).map((name) => {
        const all = after.map(({ parameters }) => parameters[name]);
        return [name, Array.from(all[0], (_, i) => all.reduce((sum, values) => sum + values[i] / 3, 0))];
      }),
    );
    const still = await replay({ parameters: mean, optimizer: { sgd: 1e-30 } });
    expect(averaged.final.loss).toBeCloseTo(still.final.loss, 5);
    expect(averaged.final.loss).not.toBeCloseTo(plain.final.loss, 3);
  });
});

describe("clipping", () => {
  it("by value bounds each number of it", async () => {
    const { parameters } = await replay({
      optimizer: { sgd: 2 },
      clip: { value: 0.01 },
      batches: given.batches.slice(0, 1),
    });
    const moves = Object.entries(given.parameters).flatMap(([name, before]) =>
      before.map((value, i) => Math.abs(parameters[name][i] - value)),
    );
    expect(Math.max(...moves)).toBeCloseTo(2 * 0.01, 5);
  });
});
