import { expect, it } from "vitest";
import { replayOptimizer } from "../../library/plain.ts";

it("is the paper's algorithm 2, line by line", () => {
  const [learningRate, beta1, beta2, weightDecay] = [0.1, 0.9, 0.99, 0.2];
  const gradients = [3, -1, 0.5, -20, -20, 0];
  let theta = 1.5;
  let m = 0;
  const path = gradients.map((g) => {
    const c = beta1 * m + (1 - beta1) * g;
    theta -= learningRate * (Math.sign(c) + weightDecay * theta);
    m = beta2 * m + (1 - beta2) * g;
    return theta;
  });
  const spec = { lion: { learningRate, beta1, beta2, weightDecay } };
  replayOptimizer(
    spec,
    [1.5],
    gradients.map((g) => [g]),
  ).forEach(([got], t) => {
    expect(got).toBeCloseTo(path[t], 14);
  });
});
